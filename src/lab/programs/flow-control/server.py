"""A slow reader: the client has to wait for it. Usage: server.py [ADDRESS [PORT]]"""
import socket
import sys
import time

address = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
port = int(sys.argv[2]) if len(sys.argv) > 2 else 7

listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)  #~ socket
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  #~ setsockopt(SO_REUSEADDR)
# A small receive buffer, so that it is soon full. Connections inherit it.
listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)  #~ setsockopt(SO_RCVBUF)
listener.bind((address, port))  #~ bind
listener.listen()  #~ listen
conn, peer = listener.accept()  #~ accept

time.sleep(1)  # nobody reads: the window shrinks to 0, and the client's kernel asks again and again
total = 0
while data := conn.recv(65536):  # each read makes room, and the window opens  #~ read
    total += len(data)
print(total, "bytes")
conn.close()  #~ close(connection)
listener.close()  #~ close(listener)
