// What happens when you type a URL. Usage: client [RESOLVER [DNS [WEB]]]
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

int main(int argc, char **argv) {
    double began = now();
    int port = argc > 2 ? atoi(argv[2]) : 53;
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port)};
    inet_pton(AF_INET, argc > 1 ? argv[1] : "127.0.0.1", &at.sin_addr);

    // 1. DNS: which address has the name? A header, the name in pieces with their lengths,
    // type A, class IN. (getaddrinfo would do this, with the resolver of the system.)
    char question[] = "os\1\0\0\1\0\0\0\0\0\0\3www\10osiscope\7example\0\0\1\0";
    question[sizeof question - 1] = 1;
    int sock = socket(AF_INET, SOCK_DGRAM, 0); //~ socket(DGRAM)
    sendto(sock, question, sizeof question, 0, (struct sockaddr *)&at, sizeof at); //~ sendto
    char answer[512];
    ssize_t n = recvfrom(sock, answer, sizeof answer, 0, NULL, NULL); //~ recvfrom
    close(sock); //~ close(53)
    if (n < 16 || memcmp(answer, "os", 2) != 0)
        return 1;
    memcpy(&at.sin_addr, answer + n - 4, 4); // here the only record is the last one
    printf("%7.2f ms  www.osiscope.example is %s\n", now() - began, inet_ntoa(at.sin_addr));

    // 2. TCP: a connection to that address.
    at.sin_port = htons(argc > 3 ? atoi(argv[3]) : 80);
    int conn = socket(AF_INET, SOCK_STREAM, 0); //~ socket
    if (connect(conn, (struct sockaddr *)&at, sizeof at) < 0) { //~ connect
        perror("connect");
        return 1;
    }
    printf("%7.2f ms  connected\n", now() - began);

    // 3. HTTP: the request names the host again, for one address may serve many.
    dprintf(conn, "GET /hello?lang=ja HTTP/1.1\r\nHost: www.osiscope.example\r\n\r\n"); //~ write
    char page[4096] = "";
    size_t have = 0;
    while ((n = read(conn, page + have, sizeof page - 1 - have)) > 0) //~ read
        have += n;
    printf("%7.2f ms  %.*s\n", now() - began, (int)strcspn(page, "\r"), page);

    // 4. Both sides have said FIN.
    close(conn); //~ close
    printf("%7.2f ms  closed\n", now() - began);
}
