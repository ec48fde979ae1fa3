// A name server and a web server at one address. Usage: server [ADDRESS [DNS [WEB]]]
#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct sockaddr_in at = {.sin_family = AF_INET};

// Answers every question with our own address (RFC 1035).
static void *names(void *sock) {
    for (;;) {
        char text[600];
        struct sockaddr_in peer;
        socklen_t length = sizeof peer;
        ssize_t n = recvfrom(*(int *)sock, text, 512, 0, (struct sockaddr *)&peer, &length); //~ recvfrom
        if (n < 12)
            continue;
        // The same number; flags "answer"; 1 question, 1 answer; the question again; then the
        // record: name as at byte 12, type A, class IN, good for 60 seconds, 4 bytes of address.
        memcpy(text + 2, "\x81\x80\0\1\0\1\0\0\0\0", 10);
        memcpy(text + n, "\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4", 12);
        memcpy(text + n + 12, &at.sin_addr, 4);
        sendto(*(int *)sock, text, n + 16, 0, (struct sockaddr *)&peer, length); //~ sendto
    }
}

int main(int argc, char **argv) {
    inet_pton(AF_INET, argc > 1 ? argv[1] : "127.0.0.1", &at.sin_addr);
    int sock = socket(AF_INET, SOCK_DGRAM, 0), on = 1; //~ socket(DGRAM)
    at.sin_port = htons(argc > 2 ? atoi(argv[2]) : 53);
    int failed = bind(sock, (struct sockaddr *)&at, sizeof at); //~ bind
    int listener = socket(AF_INET, SOCK_STREAM, 0); //~ socket
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on); //~ setsockopt
    at.sin_port = htons(argc > 3 ? atoi(argv[3]) : 80);
    failed |= bind(listener, (struct sockaddr *)&at, sizeof at); //~ bind(80)
    if (failed) {
        perror("bind");
        return 1;
    }
    listen(listener, 128); //~ listen
    pthread_t thread;
    pthread_create(&thread, NULL, names, &sock);

    int conn = accept(listener, NULL, NULL); //~ accept
    char request[4096];
    read(conn, request, sizeof request); //~ read
    const char *fields = "Content-Type: text/html\r\nContent-Length: 15\r\nConnection: close\r\n";
    dprintf(conn, "HTTP/1.1 200 OK\r\n%s\r\n<h1>Hello</h1>\n", fields); //~ write
    close(conn); //~ close(connection)
    close(listener); //~ close(listener)
}
