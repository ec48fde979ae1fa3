// HTTP/1.1 server by hand: shows that HTTP is text over TCP. Usage: server [ADDRESS [PORT]]
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
    int port = argc > 2 ? atoi(argv[2]) : 80;
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

    char received[65536] = "";
    size_t have = 0;
    for (;;) {
        // A head ends with an empty line; it may come in pieces, and the next one may come with it.
        char *end;
        while (!(end = strstr(received, "\r\n\r\n")) && have < sizeof received - 1) {
            ssize_t n = read(conn, received + have, sizeof received - 1 - have); //~ read
            if (n <= 0) // the client asks for nothing more //~ read(end)
                goto done;
            received[have += n] = 0;
        }
        if (!end)
            break;
        int found = strncmp(received, "GET /users/1 ", 13) == 0; //~ handler
        const char *status = found ? "200 OK" : "404 Not Found";
        const char *body = "{\"error\": \"there is nothing here\"}";
        if (found)
            body = "{\"id\": 1, \"name\": \"Osaka Taro\"}";
        // Content-Length says where the next response begins: the connection stays open.
        char answer[512];
        int length = snprintf(answer, sizeof answer,
                              "HTTP/1.1 %s\r\nContent-Type: application/json\r\n"
                              "Content-Length: %zu\r\n\r\n%s",
                              status, strlen(body), body);
        if (write(conn, answer, length) < length) //~ write
            break;
        have -= end + 4 - received;
        memmove(received, end + 4, have + 1);
    }
done:
    close(conn); //~ close(connection)
    close(listener); //~ close(listener)
}
