// Two browsers with a cart each, and one that keeps no cookies. Usage: client [ADDRESS [PORT]]
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct sockaddr_in at = {.sin_family = AF_INET};

// Asks for a path; keeps the cookie to send the next time.
static void get(const char *path, char *cookie) {
    int conn = socket(AF_INET, SOCK_STREAM, 0); //~ socket
    if (connect(conn, (struct sockaddr *)&at, sizeof at) < 0) { //~ connect
        perror("connect");
        exit(1);
    }
    char text[4096], field[64] = "";
    if (*cookie)
        sprintf(field, "Cookie: session=%s\r\n", cookie);
    int length = sprintf(text, "GET %s HTTP/1.1\r\nHost: shop.example\r\n%s\r\n", path, field);
    write(conn, text, length); //~ write
    size_t have = 0;
    ssize_t n;
    while ((n = read(conn, text + have, sizeof text - 1 - have)) > 0) //~ read
        have += n;
    close(conn); //~ close
    text[have] = 0;
    char *body = strstr(text, "\r\n\r\n"), *set = strstr(text, "Set-Cookie: session=");
    printf("%s [%s] -> %s", path, *cookie ? cookie : "no cookie", body ? body + 4 : "?\n");
    if (set)
        sscanf(set + 20, "%15[0-9]", cookie);
}

int main(int argc, char **argv) {
    at.sin_port = htons(argc > 2 ? atoi(argv[2]) : 80);
    inet_pton(AF_INET, argc > 1 ? argv[1] : "127.0.0.1", &at.sin_addr);
    char hanako[16] = "", taro[16] = "", nobody[16] = "";
    get("/add/apple", hanako);
    get("/add/tea", taro);
    get("/add/pear", hanako);
    get("/cart", hanako);
    get("/cart", taro);
    get("/cart", nobody); // without the cookie the server has never seen us
}
