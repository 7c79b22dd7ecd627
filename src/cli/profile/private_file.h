/*
 * Files with secrets: nobody else may read them or put words into them.
 */
#ifndef BACM_CLI_PROFILE_PRIVATE_FILE_H
#define BACM_CLI_PROFILE_PRIVATE_FILE_H

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

/*
 * Replace a file, or make it, with mode 0600: after a crash at any moment there
 * is the old one or the new one, whole. False after a message.
 */
bool private_file_write(const char *path, const char *text, size_t size);

/* Remove the file and what a write that was cut short has left beside it. */
bool private_file_remove(const char *path);

#endif
