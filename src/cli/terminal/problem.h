/*
 * What is wrong with an input, and where.
 */
#ifndef BACM_CLI_TERMINAL_PROBLEM_H
#define BACM_CLI_TERMINAL_PROBLEM_H

#include <stddef.h>

struct problem {
    unsigned long line; /* 1 for the first; 0: the input as a whole */
    size_t column;      /* CSV: number of the column; 0: none is meant */
    size_t byte;        /* JSON: byte of the line, 1 for the first; 0: none is meant */
    char field[64];     /* name of the column or key; "" when none is meant */
    char reason[640];
    char remedy[320]; /* "" when the reason says it */
};

/* Fill in reason and remedy; the place stays. */
void problem_set(struct problem *problem, const char *remedy, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Report on stderr: "FILE:LINE: column N (NAME): REASON; REMEDY". */
void problem_report(const struct problem *problem, const char *path);

#endif
