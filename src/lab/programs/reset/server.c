// A server that breaks off instead of saying goodbye. Usage: server [ADDRESS [PORT]]
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
    int port = argc > 2 ? atoi(argv[2]) : 7;
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port)};
    inet_pton(AF_INET, argc > 1 ? argv[1] : "127.0.0.1", &at.sin_addr);
    int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1; //~ socket
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on); //~ setsockopt(SO_REUSEADDR)
    if (bind(listener, (struct sockaddr *)&at, sizeof at) < 0) { //~ bind
        perror("bind");
        return 1;
    }
    listen(listener, 128); //~ listen
    int conn = accept(listener, NULL, NULL); //~ accept
    char buffer[65536];
    read(conn, buffer, sizeof buffer); //~ read

    // "On, for 0 seconds": close sends RST, forgets all data on its way, and leaves no TIME_WAIT.
    struct linger linger = {.l_onoff = 1, .l_linger = 0};
    setsockopt(conn, SOL_SOCKET, SO_LINGER, &linger, sizeof linger); //~ setsockopt(SO_LINGER)
    close(conn); //~ close(connection)
    close(listener); //~ close(listener)
}
