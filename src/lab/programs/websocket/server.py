"""WebSocket server by hand (RFC 6455). Usage: server.py [ADDRESS [PORT]]"""
import base64
import hashlib
import socket
import sys

TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA
address = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
port = int(sys.argv[2]) if len(sys.argv) > 2 else 80

listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)  #~ socket
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  #~ setsockopt
listener.bind((address, port))  #~ bind
listener.listen()  #~ listen
conn, peer = listener.accept()  #~ accept
stream = conn.makefile("rb")  # reads from the connection until it has what is asked for

# It begins as HTTP: the head of a GET with a random key.
head = b""
while not head.endswith(b"\r\n\r\n"):
    head += stream.readline()  #~ read(1)
key = next(line[19:].strip() for line in head.split(b"\r\n")
           if line.lower().startswith(b"sec-websocket-key: "))
# The proof that this server speaks WebSocket: the key and a fixed text, hashed.
digest = hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest()
conn.sendall(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
             b"Sec-WebSocket-Accept: " + base64.b64encode(digest) + b"\r\n\r\n")  #~ write(1)

while True:
    # From here on: frames. The client's are masked: each byte XOR one of four key bytes.
    first, second = stream.read(2)  #~ read
    opcode, length = first & 0x0F, second & 0x7F
    if length == 126:
        length = int.from_bytes(stream.read(2), "big")
    mask = stream.read(4)
    data = bytes(b ^ mask[i % 4] for i, b in enumerate(stream.read(length)))
    if opcode == PING:
        conn.sendall(bytes([0x80 | PONG, len(data)]) + data)
    elif opcode == TEXT:
        size = [len(data)] if len(data) < 126 else [126, *len(data).to_bytes(2, "big")]
        conn.sendall(bytes([0x80 | TEXT, *size]) + data)  #~ write
    elif opcode == CLOSE:
        conn.sendall(bytes([0x80 | CLOSE, len(data)]) + data)  #~ write(last)
        break

conn.shutdown(socket.SHUT_WR)  # the server ends the TCP connection first  #~ shutdown
stream.read(1)  #~ read(end)
stream.close()
conn.close()  #~ close(connection)
listener.close()  #~ close(listener)
