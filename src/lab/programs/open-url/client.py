"""What happens when you type a URL. Usage: client.py [RESOLVER [DNS [WEB]]]"""
import os
import socket
import sys
import time

resolver = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
dns_port = int(sys.argv[2]) if len(sys.argv) > 2 else 53
web_port = int(sys.argv[3]) if len(sys.argv) > 3 else 80
name = "www.osiscope.example"
began = time.monotonic()


def step(what):
    print(f"{(time.monotonic() - began) * 1000:7.2f} ms  {what}")


# 1. DNS: which address has the name? A header, the name in pieces with their lengths,
# type A, class IN. (socket.gethostbyname would do this, with the resolver of the system.)
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)  #~ socket(DGRAM)
sock.settimeout(2)
pieces = b"".join(bytes([len(p)]) + p.encode() for p in name.split("."))
number = os.urandom(2)  # tells our answer from others
question = number + b"\x01\0\0\x01\0\0\0\0\0\0" + pieces + b"\0\0\x01\0\x01"
sock.sendto(question, (resolver, dns_port))  #~ sendto
answer, _ = sock.recvfrom(512)  #~ recvfrom
sock.close()  #~ close(53)
assert answer[:2] == number
address = socket.inet_ntoa(answer[-4:])  # here the only record is the last one
step(f"{name} is {address}")

# 2. TCP: a connection to that address.
conn = socket.socket(socket.AF_INET, socket.SOCK_STREAM)  #~ socket
conn.connect((address, web_port))  #~ connect
step("connected")

# 3. HTTP: the request names the host again, for one address may serve many.
conn.sendall(f"GET /hello?lang=ja HTTP/1.1\r\nHost: {name}\r\n\r\n".encode())  #~ write
page = b""
while piece := conn.recv(65536):  #~ read
    page += piece
step(page.decode().split("\r\n")[0])

# 4. Both sides have said FIN.
conn.close()  #~ close
step("closed")
