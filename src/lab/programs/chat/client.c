// Chat over plain TCP: two people in one program. Usage: client [ADDRESS [PORT]]
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static void hear(int conn, const char *who) {
    char said[256];
    ssize_t n = read(conn, said, sizeof said); //~ read
    printf("to %s: %.*s", who, n > 0 ? (int)n : 0, said);
}

int main(int argc, char **argv) {
    int port = argc > 2 ? atoi(argv[2]) : 7000;
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port)};
    inet_pton(AF_INET, argc > 1 ? argv[1] : "127.0.0.1", &at.sin_addr);
    const char *names[2] = {"hanako", "taro"};
    int people[2];
    for (int i = 0; i < 2; i++) {
        people[i] = socket(AF_INET, SOCK_STREAM, 0); //~ socket
        if (connect(people[i], (struct sockaddr *)&at, sizeof at) < 0) { //~ connect
            perror("connect");
            return 1;
        }
        hear(people[i], names[i]); // the server speaks first
    }
    for (int i = 0; i < 2; i++) {
        dprintf(people[i], "%s: hello\n", names[i]); //~ write
        for (int k = 0; k < 2; k++)
            hear(people[k], names[k]); // everybody gets it, also the one who said it
    }
    for (int i = 0; i < 2; i++)
        close(people[i]); //~ close
}
