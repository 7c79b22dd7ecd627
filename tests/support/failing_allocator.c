#include "support/failing_allocator.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "support/check.h"

static atomic_long blocks;
static atomic_long calls;
static atomic_long fail_at = -1;
static long blocks_before;

static bool is_time_to_fail(void)
{
    return atomic_fetch_add(&calls, 1) == atomic_load(&fail_at);
}

static void *take(size_t size, void *user)
{
    void *memory = is_time_to_fail() ? NULL : malloc(size);

    (void)user;
    if (memory)
        atomic_fetch_add(&blocks, 1);
    return memory;
}

static void *again(void *memory, size_t size, void *user)
{
    if (!memory)
        return take(size, user);
    return is_time_to_fail() ? NULL : realloc(memory, size);
}

static void give(void *memory, void *user)
{
    (void)user;
    if (memory)
        atomic_fetch_sub(&blocks, 1);
    free(memory);
}

void failing_allocator_use(void)
{
    const bacm_allocator allocator = {sizeof allocator, take, again, give, NULL};

    if (bacm_set_allocator(&allocator) != BACM_OK) {
        fprintf(stderr, "the allocator cannot be replaced in this program\n");
        abort();
    }
}

void failing_allocator_arm(long k)
{
    blocks_before = atomic_load(&blocks);
    atomic_store(&calls, 0);
    atomic_store(&fail_at, k);
}

bool failing_allocator_disarm(void)
{
    long k = atomic_exchange(&fail_at, -1);
    long left = atomic_load(&blocks) - blocks_before;

    if (left)
        fail_msg("allocation %ld: %ld blocks are left", k, left);
    return atomic_load(&calls) > k;
}
