/*
 * What an input calls its fields: names of either version, in any spelling that people
 * and spreadsheets give them, names of the Microsoft Advertising pages, and those of the
 * records that bacm itself writes.
 */
#ifndef BACM_CLI_INPUT_NAMES_H
#define BACM_CLI_INPUT_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/input/link_fields.h"
#include "cli/input/options.h"
#include "cli/profile/version.h"
#include "cli/terminal/problem.h"

/*
 * The client is ClientAccountId in v11 and ClientEntityId in v13: an input may use
 * either with both versions, but one only.
 */
enum row_spelling { ROW_NOT_SPELLED, ROW_AS_ACCOUNT, ROW_AS_ENTITY };

/* Most headers that --map may name. */
#define NAMES_MAX_MAPPED 64

struct row_names {
    const struct version *version;
    const struct input_options *options;
    bool to_add; /* the rows are to be invited; else only their clients matter */
    enum row_spelling spelling;
    bool loose;          /* some name was none of ClientLink: an id wins over a number beside it,
                            but for that of a CustomerLink */
    bool page_customers; /* customers are named as the pages do, also those of accounts */
    bool link_record;    /* it is what bacm search writes: dates are those of earlier links */
    bool guessed;        /* some name was understood that is not written exactly */
    uint64_t mapped;     /* lines of --map whose header was there, a bit each */
};

/* How sure a name is. */
enum name_match { NAME_UNKNOWN, NAME_CLOSE, NAME_EXACT };

/* Name of a field as the input spells it, or else the version. */
const char *row_name(const struct row_names *names, enum row_field field);

/* Field of an element's name in any version, or ROW_FIELD_COUNT. */
enum row_field row_find(const char *name);

/*
 * What a name may mean, without regard to what stands in the input otherwise;
 * ROW_PASSED_OVER for what only records have.
 */
enum name_match name_look_up(const char *name, enum row_field *field);

/*
 * Field of a name that stands in the input; ROW_PASSED_OVER when it is to be left
 * aside; ROW_FIELD_COUNT with a problem when it is none, or none of this version, or
 * spelled in another way before. match tells how sure that is.
 */
enum row_field row_take_name(struct row_names *names, const char *name, enum name_match *match,
                             struct problem *problem);

/* Whether each line of --map is HEADER=NAME, and no header is there twice; else a problem. */
bool names_check_map(const char *map, struct problem *problem);

/* The names that stand in an input, one by one from 0 on; NULL behind the last one. */
typedef const char *names_nth(const void *user, size_t i);

/*
 * To be called when all names were taken: whether each header of --map was among them, else
 * a problem, which tells those that nth has. nth may be NULL.
 */
bool names_map_is_used(const struct row_names *names, names_nth *nth, const void *user,
                       struct problem *problem);

#endif
