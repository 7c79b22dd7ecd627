/*
 * Texts from outside: what XML can carry, and copies that always end.
 */
#ifndef BACM_LIB_BASE_TEXT_H
#define BACM_LIB_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

enum bacm_text_fault { BACM_TEXT_OK = 0, BACM_TEXT_NOT_UTF8, BACM_TEXT_NOT_XML };

/*
 * Whether text is UTF-8 (no overlong form, no surrogate) and has only
 * characters that XML 1.0 allows. *offset is the byte of the first fault,
 * *characters the number of characters before it. Both may be NULL.
 */
enum bacm_text_fault bacm_text_check(const char *text, size_t *offset, size_t *characters);

/*
 * Copy text to buffer on one line: control characters and what XML does not allow
 * become spaces, runs of white space one space, and a cut never splits a character.
 */
void bacm_text_line(char *buffer, size_t size, const char *text);

/*
 * Put '?' in place of what no text should have: malformed UTF-8, control characters
 * but white space, what XML does not allow.
 */
void bacm_text_clean(char *text);

/* Drop the bytes that a cut has left of the last character. */
void bacm_text_end_whole(char *text);

/* The same as printf would make it. */
__attribute__((format(printf, 3, 4))) void bacm_text_format(char *buffer, size_t size,
                                                            const char *format, ...);

/* Whether text is not NULL and not empty. */
bool bacm_text_given(const char *text);

/* Now as "2018-05-01T12:00:00Z". */
void bacm_text_now(char *buffer, size_t size);

#endif
