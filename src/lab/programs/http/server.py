"""HTTP/1.1 server by hand: shows that HTTP is text over TCP. Usage: server.py [ADDRESS [PORT]]"""
import json
import socket
import sys


def handler(method, path):
    """Gives the status and the body for one request."""
    if (method, path) == ("GET", "/users/1"):
        return "200 OK", {"id": 1, "name": "Osaka Taro"}  #~ handler
    return "404 Not Found", {"error": f"there is nothing at {path}"}


address = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
port = int(sys.argv[2]) if len(sys.argv) > 2 else 80

listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)  #~ socket
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  #~ setsockopt
listener.bind((address, port))  #~ bind
listener.listen()  #~ listen
conn, peer = listener.accept()  #~ accept

received = b""
while True:
    # A head ends with an empty line; it may come in pieces, and the next one may come with it.
    while b"\r\n\r\n" not in received:
        piece = conn.recv(65536)  #~ read
        if not piece:  # the client asks for nothing more  #~ read(end)
            conn.close()  #~ close(connection)
            listener.close()  #~ close(listener)
            sys.exit()
        received += piece
    head, _, received = received.partition(b"\r\n\r\n")
    method, path, version = head.decode().split("\r\n")[0].split(" ")
    status, answer = handler(method, path)
    body = json.dumps(answer).encode()
    # Content-Length says where the next response begins: the connection stays open.
    fields = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    conn.sendall(f"HTTP/1.1 {status}\r\n{fields}\r\n".encode() + body)  #~ write
