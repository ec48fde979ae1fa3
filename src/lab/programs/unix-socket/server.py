"""Echo over a Unix socket: a path instead of address and port. Usage: server.py [PATH]"""
import os
import socket
import sys

path = sys.argv[1] if len(sys.argv) > 1 else "/tmp/osiscope-echo.sock"

if os.path.exists(path):  # left behind by an earlier server: bind would fail with EADDRINUSE
    os.unlink(path)
listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)  #~ socket
listener.bind(path)  # makes a file of the kind "socket"  #~ bind
listener.listen()  #~ listen
conn, peer = listener.accept()  #~ accept
while data := conn.recv(65536):  #~ read
    conn.sendall(data)  # no packet: the kernel copies it to the other process  #~ write
conn.close()  #~ close(connection)
listener.close()  #~ close(listener)
os.unlink(path)  # close alone leaves the file  #~ unlink
