// Echo over a Unix socket: a path instead of address and port. Usage: server [PATH]
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int main(int argc, char **argv) {
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    strncpy(at.sun_path, argc > 1 ? argv[1] : "/tmp/osiscope-echo.sock", sizeof at.sun_path - 1);

    unlink(at.sun_path); // left behind by an earlier server: bind would fail with EADDRINUSE
    int listener = socket(AF_UNIX, SOCK_STREAM, 0); //~ socket
    // Makes a file of the kind "socket".
    if (bind(listener, (struct sockaddr *)&at, sizeof at) < 0) { //~ bind
        perror("bind");
        return 1;
    }
    listen(listener, 128); //~ listen
    int conn = accept(listener, NULL, NULL); //~ accept
    char buffer[65536];
    ssize_t n;
    while ((n = read(conn, buffer, sizeof buffer)) > 0) //~ read
        write(conn, buffer, n); // no packet: the kernel copies it to the other process //~ write
    close(conn); //~ close(connection)
    close(listener); //~ close(listener)
    unlink(at.sun_path); // close alone leaves the file //~ unlink
}
