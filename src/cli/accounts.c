#include "accounts.h"

#include <stdlib.h>
#include <string.h>

#include "input.h"
#include "message.h"
#include "settings.h"

/* Longest id with its digits. */
#define MAX_ID_BYTES 24

/* The service does not search for shorter ids. */
#define MIN_ID 1000

static bool add(struct accounts *accounts, int64_t id)
{
    /* Grown whenever the count is a power of two. */
    if ((accounts->count & (accounts->count - 1)) == 0) {
        size_t capacity = accounts->count == 0 ? 1 : accounts->count * 2;
        int64_t *larger = reallocarray(accounts->ids, capacity, sizeof *larger);

        if (larger == NULL) {
            message_error("out of memory");
            return false;
        }
        accounts->ids = larger;
    }
    accounts->ids[accounts->count++] = id;
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
static bool drop_repeated(struct accounts *accounts)
{
    struct place *places;
    size_t kept = 0;

    if (accounts->count < 2)
        return true;
    places = calloc(accounts->count, sizeof *places);
    if (places == NULL) {
        message_error("out of memory");
        return false;
    }
    for (size_t i = 0; i < accounts->count; i++)
        places[i] = (struct place){accounts->ids[i], i};
    qsort(places, accounts->count, sizeof *places, by_id);
    for (size_t i = 1; i < accounts->count; i++) {
        if (places[i].id == places[i - 1].id)
            accounts->ids[places[i].position] = 0;
    }
    free(places);
    for (size_t i = 0; i < accounts->count; i++) {
        if (accounts->ids[i] != 0)
            accounts->ids[kept++] = accounts->ids[i];
    }
    accounts->count = kept;
    return true;
}

static bool add_words(struct accounts *accounts, const char *text)
{
    while (*text != '\0') {
        size_t length = strcspn(text, ",");
        char word[MAX_ID_BYTES] = "";
        int64_t id;

        if (length < sizeof word)
            memcpy(word, text, length);
        if (!parse_number(word, MIN_ID, INT64_MAX, &id)) {
            message_error("'%.*s' is not the id of an account; write four digits or more",
                          (int)(length < 60 ? length : 60), text);
            return false;
        }
        if (!add(accounts, id))
            return false;
        text += length;
        text += *text == ',';
    }
    return true;
}

static bool add_rows(struct accounts *accounts, struct input *input, struct row *row)
{
    struct problem problem;
    enum input_event event;

    while ((event = input_next(input, row, &problem)) != INPUT_END) {
        if (event == INPUT_ROW && row->link.client_account_id < MIN_ID) {
            event = INPUT_BAD_ROW;
            problem.line = row->line;
            problem_set(&problem, "links are found by ids of four digits or more, not by number",
                        "no ClientAccountId to search for");
        }
        if (event != INPUT_ROW) {
            problem_report(&problem, input_name(input));
            return false;
        }
        if (!add(accounts, row->link.client_account_id))
            return false;
    }
    return true;
}

static bool add_input(struct accounts *accounts, const char *path)
{
    struct input *input = input_open(path, NULL);
    struct row row = {0};
    bool ok;

    if (input == NULL)
        return false;
    ok = add_rows(accounts, input, &row);
    row_free(&row);
    input_close(input);
    return ok;
}

bool accounts_read(struct accounts *accounts, char **argument, size_t count, const char *path)
{
    for (size_t i = 0; i < count; i++) {
        if (!add_words(accounts, argument[i]))
            return false;
    }
    return (path == NULL || add_input(accounts, path)) && drop_repeated(accounts);
}

void accounts_free(struct accounts *accounts)
{
    free(accounts->ids);
}
