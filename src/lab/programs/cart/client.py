"""Two browsers with a cart each, and one without cookies. Usage: client.py [ADDRESS [PORT]]"""
import re
import socket
import sys

address = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
port = int(sys.argv[2]) if len(sys.argv) > 2 else 80


def get(path, cookie=""):
    """Asks for a path; gives the cookie to send the next time."""
    conn = socket.socket(socket.AF_INET, socket.SOCK_STREAM)  #~ socket
    conn.connect((address, port))  #~ connect
    field = f"Cookie: {cookie}\r\n" if cookie else ""
    conn.sendall(f"GET {path} HTTP/1.1\r\nHost: {address}\r\n{field}\r\n".encode())  #~ write
    answer = b""
    while piece := conn.recv(65536):  #~ read
        answer += piece
    conn.close()  #~ close
    head, _, body = answer.decode().partition("\r\n\r\n")
    print(f"{path} [{cookie or 'no cookie'}] → {body}", end="")
    found = re.search(r"Set-Cookie: (session=\d+)", head)
    return found[1] if found else cookie


hanako = get("/add/apple")
taro = get("/add/tea")
get("/add/pear", hanako)
get("/cart", hanako)
get("/cart", taro)
get("/cart")  # without the cookie the server has never seen us
