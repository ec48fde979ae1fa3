// A slow reader: the client has to wait for it. Usage: server [ADDRESS [PORT]]
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
    int port = argc > 2 ? atoi(argv[2]) : 7;
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port)};
    inet_pton(AF_INET, argc > 1 ? argv[1] : "127.0.0.1", &at.sin_addr);
    int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1, small = 65536; //~ socket
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on); //~ setsockopt(SO_REUSEADDR)
    // A small receive buffer, so that it is soon full. Connections inherit it.
    setsockopt(listener, SOL_SOCKET, SO_RCVBUF, &small, sizeof small); //~ setsockopt(SO_RCVBUF)
    if (bind(listener, (struct sockaddr *)&at, sizeof at) < 0) { //~ bind
        perror("bind");
        return 1;
    }
    listen(listener, 128); //~ listen
    int conn = accept(listener, NULL, NULL); //~ accept

    sleep(1); // nobody reads: the window shrinks to 0, and the client's kernel asks again and again
    static char buffer[65536];
    ssize_t n, total = 0;
    while ((n = read(conn, buffer, sizeof buffer)) > 0) // each read makes room: the window opens //~ read
        total += n;
    printf("%zd bytes\n", total);
    close(conn); //~ close(connection)
    close(listener); //~ close(listener)
}
