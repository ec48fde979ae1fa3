// Echoes over TCP and over UDP, on one port number. Usage: server [ADDRESS [PORT]]
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
    int port = argc > 2 ? atoi(argv[2]) : 7, on = 1;
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port)}, peer;
    inet_pton(AF_INET, argc > 1 ? argv[1] : "127.0.0.1", &at.sin_addr);
    // Port 7 of TCP and port 7 of UDP are two different ports.
    int letters = socket(AF_INET, SOCK_DGRAM, 0); //~ socket(DGRAM)
    int listener = socket(AF_INET, SOCK_STREAM, 0); //~ socket
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on); //~ setsockopt
    if (bind(letters, (struct sockaddr *)&at, sizeof at) < 0 ||
        bind(listener, (struct sockaddr *)&at, sizeof at) < 0) { //~ bind
        perror("bind");
        return 1;
    }
    listen(listener, 128); //~ listen

    // The telephone: one connection, in which bytes arrive in order or not at all.
    int conn = accept(listener, NULL, NULL); //~ accept
    static char buffer[65507];
    ssize_t n;
    while ((n = read(conn, buffer, sizeof buffer)) > 0) //~ read
        write(conn, buffer, n); //~ write
    close(conn); //~ close(connection)
    close(listener); //~ close(listener)

    // The letter: each datagram comes alone, and nobody says that there will be no more.
    for (;;) {
        socklen_t length = sizeof peer;
        n = recvfrom(letters, buffer, sizeof buffer, 0, (struct sockaddr *)&peer, &length); //~ recvfrom
        if (n >= 0)
            sendto(letters, buffer, n, 0, (struct sockaddr *)&peer, length); //~ sendto
    }
}
