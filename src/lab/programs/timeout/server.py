"""A server that never accepts: its queue is soon full. Usage: server.py [ADDRESS [PORT]]"""
import signal
import socket
import sys

address = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
port = int(sys.argv[2]) if len(sys.argv) > 2 else 7

listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)  #~ socket
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  #~ setsockopt
listener.bind((address, port))  #~ bind
# A queue of 0 still holds one connection; while it is full, the kernel ignores every SYN.
listener.listen(0)  #~ listen

signal.pause()  # no accept: it waits until it is stopped  #~ close
