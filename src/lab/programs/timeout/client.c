// Connects until nobody answers any more. Usage: client [ADDRESS [PORT]]
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

int main(int argc, char **argv) {
    int port = argc > 2 ? atoi(argv[2]) : 7;
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port)};
    inet_pton(AF_INET, argc > 1 ? argv[1] : "127.0.0.1", &at.sin_addr);
    int opened[5], n = 0, stands = 1;
    while (stands && n < 5) {
        int conn = opened[n++] = socket(AF_INET, SOCK_STREAM, 0); //~ socket
        // Without this the kernel sends its SYN again and again for two minutes.
        struct timeval limit = {.tv_sec = 3};
        setsockopt(conn, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit); //~ setsockopt
        stands = connect(conn, (struct sockaddr *)&at, sizeof at) == 0; //~ connect
        if (stands)
            printf("connection %d stands, though nobody has accepted it\n", n);
        else
            printf("connection %d: no answer in 3 s\n", n); //~ connect(failed)
    }
    while (n > 0)
        close(opened[--n]); //~ close
}
