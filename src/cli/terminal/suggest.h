/*
 * "Did you mean": the nearest of a set of names.
 */
#ifndef BACM_CLI_TERMINAL_SUGGEST_H
#define BACM_CLI_TERMINAL_SUGGEST_H

#include <stddef.h>

/* Longest name that is compared. */
#define SUGGEST_MAX_NAME 64

/* Keeps the nearest of the names that it is shown. Borrows them. */
struct suggest {
    const char *wanted;
    const char *best;
    size_t distance;
};

void suggest_begin(struct suggest *suggest, const char *wanted);
void suggest_offer(struct suggest *suggest, const char *name);

/* The nearest name, or NULL when none is near enough to be meant. */
const char *suggest_best(const struct suggest *suggest);

#endif
