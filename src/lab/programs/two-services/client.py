"""Fetches a page and sends a mail, both at one address. Usage: client.py [ADDRESS [WEB [MAIL]]]"""
import socket
import sys

address = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
web_port = int(sys.argv[2]) if len(sys.argv) > 2 else 80
mail_port = int(sys.argv[3]) if len(sys.argv) > 3 else 25


def connect(port):
    conn = socket.socket(socket.AF_INET, socket.SOCK_STREAM)  #~ socket
    conn.connect((address, port))  # the same address: only the port differs  #~ connect
    return conn


conn = connect(web_port)
conn.sendall(f"GET / HTTP/1.1\r\nHost: {address}\r\n\r\n".encode())  #~ write(80)
while piece := conn.recv(65536):  #~ read(80)
    print(piece.decode(), end="")
conn.close()  #~ close(80)

conn = connect(mail_port)
lines = conn.makefile("r", newline="\n")
print(lines.readline().strip())  # here the server speaks first
for command in [
    "HELO taro-pc.example.com",
    "MAIL FROM:<taro@example.com>",
    "RCPT TO:<hanako@example.com>",
    "DATA",
    "Subject: ports\r\n\r\nHello over port 25.\r\n.",
    "QUIT",
]:
    conn.sendall(command.encode() + b"\r\n")  #~ write
    print(command.split("\r\n")[0], "→", lines.readline().strip())  #~ read
lines.close()
conn.close()  #~ close
