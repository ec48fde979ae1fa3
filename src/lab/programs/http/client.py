"""HTTP/1.1 client by hand: two requests over one connection. Usage: client.py [ADDRESS [PORT]]"""
import socket
import sys

address = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
port = int(sys.argv[2]) if len(sys.argv) > 2 else 80

conn = socket.socket(socket.AF_INET, socket.SOCK_STREAM)  #~ socket
conn.connect((address, port))  #~ connect

received = b""
for _ in range(2):
    request = f"GET /users/1 HTTP/1.1\r\nHost: {address}\r\nAccept: */*\r\n\r\n"
    conn.sendall(request.encode())  #~ write
    while b"\r\n\r\n" not in received:  # the head ends with an empty line
        received += conn.recv(65536)  #~ read
    head, _, received = received.partition(b"\r\n\r\n")
    print(head.decode().split("\r\n")[0])
    # The body is as long as Content-Length says: nothing else marks its end.
    fields = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
    length = int(next(v for k, v in fields.items() if k.lower() == "content-length"))
    while len(received) < length:
        received += conn.recv(65536)
    body, received = received[:length], received[length:]
    print(body.decode())

conn.close()  #~ close
