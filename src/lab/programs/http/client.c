// HTTP/1.1 client by hand: two requests over one connection. Usage: client [ADDRESS [PORT]]
#define _GNU_SOURCE // strcasestr
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
    const char *host = argc > 1 ? argv[1] : "127.0.0.1";
    int port = argc > 2 ? atoi(argv[2]) : 80;
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port)};
    inet_pton(AF_INET, host, &at.sin_addr);
    int conn = socket(AF_INET, SOCK_STREAM, 0); //~ socket
    if (connect(conn, (struct sockaddr *)&at, sizeof at) < 0) { //~ connect
        perror("connect");
        return 1;
    }
    for (int i = 0; i < 2; i++) {
        char request[256];
        int length = snprintf(request, sizeof request,
                              "GET /users/1 HTTP/1.1\r\nHost: %s\r\nAccept: */*\r\n\r\n", host);
        if (write(conn, request, length) < length) //~ write
            return 1;
        // The head ends with an empty line; the body is as long as Content-Length says.
        char received[65536] = "", *body = NULL;
        size_t have = 0, wanted = sizeof received - 1;
        while (have < wanted) {
            ssize_t n = read(conn, received + have, sizeof received - 1 - have); //~ read
            if (n <= 0)
                return 1;
            received[have += n] = 0;
            if (!body && (body = strstr(received, "\r\n\r\n"))) {
                body += 4;
                char *field = strcasestr(received, "content-length:");
                wanted = (body - received) + (field ? strtoul(field + 15, NULL, 10) : 0);
            }
        }
        printf("%.*s\n%s\n", (int)strcspn(received, "\r"), received, body);
    }
    close(conn); //~ close
}
