"""Chat over plain TCP: what one client says goes to all. Usage: server.py [ADDRESS [PORT]]"""
import select
import socket
import sys

address = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
port = int(sys.argv[2]) if len(sys.argv) > 2 else 7000

listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)  #~ socket
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  #~ setsockopt
listener.bind((address, port))  #~ bind
listener.listen()  #~ listen

clients = []
while True:
    # Waits until somebody comes, or somebody says something.
    ready, _, _ = select.select([listener, *clients], [], [])
    for sock in ready:
        if sock is listener:
            conn, peer = listener.accept()  #~ accept
            conn.sendall(b"welcome\n")  # here the server speaks first  #~ write(1)
            clients.append(conn)
            continue
        said = sock.recv(65536)  #~ read
        if said:
            for client in clients:
                client.sendall(said)  #~ write
        else:  # this one has gone  #~ read(end)
            clients.remove(sock)
            sock.close()  #~ close(connection)
            if not clients:  # the last one
                listener.close()  #~ close(listener)
                sys.exit()
