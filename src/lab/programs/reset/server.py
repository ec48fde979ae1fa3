"""A server that breaks off instead of saying goodbye. Usage: server.py [ADDRESS [PORT]]"""
import socket
import struct
import sys

address = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
port = int(sys.argv[2]) if len(sys.argv) > 2 else 7

listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)  #~ socket
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  #~ setsockopt(SO_REUSEADDR)
listener.bind((address, port))  #~ bind
listener.listen()  #~ listen
conn, peer = listener.accept()  #~ accept
conn.recv(65536)  #~ read

# "On, for 0 seconds": close sends RST, forgets all data on its way, and leaves no TIME_WAIT.
conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  #~ setsockopt(SO_LINGER)
conn.close()  #~ close(connection)
listener.close()  #~ close(listener)
