/*
 * Files with secrets: nobody else may read them or put words into them.
 */
#ifndef BACM_CLI_PROFILE_PRIVATE_FILE_H
#define BACM_CLI_PROFILE_PRIVATE_FILE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

enum private_file_result {
    PRIVATE_FILE_READ,
    PRIVATE_FILE_ABSENT, /* there is none */
    PRIVATE_FILE_WRONG   /* a message was given */
};

/*
 * Read a whole file of at most limit bytes into new memory, with a NUL behind
 * it; free with private_file_free(). Refused when others can read or write it,
 * with the command that mends it.
 */
enum private_file_result private_file_read(const char *path, size_t limit, char **text,
                                           size_t *size);

/* Cleanse and free what was read. */
void private_file_free(char *text, size_t size);

/* A new file that has its place on the disk but neither its contents nor its name yet. */
struct private_draft {
    char path[PATH_MAX]; /* "": there is none */
    int fd;
};

#define PRIVATE_DRAFT_NONE                                                                         \
    {                                                                                              \
        "", -1                                                                                     \
    }

/*
 * Make a new file beside the one that it is to replace, with mode 0600, and reserve
 * this many bytes for it, for good. False after a message.
 */
bool private_draft_reserve(struct private_draft *draft, const char *path, size_t size);

/*
 * Write the text into the draft, and put the draft in the place of the file: after a
 * crash at any moment there is the old one or the new one, whole. The draft is used up.
 * False after a message.
 */
bool private_draft_use(struct private_draft *draft, const char *path, const char *text,
                       size_t size);

/* Remove a draft that was not used. */
void private_draft_drop(struct private_draft *draft);

/* Reserve and use in one. False after a message. */
bool private_file_write(const char *path, const char *text, size_t size);

/* Whether there is such a file, of this user and for nobody else's eyes; no message. */
bool private_file_is_mine(const char *path);

/* Remove what writes that were cut short have left beside the file. */
void private_file_tidy(const char *path);

/* Remove the file and what a write that was cut short has left beside it. */
bool private_file_remove(const char *path);

/*
 * A lock among the processes of this user, in a file of mode 0600, for at most wait_ms.
 * It goes when the process ends. The result is a descriptor for private_unlock(), or
 * one of these, after a message but for the first.
 */
#define PRIVATE_LOCK_BUSY   (-1)
#define PRIVATE_LOCK_FAILED (-2)
int private_lock(const char *path, unsigned wait_ms);
void private_unlock(int lock);

#endif
