"""One host, two services: the port decides. Usage: server.py [ADDRESS [WEB [MAIL]]]"""
import socket
import sys
import threading

address = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
web_port = int(sys.argv[2]) if len(sys.argv) > 2 else 80
mail_port = int(sys.argv[3]) if len(sys.argv) > 3 else 25


def listen(port):
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)  #~ socket
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  #~ setsockopt
    listener.bind((address, port))  #~ bind
    listener.listen()  #~ listen
    return listener


def web(listener):
    """The client speaks first: a request, then the answer."""
    conn, peer = listener.accept()  #~ accept(80)
    conn.recv(65536)  #~ read(80)
    body = "<h1>web</h1>\n"
    fields = f"Content-Length: {len(body)}\r\nConnection: close\r\n"
    conn.sendall(f"HTTP/1.1 200 OK\r\n{fields}\r\n{body}".encode())  #~ write(80)
    conn.close()  #~ close(80)


def mail(listener):
    """The server speaks first; then a line is answered with a number and a line."""
    conn, peer = listener.accept()  #~ accept
    conn.sendall(b"220 mail.example.com ESMTP\r\n")  #~ write(1)
    answers = {b"DATA": b"354 end with a line of one dot", b"QUIT": b"221 bye"}
    in_mail = False
    for line in conn.makefile("rb"):  #~ read
        verb = line.split()[0].upper() if line.strip() else b""
        if in_mail and line != b".\r\n":
            continue  # a line of the mail itself
        in_mail = verb == b"DATA"
        conn.sendall(answers.get(verb, b"250 ok") + b"\r\n")  #~ write
        if verb == b"QUIT":
            break
    conn.close()  #~ close(connection)


listeners = listen(web_port), listen(mail_port)
threads = [threading.Thread(target=f, args=(l,)) for f, l in zip((web, mail), listeners)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
for listener in listeners:
    listener.close()  #~ close(listener)
