"""Sends the same messages over TCP, then over UDP. Usage: client.py [ADDRESS [PORT]]"""
import socket
import sys
import time

address = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
port = int(sys.argv[2]) if len(sys.argv) > 2 else 7
messages = [f"message {n:2}\n".encode() for n in range(1, 11)]

began = time.monotonic()
conn = socket.socket(socket.AF_INET, socket.SOCK_STREAM)  #~ socket
conn.connect((address, port))  #~ connect
for message in messages:
    conn.sendall(message)  #~ write
    conn.recv(len(message), socket.MSG_WAITALL)  #~ read
conn.close()  #~ close
print(f"TCP: {(time.monotonic() - began) * 1000:.2f} ms")

began = time.monotonic()
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)  #~ socket(DGRAM)
sock.settimeout(1)  # a letter may get lost
for message in messages:
    sock.sendto(message, (address, port))  # no connect: each one carries its address  #~ sendto
    try:
        sock.recvfrom(65507)  #~ recvfrom
    except TimeoutError:
        print("lost:", message.decode(), end="")
sock.close()
print(f"UDP: {(time.monotonic() - began) * 1000:.2f} ms")
