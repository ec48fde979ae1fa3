"""Makes, reads, changes and deletes a user. Usage: client.py [ADDRESS [PORT]]"""
import socket
import sys

address = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
port = int(sys.argv[2]) if len(sys.argv) > 2 else 80


def ask(method, path, body=""):
    conn = socket.socket(socket.AF_INET, socket.SOCK_STREAM)  #~ socket
    conn.connect((address, port))  #~ connect
    fields = f"Host: {address}\r\n"
    if body:
        fields += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    conn.sendall(f"{method} {path} HTTP/1.1\r\n{fields}\r\n{body}".encode())  #~ write
    answer = b""
    while piece := conn.recv(65536):  #~ read
        answer += piece
    conn.close()  #~ close
    head, _, body = answer.decode().partition("\r\n\r\n")
    print(f"{method} {path} → {head[9:12]} {body}", end="")


ask("GET", "/users/1")
ask("POST", "/users", '{"name": "Hanako"}')
ask("PUT", "/users/2", '{"name": "Hanako Osaka"}')
ask("GET", "/users/2")  # this URL can be kept as a bookmark: it says all
ask("DELETE", "/users/2")
ask("GET", "/users/2")
