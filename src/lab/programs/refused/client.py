"""Connects to a port where nobody listens. Usage: client.py [ADDRESS [PORT]]"""
import errno
import socket
import sys

address = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
port = int(sys.argv[2]) if len(sys.argv) > 2 else 9

conn = socket.socket(socket.AF_INET, socket.SOCK_STREAM)  #~ socket
try:
    # The kernel over there answers our SYN with RST: no program is asked.
    conn.connect((address, port))  #~ connect
except OSError as e:
    print(errno.errorcode[e.errno], e.strerror)
conn.close()  #~ close
