"""A name server and a web server at one address. Usage: server.py [ADDRESS [DNS [WEB]]]"""
import socket
import sys
import threading

address = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
dns_port = int(sys.argv[2]) if len(sys.argv) > 2 else 53
web_port = int(sys.argv[3]) if len(sys.argv) > 3 else 80


def names(sock):
    """Answers every question with our own address (RFC 1035)."""
    while True:
        question, peer = sock.recvfrom(512)  #~ recvfrom
        # The same number; flags "answer"; 1 question, 1 answer; the question again; then the
        # record: name as at byte 12, type A, class IN, good for 60 seconds, 4 bytes of address.
        record = b"\xc0\x0c\0\x01\0\x01\0\0\0\x3c\0\x04" + socket.inet_aton(address)
        header = question[:2] + b"\x81\x80\0\x01\0\x01\0\0\0\0"
        sock.sendto(header + question[12:] + record, peer)  #~ sendto


sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)  #~ socket(DGRAM)
sock.bind((address, dns_port))  #~ bind
listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)  #~ socket
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  #~ setsockopt
listener.bind((address, web_port))  #~ bind(80)
listener.listen()  #~ listen
threading.Thread(target=names, args=(sock,), daemon=True).start()

conn, peer = listener.accept()  #~ accept
conn.recv(65536)  #~ read
body = "<h1>Hello</h1>\n"
fields = f"Content-Type: text/html\r\nContent-Length: {len(body)}\r\nConnection: close\r\n"
conn.sendall(f"HTTP/1.1 200 OK\r\n{fields}\r\n{body}".encode())  #~ write
conn.close()  #~ close(connection)
listener.close()  #~ close(listener)
