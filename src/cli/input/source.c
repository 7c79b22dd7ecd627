#include "cli/input/source.h"

#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "cli/terminal/message.h"

#define BLOCK_BYTES 65536
/* Bytes read at once where they are converted: a character of one byte becomes three at most. */
#define RAW_BYTES (BLOCK_BYTES / 4)

/* How an encoding is called: in options, to iconv, and to people. */
static const struct encoding {
    const char *option;
    const char *iconv; /* NULL: nothing to convert */
    const char *name;
    const char *mark; /* that the input begins with */
} encodings[] = {
    {"utf-8", NULL, "UTF-8", "\xef\xbb\xbf"},
    {"utf-16", "UTF-16LE", "UTF-16", "\xff\xfe"},
    {"utf-16", "UTF-16BE", "UTF-16", "\xfe\xff"},
    {"windows-1252", "WINDOWS-1252", "Windows-1252", ""},
};

#define ENCODING_COUNT (sizeof encodings / sizeof *encodings)

struct source {
    const char *name;
    int fd;
    bool spooled; /* the descriptor is that of the temporary file */
    struct stat opened;
    const char *wanted; /* encoding that was asked for; NULL: told by the mark */
    const struct encoding *encoding;
    bool begun;        /* the mark has been looked for */
    iconv_t converter; /* (iconv_t)-1: none */
    char raw[RAW_BYTES];
    size_t raw_size; /* bytes of a character that is not complete */
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

/* Nothing is left behind, whatever happens. */
int source_temporary(void)
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
    int copy = source_temporary();
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

struct source *source_open(const char *path, const char *encoding)
{
    struct source *source = calloc(1, sizeof *source);

    if (source == NULL) {
        message_error("out of memory");
        return NULL;
    }
    source->fd = -1;
    source->line = 1;
    source->wanted = encoding;
    source->encoding = &encodings[0];
    source->converter = (iconv_t)-1;
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

/* The encoding of the input that begins with these bytes, and the bytes of its mark. */
static const struct encoding *tell_encoding(const struct source *source, const char *bytes,
                                            size_t size, size_t *mark)
{
    const struct encoding *found = NULL;

    for (size_t i = 0; i < ENCODING_COUNT; i++) {
        const struct encoding *encoding = &encodings[i];

        if (source->wanted != NULL && strcmp(source->wanted, encoding->option) != 0)
            continue;
        *mark = strlen(encoding->mark);
        if (*mark > 0 && size >= *mark && memcmp(bytes, encoding->mark, *mark) == 0)
            return encoding;
        if (found == NULL)
            found = encoding;
    }
    *mark = 0;
    return found;
}

/* Find out the encoding from the first bytes, and take its mark away. */
static bool begin(struct source *source, char *bytes, size_t *size, struct problem *problem)
{
    size_t mark;

    source->encoding = tell_encoding(source, bytes, *size, &mark);
    *size -= mark;
    memmove(bytes, bytes + mark, *size);
    if (source->encoding->iconv == NULL)
        return true;
    if (source->converter != (iconv_t)-1)
        iconv_close(source->converter);
    source->converter = iconv_open("UTF-8", source->encoding->iconv);
    if (source->converter != (iconv_t)-1)
        return true;
    problem_set(problem, "save the file as UTF-8", "%s cannot be read here: %s",
                source->encoding->name, strerror(errno));
    return false;
}

/* Turn the raw bytes into UTF-8; the rest of a character is kept for the next time. */
static bool convert(struct source *source, bool at_end, struct problem *problem)
{
    char *from = source->raw;
    char *to = source->block;
    size_t left = source->raw_size;
    size_t room = sizeof source->block;
    size_t done = iconv(source->converter, &from, &left, &to, &room);

    if (done == (size_t)-1 && (errno != EINVAL || at_end)) {
        problem_set(problem, "save it anew, or name another --encoding",
                    "here is no character of %s, as which the file is read",
                    source->encoding->name);
        problem->line = source->line;
        return false;
    }
    memmove(source->raw, from, left);
    source->raw_size = left;
    source->end = (size_t)(to - source->block);
    return true;
}

/*
 * Read bytes behind those that are there; false at the end and on a problem. What was read
 * is in the block, or in raw where it is yet to be converted.
 */
static bool read_bytes(struct source *source, char *bytes, size_t *size, size_t room,
                       struct problem *problem)
{
    ssize_t got = read_some(source->fd, bytes + *size, room - *size);

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
        EVP_DigestUpdate(source->hash, bytes + *size, (size_t)got);
    *size += (size_t)got;
    return true;
}

/* Read the next block; false at the end and on a problem. */
static bool refill(struct source *source, struct problem *problem)
{
    source->at = source->end = 0;
    while (source->end == 0) {
        bool raw = source->begun && source->encoding->iconv != NULL;
        bool first = !source->begun;
        bool more =
            raw ? read_bytes(source, source->raw, &source->raw_size, sizeof source->raw, problem)
                : read_bytes(source, source->block, &source->end, first ? RAW_BYTES : BLOCK_BYTES,
                             problem);

        if (!more && problem->reason[0] != '\0')
            return false;
        source->begun = true;
        if (first && more && !begin(source, source->block, &source->end, problem))
            return false;
        if (first && more && source->encoding->iconv != NULL) {
            memcpy(source->raw, source->block, source->end);
            source->raw_size = source->end;
            source->end = 0;
            raw = true;
        }
        if (raw && source->raw_size > 0 && !convert(source, !more, problem))
            return false;
        if (!more)
            return source->end > 0;
    }
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

bool source_begin(struct source *source, const char **text, size_t *size, struct problem *problem)
{
    if (source->at == source->end && !refill(source, problem) && problem->reason[0] != '\0')
        return false;
    *text = source->block + source->at;
    *size = source->end - source->at;
    return true;
}

const char *source_encoding(const struct source *source)
{
    return source->encoding->name;
}

bool source_rewind(struct source *source, struct problem *problem)
{
    if (lseek(source->fd, 0, SEEK_SET) != 0) {
        problem_set(problem, "", "%s", strerror(errno));
        return false;
    }
    source->at = source->end = source->raw_size = 0;
    source->begun = false;
    source->line = 1;
    source->line_ended = source->after_cr = false;
    return true;
}

void source_digest(const struct source *source, char digest[SOURCE_DIGEST_BYTES])
{
    memcpy(digest, source->digest, SOURCE_DIGEST_BYTES);
}

bool source_is(const struct source *source, const struct stat *other)
{
    return !source->spooled && source->opened.st_dev == other->st_dev &&
           source->opened.st_ino == other->st_ino;
}

void source_close(struct source *source)
{
    if (source == NULL)
        return;
    if (source->fd >= 0 && source->fd != STDIN_FILENO)
        close(source->fd);
    EVP_MD_CTX_free(source->hash);
    if (source->converter != (iconv_t)-1)
        iconv_close(source->converter);
    free(source);
}
