#include "bench/replies.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/support.h"

enum { MAX_REPLIES = 64, NAME_SIZE = 160, PATH_SIZE = 512 };

struct cached {
    char name[NAME_SIZE];
    struct bench_reply reply;
};

static struct cached cache[MAX_REPLIES];
static size_t cached_count;

static bool is_plain(const char *text)
{
    return *text && !strchr(text, '.') && !strchr(text, '/');
}

/* PATH of "POST /PATH HTTP/1.1" and OPERATION of the SOAPAction. */
static bool parse(const char *header, char path[64], char operation[64])
{
    const char *action = strcasestr(header, "\r\nSOAPAction:");

    return action && sscanf(header, "POST /%63[^ ]", path) == 1 &&
           sscanf(action + 2, "%*[^:]:%*[ \"]%63[A-Za-z]", operation) == 1 && is_plain(path) &&
           is_plain(operation);
}

/* What tells the wanted page from the first, in the name of its file: two in a row differ. */
static const char *page_suffix(const char *operation, const char *body)
{
    const char *index = strstr(body, "Index>");
    int page = index ? atoi(index + strlen("Index>")) : 0;

    if (strcmp(operation, "SearchClientLinks") != 0)
        return "";
    if (page >= BENCH_LAST_PAGE)
        return ".last";
    return page % 2 ? ".odd" : "";
}

static void load(struct bench_reply *reply, const char *file, bool closes)
{
    size_t body_size;
    char *body = bench_read_file(file, &body_size);
    char header[256];
    int header_size = snprintf(header, sizeof header,
                               "HTTP/1.1 200 OK\r\n"
                               "Content-Type: text/xml; charset=utf-8\r\n"
                               "Content-Length: %zu\r\n%s\r\n",
                               body_size, closes ? "Connection: close\r\n" : "");

    reply->size = (size_t)header_size + body_size;
    reply->closes = closes;
    reply->bytes = malloc(reply->size);
    if (!reply->bytes)
        bench_die("no memory");
    memcpy(reply->bytes, header, (size_t)header_size);
    memcpy(reply->bytes + header_size, body, body_size);
    free(body);
}

/* Replies that do not say Connection: close have names that begin with a slash. */
static const struct bench_reply *find(const char *name)
{
    for (size_t i = 0; i < cached_count; i++) {
        if (strcmp(cache[i].name, name) == 0)
            return &cache[i].reply;
    }
    return NULL;
}

const struct bench_reply *bench_find_reply(const char *folder, const char *header, const char *body)
{
    char path[64];
    char operation[64];
    char name[NAME_SIZE];
    char file[PATH_SIZE];
    bool closes = strcasestr(header, "\r\nConnection: close") != NULL;
    const char *suffix;
    const struct bench_reply *known;

    if (!parse(header, path, operation))
        return NULL;
    suffix = page_suffix(operation, body);
    snprintf(name, sizeof name, "%s%s/%s%s", closes ? "" : "/", path, operation, suffix);
    known = find(name);
    if (known)
        return known;
    snprintf(file, sizeof file, "%s/%s/%s%s.xml", folder, path, operation, suffix);
    if (*suffix && access(file, R_OK) != 0)
        snprintf(file, sizeof file, "%s/%s/%s.xml", folder, path, operation);
    if (access(file, R_OK) != 0 || cached_count == MAX_REPLIES)
        return NULL;
    load(&cache[cached_count].reply, file, closes);
    memcpy(cache[cached_count].name, name, sizeof name);
    return &cache[cached_count++].reply;
}
