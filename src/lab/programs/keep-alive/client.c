// TCP keep-alive, then a ping of the application's own. Usage: client [ADDRESS [PORT]]
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
    int port = argc > 2 ? atoi(argv[2]) : 7;
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port)};
    inet_pton(AF_INET, argc > 1 ? argv[1] : "127.0.0.1", &at.sin_addr);
    int conn = socket(AF_INET, SOCK_STREAM, 0), on = 1, second = 1; //~ socket
    setsockopt(conn, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on); //~ setsockopt(SO_KEEPALIVE)
    // First probe after 1 second of silence, then one a second (usual: the first after 2 hours).
    setsockopt(conn, IPPROTO_TCP, TCP_KEEPIDLE, &second, sizeof second); //~ setsockopt(TCP_KEEPIDLE)
    setsockopt(conn, IPPROTO_TCP, TCP_KEEPINTVL, &second, sizeof second); //~ setsockopt(TCP_KEEPINTVL)
    if (connect(conn, (struct sockaddr *)&at, sizeof at) < 0) { //~ connect
        perror("connect");
        return 1;
    }
    usleep(2500000); // the kernels talk, no program does

    // A ping of our own also proves that the program over there still works.
    write(conn, "ping\n", 5); //~ write
    char buffer[64];
    ssize_t n = read(conn, buffer, sizeof buffer); //~ read
    printf("%.*s", (int)n, buffer);
    close(conn); //~ close
}
