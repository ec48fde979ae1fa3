"""Connects until nobody answers any more. Usage: client.py [ADDRESS [PORT]]"""
import socket
import sys
import time

address = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
port = int(sys.argv[2]) if len(sys.argv) > 2 else 7

opened = []
for n in range(1, 6):
    conn = socket.socket(socket.AF_INET, socket.SOCK_STREAM)  #~ socket
    opened.append(conn)
    # Without this the kernel sends its SYN again and again for two minutes.
    conn.settimeout(3)
    began = time.monotonic()
    try:
        conn.connect((address, port))  #~ connect
        print(f"connection {n} stands, though nobody has accepted it")
    except TimeoutError:
        print(f"connection {n}: no answer in {time.monotonic() - began:.1f} s")  #~ connect(failed)
        break
for conn in opened:
    conn.close()  #~ close
