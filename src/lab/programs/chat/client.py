"""Chat over plain TCP: two people in one program. Usage: client.py [ADDRESS [PORT]]"""
import socket
import sys

address = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
port = int(sys.argv[2]) if len(sys.argv) > 2 else 7000


def join():
    conn = socket.socket(socket.AF_INET, socket.SOCK_STREAM)  #~ socket
    conn.connect((address, port))  #~ connect
    print("server:", conn.recv(65536).decode().strip())  # it speaks first  #~ read(1)
    return conn


people = {"hanako": join(), "taro": join()}
for name, conn in people.items():
    conn.sendall(f"{name}: hello\n".encode())  #~ write
    for listener, other in people.items():
        # Everybody gets it, also the one who said it.
        print(f"to {listener}:", other.recv(65536).decode().strip())  #~ read
for conn in people.values():
    conn.close()  #~ close
