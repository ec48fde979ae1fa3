// Fetches a page and sends a mail, both at one address. Usage: client [ADDRESS [WEB [MAIL]]]
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static int connect_to(const char *address, int port) {
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port)};
    inet_pton(AF_INET, address, &at.sin_addr);
    int conn = socket(AF_INET, SOCK_STREAM, 0); //~ socket
    // The same address: only the port differs.
    if (connect(conn, (struct sockaddr *)&at, sizeof at) < 0) { //~ connect
        perror("connect");
        exit(1);
    }
    return conn;
}

int main(int argc, char **argv) {
    const char *address = argc > 1 ? argv[1] : "127.0.0.1";
    int conn = connect_to(address, argc > 2 ? atoi(argv[2]) : 80);
    dprintf(conn, "GET / HTTP/1.1\r\nHost: %s\r\n\r\n", address); //~ write(80)
    char page[4096];
    ssize_t n;
    while ((n = read(conn, page, sizeof page)) > 0) //~ read(80)
        printf("%.*s", (int)n, page);
    close(conn); //~ close(80)

    conn = connect_to(address, argc > 3 ? atoi(argv[3]) : 25);
    FILE *lines = fdopen(dup(conn), "r");
    char line[1024];
    fgets(line, sizeof line, lines); // here the server speaks first
    printf("%s", line);
    const char *commands[] = {
        "HELO taro-pc.example.com", "MAIL FROM:<taro@example.com>", "RCPT TO:<hanako@example.com>",
        "DATA", "Subject: ports\r\n\r\nHello over port 25.\r\n.", "QUIT",
    };
    for (int i = 0; i < 6; i++) {
        dprintf(conn, "%s\r\n", commands[i]); //~ write
        fgets(line, sizeof line, lines); //~ read
        printf("%s", line);
    }
    fclose(lines);
    close(conn); //~ close
}
