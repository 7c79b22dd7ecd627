/*
 * The clients that a command is about: ids of accounts as arguments, ids of
 * customers as an option, and the clients of the rows of an input.
 */
#ifndef BACM_CLI_INPUT_CLIENTS_H
#define BACM_CLI_INPUT_CLIENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/input/options.h"
#include "cli/profile/version.h"
#include "cli/terminal/problem.h"

/* The option that names customers, in the commands that have it. */
#define CLIENT_CUSTOMER_OPTION                                                                     \
    {                                                                                              \
        "client-customer", 0, "ID", NULL,                                                          \
            "v13: client customers as well, several with commas between"                           \
    }

/* The service does not search for shorter ids. */
#define CLIENTS_LEAST_ID 1000

/* Where they come from. */
struct clients_source {
    const struct version *version;
    char **argument; /* ids of accounts, several in one with commas between */
    size_t argument_count;
    const char *customers;             /* ids of customers, with commas between; NULL: none */
    const struct input_options *input; /* path NULL: none */
};

struct clients {
    int64_t *ids; /* the accounts, then the customers; each once, else in the order given */
    size_t count;
    size_t account_count;
    int64_t manager;              /* the managing customer that the input names; 0: none */
    struct problem manager_place; /* where it does so first */
    const char *input;            /* what the input is called; NULL: there is none */
};

/* False after a message. */
bool clients_read(struct clients *clients, const struct clients_source *source);

/*
 * Whether the input names no other managing customer than the one in use, 0 when none is;
 * false after a message. To be called before anything is asked of the service for it.
 */
bool clients_are_of(const struct clients *clients, int64_t manager);

bool clients_is_customer(const struct clients *clients, size_t i);

#define CLIENTS_TEXT_BYTES 96

/* "3 client accounts and 2 client customers", without what there is none of. */
void clients_text(char text[CLIENTS_TEXT_BYTES], uint64_t accounts, uint64_t customers);

void clients_free(struct clients *clients);

#endif
