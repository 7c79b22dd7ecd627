#include "cli/input/clients.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/input/input.h"
#include "cli/profile/settings.h"
#include "cli/terminal/message.h"

/* Longest id with its digits. */
#define MAX_ID_BYTES 24

struct client_list {
    int64_t *ids;
    size_t count;
};

/* An account and a customer are two clients, also when their ids are the same. */
struct lists {
    struct client_list accounts;
    struct client_list customers;
};

static bool add(struct client_list *list, int64_t id)
{
    /* Grown whenever the count is a power of two. */
    if ((list->count & (list->count - 1)) == 0) {
        size_t capacity = list->count == 0 ? 1 : list->count * 2;
        int64_t *larger = reallocarray(list->ids, capacity, sizeof *larger);

        if (larger == NULL) {
            message_error("out of memory");
            return false;
        }
        list->ids = larger;
    }
    list->ids[list->count++] = id;
    return true;
}

struct place {
    int64_t id;
    size_t position;
};

static int by_id(const void *a, const void *b)
{
    const struct place *left = a;
    const struct place *right = b;

    if (left->id != right->id)
        return left->id < right->id ? -1 : 1;
    return left->position < right->position ? -1 : 1;
}

/* An id that is given twice would be changed twice. */
static bool drop_repeated(struct client_list *list)
{
    struct place *places;
    size_t kept = 0;

    if (list->count < 2)
        return true;
    places = calloc(list->count, sizeof *places);
    if (places == NULL) {
        message_error("out of memory");
        return false;
    }
    for (size_t i = 0; i < list->count; i++)
        places[i] = (struct place){list->ids[i], i};
    qsort(places, list->count, sizeof *places, by_id);
    for (size_t i = 1; i < list->count; i++) {
        if (places[i].id == places[i - 1].id)
            list->ids[places[i].position] = 0;
    }
    free(places);
    for (size_t i = 0; i < list->count; i++) {
        if (list->ids[i] != 0)
            list->ids[kept++] = list->ids[i];
    }
    list->count = kept;
    return true;
}

static bool add_words(struct client_list *list, const char *text, const char *what)
{
    while (*text != '\0') {
        size_t length = strcspn(text, ",");
        char word[MAX_ID_BYTES] = "";
        int64_t id;

        if (length < sizeof word)
            memcpy(word, text, length);
        if (!parse_number(word, CLIENTS_LEAST_ID, INT64_MAX, &id)) {
            message_error("'%.*s' is not the id of %s; write four digits or more",
                          (int)(length < 60 ? length : 60), text, what);
            return false;
        }
        if (!add(list, id))
            return false;
        text += length;
        text += *text == ',';
    }
    return true;
}

static bool refuse_row(const struct input *input, const struct row *row, enum row_field field,
                       const char *remedy, const char *reason)
{
    struct problem problem = {.line = row->line, .column = input_column(input, field)};

    snprintf(problem.field, sizeof problem.field, "%s", row_name(input_names(input), field));
    problem_set(&problem, remedy, "%s", reason);
    problem_report(&problem, input_name(input));
    return false;
}

/* The client of a row, which must have an id that can be searched for. */
static bool add_row(struct lists *lists, const struct input *input, const struct row *row)
{
    const bacm_client_link *link = &row->link;
    bool is_customer = row_is_customer(row);
    int64_t id = is_customer ? link->client_customer_id : link->client_account_id;
    struct problem problem = {.line = row->line};

    if (id >= CLIENTS_LEAST_ID)
        return is_customer ? add(&lists->customers, id) : add(&lists->accounts, id);
    problem_set(&problem, "links are found by ids of four digits or more, not by number",
                "no %s to search for", row_name(input_names(input), ROW_CLIENT_ID));
    problem_report(&problem, input_name(input));
    return false;
}

/* One command is about the links of one managing customer, so all rows must name the same. */
static bool take_manager(struct clients *clients, const struct input *input, const struct row *row)
{
    const bacm_client_link *link = &row->link;
    struct problem *place = &clients->manager_place;
    char reason[96];

    if (link->managing_customer_number != NULL)
        return refuse_row(input, row, ROW_MANAGING_CUSTOMER_NUMBER,
                          "give --managing-customer-id, and no number in the file",
                          "the managing customer is known here by its id alone");
    if (link->managing_customer_id == 0 || link->managing_customer_id == clients->manager)
        return true;
    if (clients->manager != 0) {
        snprintf(reason, sizeof reason, "another managing customer than line %lu has", place->line);
        return refuse_row(input, row, ROW_MANAGING_CUSTOMER_ID,
                          "make a file for each, and a command for each file", reason);
    }
    clients->manager = link->managing_customer_id;
    place->line = row->line;
    place->column = input_column(input, ROW_MANAGING_CUSTOMER_ID);
    snprintf(place->field, sizeof place->field, "%s",
             row_name(input_names(input), ROW_MANAGING_CUSTOMER_ID));
    return true;
}

static bool add_rows(struct lists *lists, struct clients *clients, struct input *input,
                     struct row *row)
{
    struct problem problem;
    enum input_event event;

    while ((event = input_next(input, row, &problem)) != INPUT_END) {
        if (event != INPUT_ROW) {
            problem_report(&problem, input_name(input));
            return false;
        }
        if (!take_manager(clients, input, row) || !add_row(lists, input, row))
            return false;
    }
    return true;
}

static bool add_input(struct lists *lists, struct clients *clients,
                      const struct clients_source *source)
{
    struct input *input = input_open(source->input, source->version, false);
    struct row row = {0};
    bool ok;

    if (input == NULL)
        return false;
    clients->input = input_name(input);
    ok = add_rows(lists, clients, input, &row);
    if (ok)
        input_tell(input);
    row_free(&row);
    input_close(input);
    return ok;
}

static bool read_lists(struct lists *lists, struct clients *clients,
                       const struct clients_source *source)
{
    for (size_t i = 0; i < source->argument_count; i++) {
        if (!add_words(&lists->accounts, source->argument[i], "an account"))
            return false;
    }
    if (source->customers != NULL && !add_words(&lists->customers, source->customers, "a customer"))
        return false;
    return (source->input->path == NULL || add_input(lists, clients, source)) &&
           drop_repeated(&lists->accounts) && drop_repeated(&lists->customers);
}

bool clients_read(struct clients *clients, const struct clients_source *source)
{
    struct lists lists = {{NULL, 0}, {NULL, 0}};
    bool ok = read_lists(&lists, clients, source);

    clients->account_count = lists.accounts.count;
    for (size_t i = 0; ok && i < lists.customers.count; i++)
        ok = add(&lists.accounts, lists.customers.ids[i]);
    clients->ids = lists.accounts.ids;
    clients->count = lists.accounts.count;
    free(lists.customers.ids);
    return ok;
}

bool clients_are_of(const struct clients *clients, int64_t manager)
{
    struct problem problem = clients->manager_place;
    char remedy[128];

    if (clients->manager == 0 || clients->manager == manager)
        return true;
    snprintf(remedy, sizeof remedy,
             "give --managing-customer-id %" PRId64 ", or take the row out of the file",
             clients->manager);
    if (manager == 0)
        problem_set(&problem, remedy, "the row is about one managing customer, the command is not");
    else
        problem_set(&problem, remedy,
                    "the row is about the managing customer %" PRId64
                    ", the command about %" PRId64,
                    clients->manager, manager);
    problem_report(&problem, clients->input);
    return false;
}

bool clients_is_customer(const struct clients *clients, size_t i)
{
    return i >= clients->account_count;
}

void clients_text(char text[CLIENTS_TEXT_BYTES], uint64_t accounts, uint64_t customers)
{
    if (customers == 0)
        snprintf(text, CLIENTS_TEXT_BYTES, "%" PRIu64 " client accounts", accounts);
    else if (accounts == 0)
        snprintf(text, CLIENTS_TEXT_BYTES, "%" PRIu64 " client customers", customers);
    else
        snprintf(text, CLIENTS_TEXT_BYTES,
                 "%" PRIu64 " client accounts and %" PRIu64 " client customers", accounts,
                 customers);
}

void clients_free(struct clients *clients)
{
    free(clients->ids);
}
