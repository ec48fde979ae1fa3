// UDP echo server: sends back every datagram. Usage: server [ADDRESS [PORT]]
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
    int port = argc > 2 ? atoi(argv[2]) : 7;
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port)};
    inet_pton(AF_INET, argc > 1 ? argv[1] : "127.0.0.1", &at.sin_addr);

    int sock = socket(AF_INET, SOCK_DGRAM, 0); //~ socket
    // No listen, no accept: there are no connections.
    if (bind(sock, (struct sockaddr *)&at, sizeof at) < 0) { //~ bind
        perror("bind");
        return 1;
    }
    // Nothing tells a UDP server that its client has gone: it loops until it is stopped.
    static char buffer[65507];
    for (;;) {
        struct sockaddr_in peer;
        socklen_t length = sizeof peer;
        ssize_t n = recvfrom(sock, buffer, sizeof buffer, 0, (struct sockaddr *)&peer, &length); //~ recvfrom
        if (n < 0)
            break;
        sendto(sock, buffer, n, 0, (struct sockaddr *)&peer, length); //~ sendto
    }
    close(sock); //~ close
}
