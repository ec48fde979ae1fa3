// A small JSON API: the URL says what, the method what to do. Usage: server [ADDRESS [PORT]]
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

// Each user is the JSON text that was sent; "" is nobody.
static char users[100][256] = {"", "{\"name\": \"Taro\"}"};
static int last = 1;

// Gives the status; needs nothing but the request: the connection is not asked.
static const char *handler(const char *method, const char *path, const char *body, char *answer) {
    int number = 0, changes = strcmp(method, "PUT") == 0;
    const char *status = "200 OK";
    sscanf(path, "/users/%d", &number);
    if (strcmp(method, "POST") == 0 && strcmp(path, "/users") == 0 && last < 99) {
        number = ++last;
        changes = 1;
        status = "201 Created";
    }
    if (number < 1 || number > 99)
        number = 0;
    if (changes && number) // PUT done twice leaves the same: it is idempotent
        snprintf(users[number], sizeof users[0], "%s", body);
    strcpy(answer, users[number]);
    if (strcmp(method, "DELETE") == 0)
        users[number][0] = 0;
    if (*answer)
        return status; //~ handler
    strcpy(answer, "{\"error\": \"not found\"}");
    return "404 Not Found";
}

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
    for (;;) { // one connection for each request, until it is stopped //~ close(listener)
        int conn = accept(listener, NULL, NULL); //~ accept
        char request[4096] = "", method[8] = "", path[64] = "", answer[256] = "";
        // One read is enough for a request that comes in one segment; a real server reads on.
        read(conn, request, sizeof request - 1); //~ read
        sscanf(request, "%7s %63s", method, path);
        char *body = strstr(request, "\r\n\r\n");
        const char *status = handler(method, path, body ? body + 4 : "", answer);
        dprintf(conn, "HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n"
                      "Connection: close\r\n\r\n%s\n", status, strlen(answer) + 1, answer); //~ write
        close(conn); //~ close(connection)
    }
}
