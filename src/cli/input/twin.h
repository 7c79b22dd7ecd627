/*
 * Two columns or members of one field, in different spellings: the one that is spelled
 * exactly counts, the other is passed over.
 */
#ifndef BACM_CLI_INPUT_TWIN_H
#define BACM_CLI_INPUT_TWIN_H

#include <stdbool.h>
#include <stdio.h>

#include "cli/input/row.h"

/* Whether the field tells who is invited by whom: nobody is invited on one of two values. */
bool twin_must_agree(enum row_field field);

/*
 * Whether what is passed over says what counts says, or nothing; other is the name of the
 * one that the problem is not placed at. False with a problem.
 */
bool twin_agrees(const struct row *counts, const struct row *passed_over, enum row_field field,
                 const char *other, struct problem *problem);

/* Name the one that is passed over, behind a comma. */
void twin_describe(const char *passed_over, const char *counts, FILE *file);

#endif
