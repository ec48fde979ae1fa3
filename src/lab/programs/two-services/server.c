// One host, two services: the port decides. Usage: server [ADDRESS [WEB [MAIL]]]
#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int listen_on(const char *address, int port) {
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port)};
    inet_pton(AF_INET, address, &at.sin_addr);
    int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1; //~ socket
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on); //~ setsockopt
    if (bind(listener, (struct sockaddr *)&at, sizeof at) < 0) { //~ bind
        perror("bind");
        exit(1);
    }
    listen(listener, 128); //~ listen
    return listener;
}

// The client speaks first: a request, then the answer.
static void *web(void *listener) {
    int conn = accept(*(int *)listener, NULL, NULL); //~ accept(80)
    char request[65536];
    read(conn, request, sizeof request); //~ read(80)
    const char *fields = "Content-Length: 13\r\nConnection: close\r\n";
    dprintf(conn, "HTTP/1.1 200 OK\r\n%s\r\n<h1>web</h1>\n", fields); //~ write(80)
    close(conn); //~ close(80)
    return NULL;
}

// The server speaks first; then a line is answered with a number and a line.
static void *mail(void *listener) {
    int conn = accept(*(int *)listener, NULL, NULL); //~ accept
    dprintf(conn, "220 mail.example.com ESMTP\r\n"); //~ write(1)
    FILE *lines = fdopen(dup(conn), "r");
    char line[1024];
    int in_mail = 0, quit = 0;
    while (!quit && fgets(line, sizeof line, lines)) { //~ read
        if (in_mail && strcmp(line, ".\r\n") != 0)
            continue; // a line of the mail itself
        in_mail = strncmp(line, "DATA", 4) == 0;
        quit = strncmp(line, "QUIT", 4) == 0;
        const char *answer = in_mail ? "354 end with a line of one dot" : "250 ok";
        dprintf(conn, "%s\r\n", quit ? "221 bye" : answer); //~ write
    }
    fclose(lines);
    close(conn); //~ close(connection)
    return NULL;
}

int main(int argc, char **argv) {
    const char *address = argc > 1 ? argv[1] : "127.0.0.1";
    int listeners[2] = {listen_on(address, argc > 2 ? atoi(argv[2]) : 80),
                        listen_on(address, argc > 3 ? atoi(argv[3]) : 25)};
    // Each service has a thread of its own.
    pthread_t services[2];
    pthread_create(&services[0], NULL, web, &listeners[0]);
    pthread_create(&services[1], NULL, mail, &listeners[1]);
    for (int i = 0; i < 2; i++) {
        pthread_join(services[i], NULL);
        close(listeners[i]); //~ close(listener)
    }
}
