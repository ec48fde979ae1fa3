// TCP echo server: sends back every byte it gets. Usage: server [ADDRESS [PORT]]
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static void check(long result, const char *call) {
    if (result < 0) {
        perror(call);
        exit(1);
    }
}

int main(int argc, char **argv) {
    int port = argc > 2 ? atoi(argv[2]) : 7;
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port)};
    inet_pton(AF_INET, argc > 1 ? argv[1] : "127.0.0.1", &at.sin_addr);

    int listener = socket(AF_INET, SOCK_STREAM, 0); //~ socket
    check(listener, "socket");
    // Otherwise the port stays taken for a minute after a server that closed first.
    int on = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on); //~ setsockopt
    check(bind(listener, (struct sockaddr *)&at, sizeof at), "bind"); //~ bind
    check(listen(listener, 128), "listen"); //~ listen

    // One client is enough here; a real server would loop around accept.
    int conn = accept(listener, NULL, NULL); //~ accept
    check(conn, "accept");
    char buffer[65536];
    ssize_t n;
    while ((n = read(conn, buffer, sizeof buffer)) > 0) { // 0 bytes: the client has said FIN //~ read
        for (ssize_t sent = 0; sent < n;) {
            ssize_t m = write(conn, buffer + sent, n - sent); //~ write
            check(m, "write");
            sent += m;
        }
    }
    close(conn); //~ close(connection)
    close(listener); //~ close(listener)
}
