// A shop that knows its visitors by a cookie. Usage: server [ADDRESS [PORT]]
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

// The state lives here, in the server; the cookie only says which cart is meant.
static char carts[100][256];
static int count;

// HTTP itself forgets: each request must say again who asks.
static int handler(const char *request, char *fields) {
    char item[64] = "";
    int session = 0;
    const char *cookie = strstr(request, "Cookie: session=");
    if (cookie)
        session = atoi(cookie + 16);
    if (session < 1 || session > count) {
        session = count < 99 ? ++count : 99; // a real shop takes a number that nobody can guess
        sprintf(fields, "Set-Cookie: session=%d; Path=/; HttpOnly\r\n", session);
    }
    if (sscanf(request, "GET /add/%63[a-z]", item) == 1) {
        char *cart = carts[session];
        size_t used = strlen(cart);
        snprintf(cart + used, sizeof carts[0] - used, "%s%s", used ? ", " : "", item);
    }
    return session; //~ handler
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
        char request[65536] = "", fields[96] = "", body[320], answer[640];
        read(conn, request, sizeof request - 1); //~ read
        int session = handler(request, fields);
        const char *cart = carts[session];
        int length = sprintf(body, "cart %d: %s\n", session, *cart ? cart : "empty");
        int all = sprintf(answer, "HTTP/1.1 200 OK\r\n%sContent-Length: %d\r\n"
                          "Connection: close\r\n\r\n%s",
                          fields, length, body);
        write(conn, answer, all); //~ write
        close(conn); //~ close(connection)
    }
}
