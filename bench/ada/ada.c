// Times ada inside a process that exports its C interface, as Node does: process.dlopen runs the constructor below.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef void *ada_url;
typedef struct { const char *data; size_t length; } ada_string;

enum { WARM_UP = 5, PASSES = 15 };

static long now(void) { struct timespec t; clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t); return t.tv_sec * 1000000000L + t.tv_nsec; }

static int compare(const void *a, const void *b) { long x = *(const long *)a, y = *(const long *)b; return (x > y) - (x < y); }

__attribute__((constructor)) static void run(void)
{
    ada_url (*parse)(const char *, size_t) = (ada_url (*)(const char *, size_t))dlsym(RTLD_DEFAULT, "ada_parse");
    char (*is_valid)(ada_url) = (char (*)(ada_url))dlsym(RTLD_DEFAULT, "ada_is_valid");
    ada_string (*href)(ada_url) = (ada_string (*)(ada_url))dlsym(RTLD_DEFAULT, "ada_get_href");
    void (*release)(ada_url) = (void (*)(ada_url))dlsym(RTLD_DEFAULT, "ada_free");
    char (*can_parse)(const char *, size_t) = (char (*)(const char *, size_t))dlsym(RTLD_DEFAULT, "ada_can_parse");
    const char *path = getenv("URLS");
    if (!parse || !is_valid || !href || !release || !can_parse || !path) { return; }
    FILE *file = fopen(path, "rb");
    if (!file) { return; }
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    char *text = malloc(size + 1);
    if (fread(text, 1, size, file) != (size_t)size) { return; }
    text[size] = 0;
    size_t count = 0;
    ada_string *urls = malloc(sizeof(ada_string) * (size / 2 + 1));
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) { urls[count++] = (ada_string){line, strlen(line)}; }
    long times[2][PASSES];
    int accepted = 0;
    volatile size_t sink = 0;
    for (int pass = -WARM_UP; pass < PASSES; pass++)
    {
        long start = now();
        accepted = 0;
        for (size_t i = 0; i < count; i++)
        {
            ada_url url = parse(urls[i].data, urls[i].length);
            if (is_valid(url)) { accepted++; sink += href(url).length; }
            release(url);
        }
        long middle = now();
        int could = 0;
        for (size_t i = 0; i < count; i++) { could += can_parse(urls[i].data, urls[i].length); }
        sink += could;
        if (pass >= 0) { times[0][pass] = middle - start; times[1][pass] = now() - middle; }
    }
    for (int i = 0; i < 2; i++) { qsort(times[i], PASSES, sizeof(long), compare); }
    printf("%.1f %.1f %d\n", (double)times[0][PASSES / 2] / count, (double)times[1][PASSES / 2] / count, accepted);
    fflush(stdout);
}
