#include "rows.h"

#include <stdio.h>
#include <string.h>

#include <jansson.h>
#include <openssl/evp.h>

#include "cli/input/cell.h"
#include "cli/input/input.h"

/* How this version spells the names, whatever the input does. */
static struct row_names names;

static struct input_options options;
static bool strict;

/* A column that an input of this version may have. */
static bool has_field(enum row_field field)
{
    return link_fields[field].use == FIELD_TO_ADD &&
           (names.version->links_customers || !link_fields[field].customer_links);
}

static const char *text_of(const bacm_client_link *link, enum row_field field)
{
    const bool customer = link->type == BACM_CUSTOMER_LINK;

    if (field == ROW_CLIENT_NUMBER && customer)
        field = ROW_CUSTOMER_NUMBER;
    return *(const char *const *)((const char *)link + link_fields[field].offset);
}

/* The row as a JSON object, for comparing and for writing. */
static json_t *row_json(const struct row *row)
{
    const bacm_client_link *link = &row->link;
    json_t *object = json_object();

    for (int i = 0; i < ROW_FIELD_COUNT; i++) {
        const enum row_field field = (enum row_field)i;

        if (has_field(field) && link_fields[i].kind == FIELD_TEXT && text_of(link, field))
            json_object_set_new(object, row_name(&names, field), json_string(text_of(link, field)));
    }
    if (link->type)
        json_object_set_new(object, "Type", json_string(bacm_link_type_text(link->type)));
    if (link->client_account_id || link->client_customer_id)
        json_object_set_new(object, row_name(&names, ROW_CLIENT_ID),
                            json_integer(link->client_account_id + link->client_customer_id));
    if (link->managing_customer_id)
        json_object_set_new(object, "ManagingCustomerId", json_integer(link->managing_customer_id));
    if (link->is_bill_to_client)
        json_object_set_new(object, "IsBillToClient",
                            json_boolean(link->is_bill_to_client == BACM_TRUE));
    if (link->suppress_notification)
        json_object_set_new(object, "SuppressNotification",
                            json_boolean(link->suppress_notification == BACM_TRUE));
    return object;
}

static void check_row(const struct row *row, const struct row_names *spelled)
{
    static const int64_t own_customer = 2002002;
    struct problem problem = {0};
    bacm_client_link link = row->link;
    bool good = row_check(row, spelled, own_customer, &problem);

    if (!link.managing_customer_id && !link.managing_customer_number)
        link.managing_customer_id = own_customer;
    REQUIRE(good == (bacm_client_link_check(names.version->api, &link, NULL) == BACM_OK));
    REQUIRE(good || problem.reason[0] != '\0');
    REQUIRE(!(link.client_account_id && link.client_customer_id));
}

/*
 * All rows to the end as a JSON array, each event an object. Any input has an
 * end, and no more rows than bytes.
 */
static json_t *read_all(struct input *input, size_t size)
{
    json_t *events = json_array();
    struct row row = {0};
    struct problem problem;
    enum input_event event;

    do {
        json_t *seen;

        event = input_next(input, &row, &problem);
        REQUIRE(json_array_size(events) <= size + 1);
        REQUIRE((event == INPUT_ROW || event == INPUT_END) == (problem.reason[0] == '\0'));
        if (event == INPUT_ROW || event == INPUT_BAD_ROW) {
            REQUIRE(row.index == json_array_size(events));
            REQUIRE(row.line >= 1 && row.line <= size + 1);
        }
        if (event == INPUT_ROW)
            check_row(&row, input_names(input));
        seen = event == INPUT_ROW ? row_json(&row) : json_object();
        json_object_set_new(seen, "event", json_integer(event));
        json_array_append_new(events, seen);
    } while (event == INPUT_ROW || event == INPUT_BAD_ROW);
    row_free(&row);
    return events;
}

static void check_digest(const struct input *input, const uint8_t *bytes, size_t size)
{
    unsigned char hash[EVP_MAX_MD_SIZE];
    char wanted[SOURCE_DIGEST_BYTES];
    char digest[SOURCE_DIGEST_BYTES];

    REQUIRE(EVP_Digest(bytes, size, hash, NULL, EVP_sha256(), NULL) == 1);
    for (size_t i = 0; i < 32; i++)
        snprintf(wanted + 2 * i, 3, "%02x", hash[i]);
    input_digest(input, digest);
    REQUIRE(strcmp(digest, wanted) == 0);
}

static bool all_good(const json_t *events)
{
    const size_t last = json_array_size(events) - 1;

    for (size_t i = 0; i <= last; i++) {
        const json_int_t event =
            json_integer_value(json_object_get(json_array_get(events, i), "event"));

        if (event != (i < last ? INPUT_ROW : INPUT_END))
            return false;
    }
    return true;
}

static void put_csv_field(FILE *out, const json_t *value)
{
    if (json_is_integer(value)) {
        fprintf(out, "%lld", (long long)json_integer_value(value));
    } else if (json_is_boolean(value)) {
        fputs(json_is_true(value) ? "true" : "false", out);
    } else if (value) {
        fputc('"', out);
        for (const char *p = json_string_value(value); *p; p++) {
            if (*p == '"')
                fputc('"', out);
            fputc(*p, out);
        }
        fputc('"', out);
    }
}

/* A cell without text is the same as an absent one, and blanks around it are none of it. */
static bool survives(const char *text)
{
    size_t size = strlen(text);
    size_t trimmed = size;

    cell_trim(&text, &trimmed);
    return size > 0 && trimmed == size;
}

/* The rows in the other format; false when that cannot say the same. */
static bool put_csv(FILE *out, const json_t *events)
{
    const char *comma = "";

    for (int i = 0; i < ROW_FIELD_COUNT; i++) {
        if (has_field((enum row_field)i)) {
            fprintf(out, "%s%s", comma, row_name(&names, (enum row_field)i));
            comma = ",";
        }
    }
    for (size_t k = 0; k + 1 < json_array_size(events); k++) {
        const json_t *row = json_array_get(events, k);

        if (json_object_size(row) == 1)
            return false; /* would be an empty line */
        fputc('\n', out);
        comma = "";
        for (int i = 0; i < ROW_FIELD_COUNT; i++) {
            const json_t *value = json_object_get(row, row_name(&names, (enum row_field)i));

            if (!has_field((enum row_field)i))
                continue;
            if (json_is_string(value) && !survives(json_string_value(value)))
                return false;
            fputs(comma, out);
            comma = ",";
            put_csv_field(out, value);
        }
    }
    return true;
}

static bool put_ndjson(FILE *out, json_t *events)
{
    for (size_t k = 0; k + 1 < json_array_size(events); k++) {
        json_t *row = json_copy(json_array_get(events, k));

        json_object_del(row, "event");
        json_dumpf(row, out, JSON_COMPACT);
        fputc('\n', out);
        json_decref(row);
    }
    return true;
}

static struct input *open_text(const void *text, size_t size, const char *format)
{
    options =
        (struct input_options){.path = fuzz_file(text, size), .format = format, .strict = strict};
    return input_open(&options, names.version, true);
}

static void check_other_format(const char *format, json_t *events)
{
    const bool to_csv = strcmp(format, "ndjson") == 0;
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    bool same;

    REQUIRE(out != NULL);
    same = to_csv ? put_csv(out, events) : put_ndjson(out, events);
    REQUIRE(fclose(out) == 0);
    if (same) {
        struct input *input = open_text(text, size, to_csv ? "csv" : "ndjson");
        json_t *again;

        REQUIRE(input != NULL);
        again = read_all(input, size);
        REQUIRE(json_equal(events, again));
        json_decref(again);
        input_close(input);
    }
    free(text);
}

/* What is taken without a guess is taken alike where guesses are allowed. */
static void check_strict(const char *format, const uint8_t *bytes, size_t size,
                         const json_t *events)
{
    struct input *input;
    json_t *again;

    strict = true;
    input = open_text(bytes, size, format);
    strict = false;
    REQUIRE(input != NULL);
    again = read_all(input, size);
    if (all_good(again))
        REQUIRE(json_equal(events, again));
    json_decref(again);
    input_close(input);
}

static void check_in_version(const char *format, const uint8_t *bytes, size_t size)
{
    struct input *input = open_text(bytes, size, format);
    struct problem problem;
    json_t *events;
    json_t *again;

    if (input == NULL) /* JSON is not read as CSV */
        return;
    events = read_all(input, size);
    if (json_integer_value(json_object_get(json_array_get(events, json_array_size(events) - 1),
                                           "event")) == INPUT_END)
        check_digest(input, bytes, size);
    REQUIRE(input_rewind(input, &problem));
    again = read_all(input, size);
    REQUIRE(json_equal(events, again));
    json_decref(again);
    input_close(input);
    check_strict(format, bytes, size, events);
    if (all_good(events))
        check_other_format(format, events);
    json_decref(events);
}

/* A search has no time for both versions each time: the length of the input chooses. */
static bool is_left_out(size_t version, size_t size)
{
#ifdef FUZZ_SEARCH
    return version != size % VERSION_COUNT;
#else
    (void)version;
    (void)size;
    return false;
#endif
}

void rows_check(const char *format, const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < VERSION_COUNT; i++) {
        names =
            (struct row_names){.version = &version_table[i], .options = &options, .to_add = true};
        if (!is_left_out(i, size))
            check_in_version(format, bytes, size);
    }
}
