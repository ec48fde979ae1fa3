"""Talks to a server that breaks off. Usage: client.py [ADDRESS [PORT]]"""
import errno
import socket
import sys

address = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
port = int(sys.argv[2]) if len(sys.argv) > 2 else 7

conn = socket.socket(socket.AF_INET, socket.SOCK_STREAM)  #~ socket
conn.connect((address, port))  #~ connect
conn.sendall(b"hello, osiscope\n")  #~ write
try:
    conn.recv(65536)  # told of the RST  #~ read
except OSError as e:
    print("recv:", errno.errorcode[e.errno], e.strerror)  # ECONNRESET, once only
try:
    conn.sendall(b"still there?\n")  # nothing is sent any more  #~ write(failed)
except OSError as e:
    print("send:", errno.errorcode[e.errno], e.strerror)  # EPIPE
conn.close()  #~ close
