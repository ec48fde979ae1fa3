// Echo over a Unix socket: a path instead of address and port. Usage: client [PATH]
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int main(int argc, char **argv) {
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    strncpy(at.sun_path, argc > 1 ? argv[1] : "/tmp/osiscope-echo.sock", sizeof at.sun_path - 1);

    int conn = socket(AF_UNIX, SOCK_STREAM, 0); //~ socket
    if (connect(conn, (struct sockaddr *)&at, sizeof at) < 0) { //~ connect
        perror("connect");
        return 1;
    }
    for (int i = 0; i < 3; i++) {
        write(conn, "hello, osiscope\n", 16); //~ write
        char echo[16];
        for (size_t got = 0; got < sizeof echo;) { // a stream, as with TCP
            ssize_t n = read(conn, echo + got, sizeof echo - got); //~ read
            if (n <= 0)
                return 1;
            got += n;
        }
        printf("%.16s", echo);
    }
    shutdown(conn, SHUT_WR); //~ shutdown
    char end;
    read(conn, &end, 1); // 0 bytes: the server has closed //~ read(end)
    close(conn); //~ close
}
