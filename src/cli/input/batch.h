/*
 * Up to ten links with texts of their own: what one call carries.
 */
#ifndef BACM_CLI_INPUT_BATCH_H
#define BACM_CLI_INPUT_BATCH_H

#include <stdbool.h>
#include <stddef.h>

#include <bacm/links.h>

#include "cli/input/row.h"

/* Start from {0}. */
struct batch {
    struct row rows[BACM_MAX_LINKS_PER_CALL];
    const bacm_client_link *links[BACM_MAX_LINKS_PER_CALL];
    size_t count;
};

/* The row to fill next; batch_take() then makes it part of the batch. */
struct row *batch_next(struct batch *batch);
void batch_take(struct batch *batch);

bool batch_is_full(const struct batch *batch);

/* Forget the links; the memory is kept. */
void batch_clear(struct batch *batch);

void batch_free(struct batch *batch);

#endif
