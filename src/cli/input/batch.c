#include "cli/input/batch.h"

struct row *batch_next(struct batch *batch)
{
    return &batch->rows[batch->count];
}

void batch_take(struct batch *batch)
{
    batch->links[batch->count] = &batch->rows[batch->count].link;
    batch->count++;
}

bool batch_is_full(const struct batch *batch)
{
    return batch->count == BACM_MAX_LINKS_PER_CALL;
}

void batch_clear(struct batch *batch)
{
    batch->count = 0;
}

void batch_free(struct batch *batch)
{
    for (size_t i = 0; i < BACM_MAX_LINKS_PER_CALL; i++)
        row_free(&batch->rows[i]);
}
