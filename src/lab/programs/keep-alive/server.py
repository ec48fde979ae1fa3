"""Answers each ping, and otherwise keeps quiet. Usage: server.py [ADDRESS [PORT]]"""
import socket
import sys

address = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
port = int(sys.argv[2]) if len(sys.argv) > 2 else 7

listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)  #~ socket
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  #~ setsockopt
listener.bind((address, port))  #~ bind
listener.listen()  #~ listen
conn, peer = listener.accept()  #~ accept
# TCP's keep-alive is answered by the kernel: this program does not wake up for it.
while data := conn.recv(65536):  #~ read
    if data == b"ping\n":
        conn.sendall(b"pong\n")  #~ write
conn.close()  #~ close(connection)
listener.close()  #~ close(listener)
