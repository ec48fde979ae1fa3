"""Echoes over TCP and over UDP, on one port number. Usage: server.py [ADDRESS [PORT]]"""
import socket
import sys

address = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
port = int(sys.argv[2]) if len(sys.argv) > 2 else 7

# Port 7 of TCP and port 7 of UDP are two different ports.
letters = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)  #~ socket(DGRAM)
letters.bind((address, port))  #~ bind
listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)  #~ socket
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  #~ setsockopt
listener.bind((address, port))
listener.listen()  #~ listen

# The telephone: one connection, in which bytes arrive in order or not at all.
conn, peer = listener.accept()  #~ accept
while data := conn.recv(65536):  #~ read
    conn.sendall(data)  #~ write
conn.close()  #~ close(connection)
listener.close()  #~ close(listener)

# The letter: each datagram comes alone, and nobody says that there will be no more.
while True:
    data, peer = letters.recvfrom(65507)  #~ recvfrom
    letters.sendto(data, peer)  #~ sendto
