// A peer of `trm bench fanout`: what one send() per message and client costs, and nothing besides.
//
// Accepts WebSocket clients, writes the 898-byte message's frame once per broadcast and gives it to every socket in turn.
// Protocol with the bench: a first line of JSON on stdout, then lines on stdin, `go N`: up to N broadcasts in all are to be
// made. The end of the input ends it.
//
//     cc -O2 -o raw_loop raw_loop.c && ./raw_loop message.json

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MAX_CLIENTS = 65536, MAX_MESSAGE = 4096, MAX_REQUEST = 4096, TIMESTAMP_LENGTH = 27, STAMPS = 2 };

typedef struct {
    int fd;
    int open;  // the handshake is done
    int length;
    char request[MAX_REQUEST];
} client_t;

static client_t *clients[MAX_CLIENTS];  // by file descriptor
static int open_fds[MAX_CLIENTS];
static int open_count;

static uint8_t frame[4 + MAX_MESSAGE];
static int frame_length;
static char *stamps[STAMPS];  // where the frame tells the time

// ---- SHA-1 and base64, for the handshake ----

static uint32_t rotate(uint32_t value, int bits) { return value << bits | value >> (32 - bits); }

static void sha1(const uint8_t *data, int length, uint8_t digest[20]) {
    uint32_t h[5] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
    uint8_t padded[256] = {0};
    int total = ((length + 8) / 64 + 1) * 64;
    memcpy(padded, data, length);
    padded[length] = 0x80;
    for (int i = 0; i < 8; i++) padded[total - 1 - i] = (uint8_t)((uint64_t)length * 8 >> (8 * i));
    for (int block = 0; block < total; block += 64) {
        uint32_t w[80];
        for (int i = 0; i < 16; i++) {
            const uint8_t *p = padded + block + 4 * i;
            w[i] = (uint32_t)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3];
        }
        for (int i = 16; i < 80; i++) w[i] = rotate(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
        uint32_t a = h[0], b = h[1], c = h[2], d = h[3], e = h[4];
        for (int i = 0; i < 80; i++) {
            uint32_t f = i < 20 ? (b & c) | (~b & d) : i < 40 ? b ^ c ^ d : i < 60 ? (b & c) | (b & d) | (c & d) : b ^ c ^ d;
            uint32_t k = i < 20 ? 0x5A827999 : i < 40 ? 0x6ED9EBA1 : i < 60 ? 0x8F1BBCDC : 0xCA62C1D6;
            uint32_t next = rotate(a, 5) + f + e + k + w[i];
            e = d, d = c, c = rotate(b, 30), b = a, a = next;
        }
        h[0] += a, h[1] += b, h[2] += c, h[3] += d, h[4] += e;
    }
    for (int i = 0; i < 20; i++) digest[i] = (uint8_t)(h[i / 4] >> (24 - 8 * (i % 4)));
}

static void base64(const uint8_t *data, int length, char *text) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (int i = 0; i < length; i += 3) {
        uint32_t group = data[i] << 16 | (i + 1 < length ? data[i + 1] : 0) << 8 | (i + 2 < length ? data[i + 2] : 0);
        for (int k = 0; k < 4; k++) *text++ = k > length - i ? '=' : digits[group >> (18 - 6 * k) & 63];
    }
    *text = 0;
}

// ---- clients ----

static void drop(client_t *client) {
    clients[client->fd] = NULL;
    for (int i = 0; i < open_count; i++) {
        if (open_fds[i] == client->fd) open_fds[i] = open_fds[--open_count];
    }
    close(client->fd);
    free(client);
}

static int answer(client_t *client) {
    const char *name = "Sec-WebSocket-Key:";
    char *key = strcasestr(client->request, name);
    if (!key) return 0;
    key += strlen(name);
    key += strspn(key, " ");
    char challenge[128];
    uint8_t digest[20];
    char accept[32], response[256];
    int length = snprintf(challenge, sizeof challenge, "%.*s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", (int)strcspn(key, "\r\n "), key);
    if (length >= (int)sizeof challenge) return 0;
    sha1((uint8_t *)challenge, length, digest);
    base64(digest, 20, accept);
    length = snprintf(response, sizeof response,
                      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n", accept);
    return send(client->fd, response, length, MSG_NOSIGNAL) == length;
}

static void read_from(client_t *client) {
    char scrap[4096];
    char *target = client->open ? scrap : client->request + client->length;
    int room = client->open ? (int)sizeof scrap : MAX_REQUEST - 1 - client->length;
    int count = (int)recv(client->fd, target, room, MSG_DONTWAIT);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (count <= 0) {
        drop(client);
        return;
    }
    if (client->open) return;  // what clients say is of no interest here
    client->length += count;
    client->request[client->length] = 0;
    if (!strstr(client->request, "\r\n\r\n")) return;
    if (!answer(client)) {
        drop(client);
        return;
    }
    client->open = 1;
    open_fds[open_count++] = client->fd;
}

static void accept_all(int listener, int epoll) {
    int fd;
    while ((fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0) {
        if (fd >= MAX_CLIENTS) {
            close(fd);
            continue;
        }
        int on = 1;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        clients[fd] = calloc(1, sizeof *clients[fd]);
        clients[fd]->fd = fd;
        struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
        epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
    }
}

// ---- broadcasts ----

static void load(const char *path) {
    char text[MAX_MESSAGE];
    FILE *file = fopen(path, "r");
    int length = file ? (int)fread(text, 1, sizeof text, file) : 0;
    while (length > 0 && text[length - 1] == '\n') length--;
    if (length < 126) {
        printf("{\"ready\":false,\"reason\":\"%s cannot be read\"}\n", path);
        exit(1);
    }
    frame[0] = 0x81, frame[1] = 126, frame[2] = (uint8_t)(length >> 8), frame[3] = (uint8_t)length;
    memcpy(frame + 4, text, length);
    frame_length = 4 + length;
    char *at = (char *)frame + 4;
    for (int i = 0; i < STAMPS; i++) {
        at = memmem(at, frame_length, "\"timestamp\":\"", 13);
        stamps[i] = at += 13;
    }
}

static void tell_time(void) {
    struct timespec now;
    struct tm utc;
    char text[64];
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &utc);
    snprintf(text + 19, sizeof text - 19, ".%06ldZ", now.tv_nsec / 1000);
    for (int i = 0; i < STAMPS; i++) memcpy(stamps[i], text, TIMESTAMP_LENGTH);
}

static void broadcast(void) {
    tell_time();
    for (int i = 0; i < open_count; i++) {
        // The bench never lets so much wait that a socket of a client that reads is full.
        if (send(open_fds[i], frame, frame_length, MSG_NOSIGNAL | MSG_DONTWAIT) != frame_length) {
            if (errno == EAGAIN) continue;
            drop(clients[open_fds[i--]]);
        }
    }
}

static long granted;

static void listen_to_bench(void) {
    static char line[256];
    static int length;
    int count = (int)read(STDIN_FILENO, line + length, sizeof line - 1 - length);
    if (count == 0) exit(0);
    if (count < 0) return;
    length += count;
    line[length] = 0;
    char *start = line, *end;
    while ((end = strchr(start, '\n'))) {
        long number;
        if (sscanf(start, "go %ld", &number) == 1) granted = number;
        start = end + 1;
    }
    length = (int)strlen(start);
    memmove(line, start, length);
}

int main(int argc, char **argv) {
    if (argc != 2) return 2;
    load(argv[1]);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    if (bind(listener, (struct sockaddr *)&address, size) || listen(listener, 4096) || getsockname(listener, (struct sockaddr *)&address, &size)) return 1;
    fcntl(STDIN_FILENO, F_SETFL, O_NONBLOCK);

    int epoll = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = listener};
    epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event);
    event.data.fd = STDIN_FILENO;
    epoll_ctl(epoll, EPOLL_CTL_ADD, STDIN_FILENO, &event);
    printf("{\"ready\":true,\"port\":%d,\"name\":\"raw C loop\",\"version\":\"%s\"}\n", ntohs(address.sin_port), __VERSION__);
    fflush(stdout);

    for (long published = 0;;) {
        struct epoll_event events[256];
        int count = epoll_wait(epoll, events, 256, published < granted ? 0 : -1);
        for (int i = 0; i < count; i++) {
            int fd = events[i].data.fd;
            if (fd == listener) accept_all(listener, epoll);
            else if (fd == STDIN_FILENO) listen_to_bench();
            else if (clients[fd]) read_from(clients[fd]);
        }
        if (published < granted) {
            broadcast();
            published++;
        }
    }
}
