// Sends a megabyte as fast as it may. Usage: client [ADDRESS [PORT]]
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv) {
    int port = argc > 2 ? atoi(argv[2]) : 7;
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port)};
    inet_pton(AF_INET, argc > 1 ? argv[1] : "127.0.0.1", &at.sin_addr);
    int conn = socket(AF_INET, SOCK_STREAM, 0), small = 65536; //~ socket
    setsockopt(conn, SOL_SOCKET, SO_SNDBUF, &small, sizeof small); //~ setsockopt(SO_SNDBUF)
    if (connect(conn, (struct sockaddr *)&at, sizeof at) < 0) { //~ connect
        perror("connect");
        return 1;
    }
    struct timespec a, b;
    clock_gettime(CLOCK_MONOTONIC, &a);
    static char block[16384];
    for (int i = 0; i < 64; i++)
        // Returns when the kernel has taken the bytes: once both buffers are full, it waits here.
        write(conn, block, sizeof block); //~ write
    clock_gettime(CLOCK_MONOTONIC, &b);
    printf("sent in %.2f s\n", b.tv_sec - a.tv_sec + (b.tv_nsec - a.tv_nsec) / 1e9);
    close(conn); //~ close
}
