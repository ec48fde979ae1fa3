"""UDP echo server: sends back every datagram. Usage: server.py [ADDRESS [PORT]]"""
import socket
import sys

address = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
port = int(sys.argv[2]) if len(sys.argv) > 2 else 7

sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)  #~ socket
sock.bind((address, port))  # no listen, no accept: there are no connections  #~ bind

# Nothing tells a UDP server that its client has gone: it loops until it is stopped.
while True:
    data, peer = sock.recvfrom(65507)  #~ recvfrom
    sock.sendto(data, peer)  #~ sendto
# Whoever stops the program closes its socket.  #~ close
