"""Sends a megabyte as fast as it may. Usage: client.py [ADDRESS [PORT]]"""
import socket
import sys
import time

address = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
port = int(sys.argv[2]) if len(sys.argv) > 2 else 7

conn = socket.socket(socket.AF_INET, socket.SOCK_STREAM)  #~ socket
conn.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65536)  #~ setsockopt(SO_SNDBUF)
conn.connect((address, port))  #~ connect
began = time.monotonic()
for _ in range(64):
    # Returns when the kernel has taken the bytes: once both buffers are full, it waits here.
    conn.sendall(bytes(16384))  #~ write
print(f"sent in {time.monotonic() - began:.2f} s")
conn.close()  #~ close
