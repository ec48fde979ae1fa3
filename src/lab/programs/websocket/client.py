"""WebSocket client by hand (RFC 6455). Usage: client.py [ADDRESS [PORT]]"""
import base64
import os
import socket
import sys

TEXT, CLOSE, PING = 0x1, 0x8, 0x9
address = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
port = int(sys.argv[2]) if len(sys.argv) > 2 else 80


def frame(opcode, data):
    """Header, mask, masked data: only what a client sends is masked."""
    mask = os.urandom(4)
    masked = bytes(b ^ mask[i % 4] for i, b in enumerate(data))
    return bytes([0x80 | opcode, 0x80 | len(data)]) + mask + masked


conn = socket.socket(socket.AF_INET, socket.SOCK_STREAM)  #~ socket
conn.connect((address, port))  #~ connect
stream = conn.makefile("rb")  # reads from the connection until it has what is asked for


def receive():
    first, length = stream.read(2)  #~ read
    return first & 0x0F, stream.read(length)


key = base64.b64encode(os.urandom(16)).decode()
conn.sendall(f"GET /chat HTTP/1.1\r\nHost: {address}\r\n"
             f"Upgrade: websocket\r\nConnection: Upgrade\r\n"
             f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode())  #~ write(1)
while (line := stream.readline()) not in (b"\r\n", b""):  #~ read(1)
    print(line.decode().rstrip())

for n in range(1, 4):
    conn.sendall(frame(TEXT, f'{{"n": {n}, "text": "hello"}}'.encode()))  #~ write
    print(receive()[1].decode())
conn.sendall(frame(PING, b"osiscope"))
print("pong", receive()[1].decode())

conn.sendall(frame(CLOSE, (1000).to_bytes(2, "big") + b"bye"))  #~ write(last)
print("close", receive()[1][2:].decode())
stream.read(1)  # 0 bytes: the server has closed TCP  #~ read(end)
stream.close()
conn.close()  #~ close
