// Sends the same messages over TCP, then over UDP. Usage: client [ADDRESS [PORT]]
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

int main(int argc, char **argv) {
    int port = argc > 2 ? atoi(argv[2]) : 7;
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port)};
    inet_pton(AF_INET, argc > 1 ? argv[1] : "127.0.0.1", &at.sin_addr);
    char message[32], answer[32];

    double began = now();
    int conn = socket(AF_INET, SOCK_STREAM, 0); //~ socket
    if (connect(conn, (struct sockaddr *)&at, sizeof at) < 0) { //~ connect
        perror("connect");
        return 1;
    }
    for (int n = 1; n <= 10; n++) {
        int length = sprintf(message, "message %2d\n", n);
        write(conn, message, length); //~ write
        recv(conn, answer, length, MSG_WAITALL); //~ read
    }
    close(conn); //~ close
    printf("TCP: %.2f ms\n", now() - began);

    began = now();
    int letters = socket(AF_INET, SOCK_DGRAM, 0); //~ socket(DGRAM)
    struct timeval second = {.tv_sec = 1}; // a letter may get lost
    setsockopt(letters, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof second); //~ setsockopt
    for (int n = 1; n <= 10; n++) {
        int length = sprintf(message, "message %2d\n", n);
        // No connect: each one carries its address.
        sendto(letters, message, length, 0, (struct sockaddr *)&at, sizeof at); //~ sendto
        if (recvfrom(letters, answer, sizeof answer, 0, NULL, NULL) < 0) //~ recvfrom
            printf("lost: %s", message);
    }
    close(letters);
    printf("UDP: %.2f ms\n", now() - began);
}
