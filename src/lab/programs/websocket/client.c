// WebSocket client by hand (RFC 6455). Usage: client [ADDRESS [PORT]]
#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { TEXT = 0x1, CLOSE = 0x8, PING = 0x9 };
static int conn;

static void receive(void *to, size_t length) {
    for (size_t have = 0; have < length;) {
        ssize_t n = read(conn, (char *)to + have, length - have); //~ read
        if (n <= 0)
            exit(1);
        have += n;
    }
}

// Header, mask, masked data: only what a client sends is masked.
static void send_frame(int opcode, const char *data, size_t length) {
    uint8_t frame[6 + 125] = {0x80 | opcode, 0x80 | length};
    for (int i = 0; i < 4; i++)
        frame[2 + i] = rand();
    for (size_t i = 0; i < length; i++)
        frame[6 + i] = data[i] ^ frame[2 + i % 4];
    write(conn, frame, 6 + length); //~ write
}

static void show_frame(const char *name, size_t skip) {
    uint8_t header[2];
    char data[126] = "";
    receive(header, 2);
    receive(data, header[1] & 0x7F);
    printf("%s%s\n", name, data + skip);
}

int main(int argc, char **argv) {
    const char *host = argc > 1 ? argv[1] : "127.0.0.1";
    int port = argc > 2 ? atoi(argv[2]) : 80;
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port)};
    inet_pton(AF_INET, host, &at.sin_addr);
    conn = socket(AF_INET, SOCK_STREAM, 0); //~ socket
    if (connect(conn, (struct sockaddr *)&at, sizeof at) < 0) { //~ connect
        perror("connect");
        return 1;
    }
    srand(getpid()); // a real client takes its key and masks from a better source

    // The key of the RFC's own example; the proof that belongs to it is known.
    char head[4096] = "";
    int length = snprintf(head, sizeof head,
                          "GET /chat HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\n"
                          "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", host);
    write(conn, head, length); //~ write(1)
    memset(head, 0, sizeof head);
    for (size_t n = 0; !strstr(head, "\r\n\r\n") && n < sizeof head - 1; n++)
        receive(head + n, 1); //~ read(1)
    if (!strstr(head, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")) {
        fprintf(stderr, "this is no WebSocket server\n");
        return 1;
    }
    for (int n = 1; n <= 3; n++) {
        char text[64];
        send_frame(TEXT, text, snprintf(text, sizeof text, "{\"n\": %d, \"text\": \"hello\"}", n));
        show_frame("", 0);
    }
    send_frame(PING, "osiscope", 8);
    show_frame("pong ", 0);
    send_frame(CLOSE, "\x03\xE8" "bye", 5); // code 1000: a normal end //~ write(last)
    show_frame("close ", 2);
    read(conn, head, 1); // 0 bytes: the server has closed TCP //~ read(end)
    close(conn); //~ close
}
