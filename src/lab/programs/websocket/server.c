// WebSocket server by hand (RFC 6455). Usage: server [ADDRESS [PORT]]
#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { TEXT = 0x1, CLOSE = 0x8, PING = 0x9, PONG = 0xA };

// SHA-1 (RFC 3174) of a text shorter than 120 bytes.
static void sha1(const char *text, uint8_t out[20]) {
    uint32_t h[5] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
    uint8_t block[128] = {0};
    size_t length = strlen(text), whole = length < 56 ? 64 : 128;
    memcpy(block, text, length);
    block[length] = 0x80;
    block[whole - 2] = length * 8 >> 8;
    block[whole - 1] = length * 8;
    for (uint8_t *p = block; p < block + whole; p += 64) {
        uint32_t w[80], a = h[0], b = h[1], c = h[2], d = h[3], e = h[4];
        for (int i = 0; i < 80; i++) {
            if (i < 16) {
                uint8_t *q = p + 4 * i;
                w[i] = (uint32_t)q[0] << 24 | q[1] << 16 | q[2] << 8 | q[3];
            } else {
                uint32_t x = w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16];
                w[i] = x << 1 | x >> 31;
            }
            uint32_t f = i < 20   ? ((b & c) | (~b & d)) + 0x5A827999
                         : i < 40 ? (b ^ c ^ d) + 0x6ED9EBA1
                         : i < 60 ? ((b & c) | (b & d) | (c & d)) + 0x8F1BBCDC
                                  : (b ^ c ^ d) + 0xCA62C1D6;
            uint32_t t = (a << 5 | a >> 27) + f + e + w[i];
            e = d, d = c, c = b << 30 | b >> 2, b = a, a = t;
        }
        h[0] += a, h[1] += b, h[2] += c, h[3] += d, h[4] += e;
    }
    for (int i = 0; i < 20; i++)
        out[i] = h[i / 4] >> (24 - i % 4 * 8);
}

static void base64(const uint8_t *in, int length, char *out) {
    const char *abc = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (int i = 0; i < length; i += 3) {
        uint32_t v = in[i] << 16;
        v |= i + 1 < length ? in[i + 1] << 8 : 0;
        v |= i + 2 < length ? in[i + 2] : 0;
        for (int k = 0; k < 4; k++)
            *out++ = i + k > length ? '=' : abc[v >> (18 - 6 * k) & 63];
    }
    *out = 0;
}

static void receive(int conn, void *to, size_t length) {
    for (size_t have = 0; have < length;) {
        ssize_t n = read(conn, (char *)to + have, length - have); //~ read
        if (n <= 0)
            exit(1);
        have += n;
    }
}

int main(int argc, char **argv) {
    int port = argc > 2 ? atoi(argv[2]) : 80;
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port)};
    inet_pton(AF_INET, argc > 1 ? argv[1] : "127.0.0.1", &at.sin_addr);
    int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1; //~ socket
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on); //~ setsockopt
    if (bind(listener, (struct sockaddr *)&at, sizeof at) < 0) { //~ bind
        perror("bind");
        return 1;
    }
    listen(listener, 128); //~ listen
    int conn = accept(listener, NULL, NULL); //~ accept

    // It begins as HTTP: the head of a GET with a random key.
    char head[4096] = "";
    for (size_t n = 0; !strstr(head, "\r\n\r\n") && n < sizeof head - 1; n++)
        receive(conn, head + n, 1); //~ read(1)
    char *field = strstr(head, "Sec-WebSocket-Key: ");
    char key[64] = "", accept_key[40], answer[256];
    uint8_t digest[20];
    if (!field || sscanf(field + 19, "%24s", key) != 1)
        return 1;
    // The proof that this server speaks WebSocket: the key and a fixed text, hashed.
    strcat(key, "258EAFA5-E914-47DA-95CA-C5AB0DC85B11");
    sha1(key, digest);
    base64(digest, 20, accept_key);
    int length = snprintf(answer, sizeof answer,
                          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                          "Connection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n", accept_key);
    write(conn, answer, length); //~ write(1)

    for (int opcode = 0; opcode != CLOSE;) {
        // From here on: frames. The client's are masked: each byte XOR one of four key bytes.
        uint8_t header[2], more[2], mask[4];
        static uint8_t frame[4 + 65536];
        receive(conn, header, 2); //~ read
        opcode = header[0] & 0x0F;
        size_t size = header[1] & 0x7F, begin = 2;
        if (size == 126) {
            receive(conn, more, 2);
            size = more[0] << 8 | more[1];
            begin = 4;
        }
        receive(conn, mask, 4);
        receive(conn, frame + begin, size);
        for (size_t i = 0; i < size; i++)
            frame[begin + i] ^= mask[i % 4];
        frame[0] = 0x80 | (opcode == PING ? PONG : opcode);
        frame[1] = begin == 2 ? size : 126;
        frame[2] = begin == 2 ? frame[2] : size >> 8;
        frame[3] = begin == 2 ? frame[3] : size;
        write(conn, frame, begin + size); //~ write
    }
    shutdown(conn, SHUT_WR); // the server ends the TCP connection first //~ shutdown
    read(conn, head, 1); //~ read(end)
    close(conn); //~ close(connection)
    close(listener); //~ close(listener)
}
