"""UDP echo client: sends three datagrams. Usage: client.py [ADDRESS [PORT]]"""
import socket
import sys

address = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
port = int(sys.argv[2]) if len(sys.argv) > 2 else 7

sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)  #~ socket
# Sends nothing: the kernel only notes whom to talk to, and whose errors to report.
sock.connect((address, port))  #~ connect
sock.settimeout(1)  # UDP never says that an answer was lost: wait one second

for _ in range(3):
    sock.send(b"hello, osiscope\n")  #~ sendto
    try:
        print(sock.recv(65507).decode(), end="")  #~ recvfrom
    except ConnectionRefusedError:  # ICMP: nobody listens on that port  #~ recvfrom(failed)
        print("refused")
    except TimeoutError:
        print("no answer")
sock.close()  #~ close
