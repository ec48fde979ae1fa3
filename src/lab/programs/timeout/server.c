// A server that never accepts: its queue is soon full. Usage: server [ADDRESS [PORT]]
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
    int port = argc > 2 ? atoi(argv[2]) : 7;
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port)};
    inet_pton(AF_INET, argc > 1 ? argv[1] : "127.0.0.1", &at.sin_addr);
    int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1; //~ socket
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on); //~ setsockopt
    if (bind(listener, (struct sockaddr *)&at, sizeof at) < 0) { //~ bind
        perror("bind");
        return 1;
    }
    // A queue of 0 still holds one connection; while it is full, the kernel ignores every SYN.
    listen(listener, 0); //~ listen

    pause(); // no accept: it waits until it is stopped
    close(listener); //~ close
}
