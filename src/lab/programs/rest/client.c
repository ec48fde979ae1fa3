// Makes, reads, changes and deletes a user. Usage: client [ADDRESS [PORT]]
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct sockaddr_in at = {.sin_family = AF_INET};

static void ask(const char *method, const char *path, const char *body) {
    int conn = socket(AF_INET, SOCK_STREAM, 0); //~ socket
    if (connect(conn, (struct sockaddr *)&at, sizeof at) < 0) { //~ connect
        perror("connect");
        exit(1);
    }
    char text[4096], fields[96] = "";
    if (*body)
        sprintf(fields, "Content-Type: application/json\r\nContent-Length: %zu\r\n", strlen(body));
    const char *host = "Host: api.example\r\n";
    int length = sprintf(text, "%s %s HTTP/1.1\r\n%s%s\r\n%s", method, path, host, fields, body);
    write(conn, text, length); //~ write
    size_t have = 0;
    ssize_t n;
    while ((n = read(conn, text + have, sizeof text - 1 - have)) > 0) //~ read
        have += n;
    close(conn); //~ close
    text[have] = 0;
    char *end = strstr(text, "\r\n\r\n");
    printf("%s %s -> %.3s %s", method, path, text + 9, end ? end + 4 : "?\n");
}

int main(int argc, char **argv) {
    at.sin_port = htons(argc > 2 ? atoi(argv[2]) : 80);
    inet_pton(AF_INET, argc > 1 ? argv[1] : "127.0.0.1", &at.sin_addr);
    ask("GET", "/users/1", "");
    ask("POST", "/users", "{\"name\": \"Hanako\"}");
    ask("PUT", "/users/2", "{\"name\": \"Hanako Osaka\"}");
    ask("GET", "/users/2", ""); // this URL can be kept as a bookmark: it says all
    ask("DELETE", "/users/2", "");
    ask("GET", "/users/2", "");
}
