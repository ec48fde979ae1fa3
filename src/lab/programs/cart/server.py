"""A shop that knows its visitors by a cookie. Usage: server.py [ADDRESS [PORT]]"""
import re
import socket
import sys

address = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
port = int(sys.argv[2]) if len(sys.argv) > 2 else 80
carts = {}  # the state lives here, in the server; the cookie only says which cart is meant


def handler(request):
    """HTTP itself forgets: each request must say again who asks."""
    found = re.search(r"^Cookie:.*session=(\d+)", request, re.MULTILINE | re.IGNORECASE)
    session, fields = found and found[1], ""
    if session not in carts:
        session = str(len(carts) + 1)  # a real shop takes a number that nobody can guess
        carts[session] = []
        fields = f"Set-Cookie: session={session}; Path=/; HttpOnly\r\n"
    path = request.split(" ")[1]
    if path.startswith("/add/"):
        carts[session].append(path[5:])
    return fields, f"cart {session}: {', '.join(carts[session]) or 'empty'}\n"  #~ handler


listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)  #~ socket
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  #~ setsockopt
listener.bind((address, port))  #~ bind
listener.listen()  #~ listen
while True:  # one connection for each request, until it is stopped  #~ close(listener)
    conn, peer = listener.accept()  #~ accept
    fields, body = handler(conn.recv(65536).decode())  #~ read
    fields += f"Content-Length: {len(body)}\r\nConnection: close\r\n"
    conn.sendall(f"HTTP/1.1 200 OK\r\n{fields}\r\n{body}".encode())  #~ write
    conn.close()  #~ close(connection)
