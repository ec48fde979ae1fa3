// TCP echo client: says the same line three times. Usage: client [ADDRESS [PORT]]
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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
    const char *line = "hello, osiscope\n";
    size_t length = strlen(line);

    int conn = socket(AF_INET, SOCK_STREAM, 0); //~ socket
    check(conn, "socket");
    check(connect(conn, (struct sockaddr *)&at, sizeof at), "connect"); //~ connect

    for (int i = 0; i < 3; i++) {
        check(write(conn, line, length), "write"); //~ write
        // TCP has no messages: one read may bring only a part of the line.
        char echo[64];
        for (size_t got = 0; got < length;) {
            ssize_t n = read(conn, echo + got, length - got); //~ read
            check(n > 0 ? n : -1, "read");
            got += n;
        }
        printf("%.*s", (int)length, echo);
    }
    shutdown(conn, SHUT_WR); // FIN: nothing more to say //~ shutdown
    char end;
    check(read(conn, &end, 1), "read"); // 0 bytes once the server's FIN is here //~ read(end)
    close(conn); //~ close
}
