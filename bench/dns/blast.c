// blast PORT SECONDS QUERIES: asks a DNS server on 127.0.0.1 as fast as it answers, from one thread; prints "answers lost noerror nxdomain other".
// QUERIES holds messages, each after its length in two bytes. A closed loop: so many queries of a socket are under way at once.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { BATCH = 32, SOCKETS = 4, WINDOW = 64, MAX = 1 << 19 };

static uint8_t *query[MAX];
static uint16_t length[MAX];
static uint8_t sent[BATCH][512], received[BATCH][2048];

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec * 1e-9;
}

int main(int count, char **arguments) {
    if (count != 4) { return 2; }
    struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons(atoi(arguments[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    FILE *file = fopen(arguments[3], "rb");
    uint8_t prefix[2];
    int queries = 0;
    if (!file) { perror("queries"); return 1; }
    while (queries < MAX && fread(prefix, 2, 1, file) == 1) {
        length[queries] = prefix[0] << 8 | prefix[1];
        query[queries] = malloc(length[queries]);
        if (length[queries] > 512 || fread(query[queries], length[queries], 1, file) != 1) { return 1; }
        queries++;
    }
    int open[SOCKETS] = {0};
    struct pollfd polled[SOCKETS];
    for (int i = 0; i < SOCKETS; i++) {
        int size = 4 << 20, socket_ = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
        setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
        if (connect(socket_, (struct sockaddr *)&server, sizeof server)) { perror("connect"); return 1; }
        polled[i] = (struct pollfd){.fd = socket_, .events = POLLIN};
    }
    struct mmsghdr out[BATCH] = {0}, in[BATCH] = {0};
    struct iovec to[BATCH], from[BATCH];
    for (int i = 0; i < BATCH; i++) {
        to[i].iov_base = sent[i];
        from[i] = (struct iovec){received[i], sizeof received[i]};
        out[i].msg_hdr = (struct msghdr){.msg_iov = to + i, .msg_iovlen = 1};
        in[i].msg_hdr = (struct msghdr){.msg_iov = from + i, .msg_iovlen = 1};
    }
    long answers = 0, lost = 0, codes[16] = {0};
    uint16_t id = 0;
    double end = now() + atof(arguments[2]), last = now();
    for (int next = 0; now() < end;) {
        int busy = 0;
        for (int i = 0; i < SOCKETS; i++) {
            while (WINDOW - open[i] >= 8) {
                int many = WINDOW - open[i] < BATCH ? WINDOW - open[i] : BATCH;
                for (int j = 0; j < many; j++, id++, next = (next + 1) % queries) {
                    memcpy(sent[j], query[next], length[next]);
                    sent[j][0] = id >> 8;
                    sent[j][1] = id;
                    to[j].iov_len = length[next];
                }
                int done = sendmmsg(polled[i].fd, out, many, 0);
                if (done <= 0) { break; }
                open[i] += done;
                busy = 1;
                if (done < many) { break; }
            }
            int done = recvmmsg(polled[i].fd, in, BATCH, MSG_DONTWAIT, 0);
            for (int j = 0; j < done; j++) { codes[received[j][3] & 15]++; }
            if (done <= 0) { continue; }
            answers += done;
            open[i] = open[i] > done ? open[i] - done : 0;
            busy = 1;
            last = now();
        }
        if (!busy && poll(polled, SOCKETS, 20) == 0 && now() - last > 0.1) {
            for (int i = 0; i < SOCKETS; i++) { lost += open[i]; open[i] = 0; }
            last = now();
        }
    }
    printf("%ld %ld %ld %ld %ld\n", answers, lost, codes[0], codes[3], answers - codes[0] - codes[3]);
    return 0;
}
