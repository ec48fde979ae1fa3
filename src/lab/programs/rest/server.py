"""A small JSON API: the URL says what, the method what to do. Usage: server.py [ADDRESS [PORT]]"""
import json
import socket
import sys

address = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
port = int(sys.argv[2]) if len(sys.argv) > 2 else 80
users = {1: {"name": "Taro"}}


def handler(method, path, body):
    """Gives status and answer; needs nothing but the request: the connection is not asked."""
    number = int(path[7:]) if path.startswith("/users/") and path[7:].isdigit() else 0
    if (method, path) == ("POST", "/users"):
        number = max(users, default=0) + 1
        users[number] = json.loads(body)
        return "201 Created", users[number]  #~ handler
    if method == "PUT" and number:
        users[number] = json.loads(body)  # done twice it leaves the same: PUT is idempotent
        return "200 OK", users[number]
    if number not in users:
        return "404 Not Found", {"error": path}
    if method == "DELETE":
        return "200 OK", users.pop(number)
    return "200 OK", users[number]


listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)  #~ socket
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  #~ setsockopt
listener.bind((address, port))  #~ bind
listener.listen()  #~ listen
while True:  # one connection for each request, until it is stopped  #~ close(listener)
    conn, peer = listener.accept()  #~ accept
    stream = conn.makefile("rb")
    method, path, version = stream.readline().decode().split()  #~ read
    length = 0
    while line := stream.readline().strip():  # the head ends with an empty line
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    status, answer = handler(method, path, stream.read(length))
    body = json.dumps(answer) + "\n"
    fields = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    fields += "Connection: close\r\n"
    conn.sendall(f"HTTP/1.1 {status}\r\n{fields}\r\n{body}".encode())  #~ write
    stream.close()
    conn.close()  #~ close(connection)
