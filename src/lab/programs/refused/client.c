// Connects to a port where nobody listens. Usage: client [ADDRESS [PORT]]
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
    int port = argc > 2 ? atoi(argv[2]) : 9;
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port)};
    inet_pton(AF_INET, argc > 1 ? argv[1] : "127.0.0.1", &at.sin_addr);

    int conn = socket(AF_INET, SOCK_STREAM, 0); //~ socket
    // The kernel over there answers our SYN with RST: no program is asked.
    if (connect(conn, (struct sockaddr *)&at, sizeof at) < 0) //~ connect
        printf("errno %d: %m\n", errno);
    close(conn); //~ close
}
