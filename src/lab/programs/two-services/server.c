// One host, two services: the port decides. Usage: server [ADDRESS [WEB [MAIL]]]
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
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
static void web(int conn) {
    char request[65536];
    read(conn, request, sizeof request); //~ read(80)
    const char *fields = "Content-Length: 13\r\nConnection: close\r\n";
    dprintf(conn, "HTTP/1.1 200 OK\r\n%s\r\n<h1>web</h1>\n", fields); //~ write(80)
}

// The server speaks first; then a line is answered with a number and a line.
static void mail(int conn) {
    dprintf(conn, "220 mail.example ready\r\n"); //~ write(1)
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
}

int main(int argc, char **argv) {
    const char *address = argc > 1 ? argv[1] : "127.0.0.1";
    int listeners[2] = {listen_on(address, argc > 2 ? atoi(argv[2]) : 80),
                        listen_on(address, argc > 3 ? atoi(argv[3]) : 25)};
    void (*services[2])(int) = {web, mail};
    for (int i = 0; i < 2; i++) {
        if (fork() == 0) { // each service is a process of its own
            int conn = accept(listeners[i], NULL, NULL); //~ accept
            services[i](conn);
            close(conn); //~ close(connection)
            return 0;
        }
        close(listeners[i]); //~ close(listener)
    }
    while (wait(NULL) > 0) {
    }
}
