"""TCP echo client: says the same line three times. Usage: client.py [ADDRESS [PORT]]"""
import socket
import sys

address = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
port = int(sys.argv[2]) if len(sys.argv) > 2 else 7
line = b"hello, osiscope\n"

conn = socket.socket(socket.AF_INET, socket.SOCK_STREAM)  #~ socket
conn.connect((address, port))  #~ connect

for _ in range(3):
    conn.sendall(line)  #~ write
    # TCP has no messages: one recv may bring only a part of the line.
    echo = b""
    while len(echo) < len(line):
        piece = conn.recv(65536)  #~ read
        if not piece:
            sys.exit("the server closed too early")
        echo += piece
    print(echo.decode(), end="")

conn.shutdown(socket.SHUT_WR)  # FIN: nothing more to say  #~ shutdown
conn.recv(1)  # returns 0 bytes once the server's FIN is here  #~ read(end)
conn.close()  #~ close
