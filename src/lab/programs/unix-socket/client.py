"""Echo over a Unix socket: a path instead of address and port. Usage: client.py [PATH]"""
import socket
import sys

path = sys.argv[1] if len(sys.argv) > 1 else "/tmp/osiscope-echo.sock"
line = b"hello, osiscope\n"

conn = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)  #~ socket
conn.connect(path)  #~ connect
for _ in range(3):
    conn.sendall(line)  #~ write
    echo = b""
    while len(echo) < len(line):  # a stream, as with TCP
        echo += conn.recv(65536)  #~ read
    print(echo.decode(), end="")
conn.shutdown(socket.SHUT_WR)  #~ shutdown
conn.recv(1)  # 0 bytes: the server has closed  #~ read(end)
conn.close()  #~ close
