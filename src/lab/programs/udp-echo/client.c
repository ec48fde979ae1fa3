// UDP echo client: sends three datagrams. Usage: client [ADDRESS [PORT]]
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

int main(int argc, char **argv) {
    int port = argc > 2 ? atoi(argv[2]) : 7;
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port)};
    inet_pton(AF_INET, argc > 1 ? argv[1] : "127.0.0.1", &at.sin_addr);
    const char *line = "hello, osiscope\n";

    int sock = socket(AF_INET, SOCK_DGRAM, 0); //~ socket
    // Sends nothing: the kernel only notes whom to talk to, and whose errors to report.
    connect(sock, (struct sockaddr *)&at, sizeof at); //~ connect
    // UDP never says that an answer was lost: wait one second.
    struct timeval second = {.tv_sec = 1};
    setsockopt(sock, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof second); //~ setsockopt

    for (int i = 0; i < 3; i++) {
        send(sock, line, strlen(line), 0); //~ sendto
        static char buffer[65507];
        ssize_t n = recv(sock, buffer, sizeof buffer, 0); //~ recvfrom
        if (n < 0)
            perror("recv"); // "Connection refused" came as ICMP: nobody listens //~ recvfrom(failed)
        else
            printf("%.*s", (int)n, buffer);
    }
    close(sock); //~ close
}
