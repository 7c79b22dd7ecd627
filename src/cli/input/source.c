#include "cli/input/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "cli/terminal/message.h"

#define BLOCK_BYTES 65536

struct source {
    const char *name;
    int fd;
    bool spooled; /* the descriptor is that of the temporary file */
    struct stat opened;
    char block[BLOCK_BYTES];
    size_t at;
    size_t end;
    unsigned long line;
    bool line_ended;  /* the last piece ended with a line break */
    bool after_cr;    /* it ended with CR: a LF that follows belongs to it */
    EVP_MD_CTX *hash; /* NULL once the digest is known */
    char digest[SOURCE_DIGEST_BYTES];
};

static bool write_all(int fd, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t written = write(fd, bytes, size);

        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return false;
        bytes += written;
        size -= (size_t)written;
    }
    return true;
}

static ssize_t read_some(int fd, char *bytes, size_t size)
{
    ssize_t got;

    do
        got = read(fd, bytes, size);
    while (got < 0 && errno == EINTR);
    return got;
}

/* The same file at a number behind the standard streams, which are written to elsewhere. */
static int above_streams(int fd)
{
    int above = fd;

    if (fd >= 0 && fd <= STDERR_FILENO) {
        above = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
        close(fd);
    }
    return above;
}

/* A temporary file without a name: nothing is left behind, whatever happens. */
static int open_spool(void)
{
    const char *folder = getenv("TMPDIR");
    char path[4096];
    int fd;

    if (folder == NULL || *folder == '\0')
        folder = "/tmp";
    if ((size_t)snprintf(path, sizeof path, "%s/bacm-XXXXXX", folder) >= sizeof path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    fd = mkostemp(path, O_CLOEXEC);
    if (fd >= 0)
        unlink(path);
    return above_streams(fd);
}

/* Copy what cannot be read twice; the source then reads the copy. */
static bool spool(struct source *source)
{
    int copy = open_spool();
    ssize_t got;

    if (copy < 0) {
        message_error("no temporary file for %s: %s; set TMPDIR", source->name, strerror(errno));
        return false;
    }
    while ((got = read_some(source->fd, source->block, sizeof source->block)) > 0) {
        if (!write_all(copy, source->block, (size_t)got)) {
            message_error("temporary copy of %s: %s; set TMPDIR to a folder with more room",
                          source->name, strerror(errno));
            close(copy);
            return false;
        }
    }
    if (got < 0) {
        message_error("%s: %s", source->name, strerror(errno));
        close(copy);
        return false;
    }
    if (source->fd != STDIN_FILENO)
        close(source->fd);
    source->fd = copy;
    source->spooled = true;
    return lseek(copy, 0, SEEK_SET) == 0;
}

static bool prepare(struct source *source, const char *path)
{
    bool standard = strcmp(path, "-") == 0;

    source->name = standard ? "stdin" : path;
    source->fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (source->fd < 0 || fstat(source->fd, &source->opened) != 0) {
        message_error("%s: %s", source->name, strerror(errno));
        return false;
    }
    if (S_ISDIR(source->opened.st_mode)) {
        message_error("%s: this is a folder; name a file in it", source->name);
        return false;
    }
    /* Standard input may be shared, and may stand in the middle of a file. */
    if (standard || !S_ISREG(source->opened.st_mode))
        return spool(source);
    return true;
}

static bool start_hash(struct source *source)
{
    source->hash = EVP_MD_CTX_new();
    if (source->hash != NULL && EVP_DigestInit_ex(source->hash, EVP_sha256(), NULL))
        return true;
    message_error("out of memory");
    return false;
}

struct source *source_open(const char *path)
{
    struct source *source = calloc(1, sizeof *source);

    if (source == NULL) {
        message_error("out of memory");
        return NULL;
    }
    source->fd = -1;
    source->line = 1;
    if (!prepare(source, path) || !start_hash(source)) {
        source_close(source);
        return NULL;
    }
    return source;
}

const char *source_name(const struct source *source)
{
    return source->name;
}

static void end_hash(struct source *source)
{
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned size = 0;

    if (source->hash == NULL)
        return;
    EVP_DigestFinal_ex(source->hash, bytes, &size);
    EVP_MD_CTX_free(source->hash);
    source->hash = NULL;
    for (size_t i = 0; i < size && 2 * i + 2 < SOURCE_DIGEST_BYTES; i++)
        snprintf(source->digest + 2 * i, 3, "%02x", bytes[i]);
}

/*
 * What was checked must be what is sent, so nobody may write to the file in
 * the meantime.
 */
static bool unchanged(const struct source *source)
{
    struct stat now;

    return source->spooled ||
           (fstat(source->fd, &now) == 0 && now.st_size == source->opened.st_size &&
            now.st_mtim.tv_sec == source->opened.st_mtim.tv_sec &&
            now.st_mtim.tv_nsec == source->opened.st_mtim.tv_nsec);
}

/* Read the next block; false at the end and on a problem. */
static bool refill(struct source *source, struct problem *problem)
{
    ssize_t got = read_some(source->fd, source->block, sizeof source->block);

    source->at = 0;
    source->end = got > 0 ? (size_t)got : 0;
    if (got < 0) {
        problem_set(problem, "", "%s", strerror(errno));
        return false;
    }
    if (!unchanged(source)) {
        problem_set(problem, "wait until the file is complete and start again",
                    "the file was changed while it was being read");
        return false;
    }
    if (got == 0) {
        end_hash(source);
        return false;
    }
    if (source->hash != NULL)
        EVP_DigestUpdate(source->hash, source->block, source->end);
    return true;
}

/* Bytes up to and with the first CR or LF. */
static size_t piece_size(const char *bytes, size_t size, bool *ended)
{
    const char *lf = memchr(bytes, '\n', size);
    size_t to_lf = lf != NULL ? (size_t)(lf - bytes) + 1 : size;
    const char *cr = memchr(bytes, '\r', to_lf);

    *ended = lf != NULL || cr != NULL;
    return cr != NULL ? (size_t)(cr - bytes) + 1 : to_lf;
}

bool source_piece(struct source *source, const char **piece, size_t *size, struct problem *problem)
{
    bool ended;

    if (source->at == source->end && !refill(source, problem))
        return false;
    *piece = source->block + source->at;
    if (source->after_cr && **piece == '\n') {
        /* Second half of a CRLF: of the same line. */
        *size = 1;
        source->at++;
        source->after_cr = false;
        return true;
    }
    if (source->line_ended)
        source->line++;
    *size = piece_size(*piece, source->end - source->at, &ended);
    source->at += *size;
    source->line_ended = ended;
    source->after_cr = ended && (*piece)[*size - 1] == '\r';
    return true;
}

unsigned long source_line(const struct source *source)
{
    return source->line;
}

char source_peek(struct source *source, struct problem *problem)
{
    if (source->at == source->end && !refill(source, problem))
        return 0;
    for (size_t i = source->at; i < source->end; i++) {
        if (strchr(" \t\r\n\xef\xbb\xbf", source->block[i]) == NULL)
            return source->block[i];
    }
    return 0;
}

bool source_rewind(struct source *source, struct problem *problem)
{
    if (lseek(source->fd, 0, SEEK_SET) != 0) {
        problem_set(problem, "", "%s", strerror(errno));
        return false;
    }
    source->at = source->end = 0;
    source->line = 1;
    source->line_ended = source->after_cr = false;
    return true;
}

void source_digest(const struct source *source, char digest[SOURCE_DIGEST_BYTES])
{
    memcpy(digest, source->digest, SOURCE_DIGEST_BYTES);
}

void source_close(struct source *source)
{
    if (source == NULL)
        return;
    if (source->fd >= 0 && source->fd != STDIN_FILENO)
        close(source->fd);
    EVP_MD_CTX_free(source->hash);
    free(source);
}
