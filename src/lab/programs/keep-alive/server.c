// Answers each ping, and otherwise keeps quiet. Usage: server [ADDRESS [PORT]]
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
    int port = argc > 2 ? atoi(argv[2]) : 7;
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port)};
    inet_pton(AF_INET, argc > 1 ? argv[1] : "127.0.0.1", &at.sin_addr);
    int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1; //~ socket
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on); //~ setsockopt
    if (bind(listener, (struct sockaddr *)&at, sizeof at) < 0) { //~ bind
        perror("bind");
        return 1;
    }
    listen(listener, 128); //~ listen
    int conn = accept(listener, NULL, NULL); //~ accept
    // TCP's keep-alive is answered by the kernel: this program does not wake up for it.
    char buffer[64];
    ssize_t n;
    while ((n = read(conn, buffer, sizeof buffer)) > 0) //~ read
        if (n == 5 && memcmp(buffer, "ping\n", 5) == 0)
            write(conn, "pong\n", 5); //~ write
    close(conn); //~ close(connection)
    close(listener); //~ close(listener)
}
