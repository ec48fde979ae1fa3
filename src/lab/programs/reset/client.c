// Talks to a server that breaks off. Usage: client [ADDRESS [PORT]]
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
    int port = argc > 2 ? atoi(argv[2]) : 7;
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port)};
    inet_pton(AF_INET, argc > 1 ? argv[1] : "127.0.0.1", &at.sin_addr);
    // Else the signal SIGPIPE would end the program at the last write, without a word.
    signal(SIGPIPE, SIG_IGN);

    int conn = socket(AF_INET, SOCK_STREAM, 0); //~ socket
    if (connect(conn, (struct sockaddr *)&at, sizeof at) < 0) { //~ connect
        perror("connect");
        return 1;
    }
    write(conn, "hello, osiscope\n", 16); //~ write
    char buffer[64];
    if (read(conn, buffer, sizeof buffer) < 0) // told of the RST //~ read
        perror("read"); // ECONNRESET, once only
    if (write(conn, "still there?\n", 13) < 0) // nothing is sent any more //~ write(failed)
        perror("write"); // EPIPE
    close(conn); //~ close
}
