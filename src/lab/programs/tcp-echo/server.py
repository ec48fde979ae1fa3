"""TCP echo server: sends back every byte it gets. Usage: server.py [ADDRESS [PORT]]"""
import socket
import sys

address = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
port = int(sys.argv[2]) if len(sys.argv) > 2 else 7

listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)  #~ socket
# Otherwise the port stays taken for a minute after a server that closed first.
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  #~ setsockopt
listener.bind((address, port))  #~ bind
listener.listen()  #~ listen

# One client is enough here; a real server would loop around accept.
conn, peer = listener.accept()  #~ accept
while True:
    data = conn.recv(65536)  #~ read
    if not data:  # 0 bytes: the client has said FIN  #~ read(end)
        break
    conn.sendall(data)  #~ write

conn.close()  #~ close(connection)
listener.close()  #~ close(listener)
