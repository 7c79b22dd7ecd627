/*
 * Counts the library's memory, or lets it run out: allocator [FAIL_AT]. Every
 * block has a mark in front, so that one of another allocator would be noticed.
 */
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>

#include "../examples/service.h"

static const uint64_t mark = UINT64_C(0x6261636d6d656d21);

struct head {
    uint64_t mark;
    uint64_t size;
};

static atomic_long blocks;
static atomic_long calls;
static long fail_at = -1;

static void *take(size_t size, void *user)
{
    struct head *head;

    if (user != &blocks || atomic_fetch_add(&calls, 1) == fail_at)
        return NULL;
    head = malloc(sizeof *head + size);
    if (!head)
        return NULL;
    head->mark = mark;
    head->size = size;
    atomic_fetch_add(&blocks, 1);
    return head + 1;
}

static void give(void *memory, void *user)
{
    struct head *head = memory;

    (void)user;
    if (!memory)
        return;
    head--;
    if (head->mark != mark) {
        fputs("a block of another allocator\n", stderr);
        abort();
    }
    head->mark = 0;
    atomic_fetch_sub(&blocks, 1);
    free(head);
}

static void *again(void *memory, size_t size, void *user)
{
    void *other = take(size, user);

    if (other && memory) {
        const struct head *head = (const struct head *)memory - 1;

        memcpy(other, memory, head->size < size ? head->size : size);
        give(memory, user);
    }
    return other;
}

static int invite(bacm_client *client)
{
    bacm_client_link link = BACM_CLIENT_LINK_INIT;
    const bacm_client_link *links[] = {&link};
    bacm_link_results *results = NULL;
    bacm_error error;
    bacm_status status;

    link.client_account_id = 1001001;
    link.managing_customer_id = 2002002;
    status = bacm_links_add(&results, client, links, 1, &error);
    bacm_link_results_free(results);
    printf("%s\n", bacm_status_name(status));
    return status == BACM_OK ? 0 : 1;
}

int main(int argc, char **argv)
{
    const bacm_options options = example_options();
    bacm_allocator allocator = BACM_ALLOCATOR_INIT;
    bacm_credentials *credentials = NULL;
    bacm_client *client = NULL;
    bacm_error error;
    int code = 1;

    if (bacm_set_allocator(&allocator) != BACM_E_ARGUMENT)
        return 2; /* it has no functions yet */
    allocator.allocate = take;
    allocator.reallocate = again;
    allocator.release = give;
    allocator.user = &blocks;
    if (bacm_set_allocator(&allocator) != BACM_OK)
        return 2;
    if (argc > 1)
        fail_at = strtol(argv[1], NULL, 10);
    if (example_credentials(&credentials, &error) == BACM_OK &&
        bacm_client_new(&client, &options, credentials, &error) == BACM_OK)
        code = invite(client);
    else
        printf("%s\n", bacm_status_name(error.status));
    bacm_client_free(client);
    bacm_credentials_release(credentials);
    if (bacm_set_allocator(&allocator) != BACM_E_ARGUMENT)
        return 2; /* it is in use */
    printf("%ld calls, %ld blocks left\n", (long)calls, (long)blocks);
    return code;
}
