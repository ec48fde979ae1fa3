// Chat over plain TCP: what one client says goes to all. Usage: server [ADDRESS [PORT]]
#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
    int port = argc > 2 ? atoi(argv[2]) : 7000;
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port)};
    inet_pton(AF_INET, argc > 1 ? argv[1] : "127.0.0.1", &at.sin_addr);
    int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1; //~ socket
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on); //~ setsockopt
    if (bind(listener, (struct sockaddr *)&at, sizeof at) < 0) { //~ bind
        perror("bind");
        return 1;
    }
    listen(listener, 128); //~ listen

    // The listener, then up to 15 clients.
    struct pollfd all[16] = {{.fd = listener, .events = POLLIN}};
    int count = 1;
    do {
        poll(all, count, -1); // waits until somebody comes, or somebody says something
        if (all[0].revents && count < 16) {
            int conn = accept(listener, NULL, NULL); //~ accept
            write(conn, "welcome\n", 8); // here the server speaks first //~ write(1)
            all[count++] = (struct pollfd){.fd = conn, .events = POLLIN};
        }
        for (int i = 1; i < count; i++) {
            if (!all[i].revents)
                continue;
            char said[65536];
            ssize_t n = read(all[i].fd, said, sizeof said); //~ read
            for (int k = 1; n > 0 && k < count; k++)
                write(all[k].fd, said, n); //~ write
            if (n <= 0) { // this one has gone //~ read(end)
                close(all[i].fd); //~ close(connection)
                all[i--] = all[--count];
            }
        }
    } while (count > 1); // until the last one has gone
    close(listener); //~ close(listener)
}
