"""TCP keep-alive, then a ping of the application's own. Usage: client.py [ADDRESS [PORT]]"""
import socket
import sys
import time

address = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
port = int(sys.argv[2]) if len(sys.argv) > 2 else 7

conn = socket.socket(socket.AF_INET, socket.SOCK_STREAM)  #~ socket
conn.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)  #~ setsockopt(SO_KEEPALIVE)
# First probe after 1 second of silence, then one each second (the usual first is after 2 hours).
conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 1)  #~ setsockopt(TCP_KEEPIDLE)
conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 1)  #~ setsockopt(TCP_KEEPINTVL)
conn.connect((address, port))  #~ connect

time.sleep(2.5)  # the kernels talk, no program does

# A ping of our own also proves that the program over there still works.
conn.sendall(b"ping\n")  #~ write
print(conn.recv(65536).decode(), end="")  #~ read
conn.close()  #~ close
