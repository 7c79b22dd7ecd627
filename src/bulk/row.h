/*
 * A row of the input on its way through a run, and the errors that belong to it.
 *
 * A row has one owner at a time: the coordinator, until it hands the row's call
 * to a lane, and again when the call comes back. Meanwhile the coordinator may
 * read what never changes: next, index, tag, link.
 */
#ifndef BACM_BULK_ROW_H
#define BACM_BULK_ROW_H

#include "bulk/row_state.h"
#include "bulk/service_clock.h"

/* Errors and their texts in one block of memory. */
struct bulk_errors {
    bacm_service_error *list;
    size_t count;
    size_t bytes; /* of the block */
};

/* Who has a row. */
enum bulk_row_place {
    BULK_ROW_AT_WORK = 0, /* a call, or nobody yet */
    BULK_ROW_ABANDONED,   /* may go to the sink as unknown while a lane still holds it */
    BULK_ROW_DELIVERED,   /* has gone so; belongs to its call */
    BULK_ROW_SETTLED      /* nothing will change any more; may go to the sink */
};

struct bulk_row {
    struct bulk_row *next; /* in the order of the input */
    uint64_t index;
    uint64_t tag;
    bacm_client_link link; /* its texts are behind the struct, in the same block */
    size_t bytes;          /* of this block; once settled, with the errors */

    enum bulk_row_place place;
    bool journaled; /* the journal has an entry of it */

    enum bulk_row_state state;
    struct bulk_moment sent; /* begin of the first attempt that is open */
    bacm_bulk_confirmation confirmed_by;
    bacm_status reason;
    char field[48];
    char tracking_id[64];
    struct bulk_errors errors;
};

/* Copy a row of the source; NULL when out of memory. */
struct bulk_row *bulk_row_new(uint64_t index, const bacm_bulk_row *from);
void bulk_row_free(struct bulk_row *row);

/* Bring a row to a state and drop errors of an earlier attempt. */
void bulk_row_decide(struct bulk_row *row, enum bulk_row_state state,
                     bacm_bulk_confirmation confirmed_by, bacm_status reason);

/* No more is done for a row: it is unknown when an attempt is open, else not sent. */
void bulk_row_give_up(struct bulk_row *row, bacm_status reason);

static inline bool bulk_row_is_decided(const struct bulk_row *row)
{
    return bulk_state_is_decided(row->state);
}

/*
 * Replace the errors by copies, cut to the bounds of bulk.h; false when out of memory, then
 * there are none.
 */
bool bulk_errors_set(struct bulk_errors *errors, const bacm_service_error *list, size_t count);
/* The same from an error object. */
bool bulk_errors_set_error(struct bulk_errors *errors, const bacm_error *error);
void bulk_errors_clear(struct bulk_errors *errors);

/*
 * Errors as JSON text, in the words of the command line's records. NULL when
 * out of memory; free() it.
 */
char *bulk_errors_to_json(const struct bulk_errors *errors);
/* False when the text is no such JSON or memory is out. */
bool bulk_errors_from_json(struct bulk_errors *errors, const char *json);

/* Copy text to a buffer, cut where it is too long. */
void bulk_text_copy(char *buffer, size_t size, const char *text);

#endif
