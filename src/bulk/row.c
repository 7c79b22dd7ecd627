#include "bulk/row.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

void bulk_text_copy(char *buffer, size_t size, const char *text)
{
    size_t length = text ? strlen(text) : 0;

    if (length >= size)
        length = size - 1;
    while (text && text[length] && length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80)
        length--;
    if (text)
        memcpy(buffer, text, length);
    buffer[length] = '\0';
}

static size_t text_size(const char *text)
{
    return text ? strlen(text) + 1 : 0;
}

/* Copy text to *at and move on; NULL stays NULL. */
static const char *place(char **at, const char *text)
{
    size_t size = text_size(text);
    char *copy = *at;

    if (!text)
        return NULL;
    memcpy(copy, text, size);
    *at += size;
    return copy;
}

/* All texts of a link, those of the service too: a sink may look at any of them. */
#define LINK_TEXTS 17

static void link_texts(bacm_client_link *link, const char **texts[LINK_TEXTS])
{
    const char **const all[LINK_TEXTS] = {
        &link->client_account_number,
        &link->managing_customer_number,
        &link->note,
        &link->name,
        &link->inviter_email,
        &link->inviter_name,
        &link->inviter_phone,
        &link->start_date,
        &link->status_text,
        &link->last_modified_date_time,
        &link->timestamp,
        &link->client_customer_number,
        &link->customer_link_permission,
        &link->type_text,
        &link->client_entity_name,
        &link->client_entity_customer_number,
        &link->managing_customer_name,
    };

    memcpy(texts, all, sizeof all);
}

struct bulk_row *bulk_row_new(uint64_t index, const bacm_bulk_row *from)
{
    bacm_client_link link = from->link;
    const char **texts[LINK_TEXTS];
    size_t bytes = sizeof(struct bulk_row);
    struct bulk_row *row;
    char *at;

    /* No link that may be added has entries there, and what is refused needs none. */
    link.forward_compatibility_map = NULL;
    link.forward_compatibility_count = 0;
    link_texts(&link, texts);
    for (size_t i = 0; i < LINK_TEXTS; i++)
        bytes += text_size(*texts[i]);
    row = malloc(bytes);
    if (!row)
        return NULL;
    memset(row, 0, sizeof *row);
    at = (char *)(row + 1);
    for (size_t i = 0; i < LINK_TEXTS; i++)
        *texts[i] = place(&at, *texts[i]);
    row->link = link;
    row->index = index;
    row->tag = from->tag;
    row->bytes = bytes;
    return row;
}

void bulk_row_free(struct bulk_row *row)
{
    if (!row)
        return;
    bulk_errors_clear(&row->errors);
    free(row);
}

void bulk_row_decide(struct bulk_row *row, enum bulk_row_state state,
                     bacm_bulk_confirmation confirmed_by, bacm_status reason)
{
    row->state = state;
    row->confirmed_by = confirmed_by;
    row->reason = reason;
    bulk_errors_clear(&row->errors);
}

void bulk_row_give_up(struct bulk_row *row, bacm_status reason)
{
    bulk_row_decide(row, bulk_row_next(row->state, BULK_GIVEN_UP), BACM_BULK_BY_NOTHING, reason);
}

void bulk_errors_clear(struct bulk_errors *errors)
{
    free(errors->list);
    errors->list = NULL;
    errors->count = errors->bytes = 0;
}

static const char *given(const char *text)
{
    return text ? text : "";
}

/* What a text takes in the copy. */
static size_t cut_size(const char *text)
{
    size_t length = strlen(given(text));

    return (length <= BACM_BULK_MAX_ERROR_TEXT ? length : BACM_BULK_MAX_ERROR_TEXT) + 1;
}

/* The same as place(), but a long text is cut, and says so. */
static const char *place_cut(char **at, const char *text)
{
    size_t length = strlen(given(text));
    char *copy = *at;
    char note[64];
    size_t rest;

    if (length <= BACM_BULK_MAX_ERROR_TEXT)
        return place(at, given(text));
    snprintf(note, sizeof note, " [cut here; %zu bytes in all]", length);
    rest = strlen(note) + 1;
    bulk_text_copy(copy, BACM_BULK_MAX_ERROR_TEXT + 2 - rest, text);
    length = strlen(copy);
    memcpy(copy + length, note, rest);
    *at += length + rest;
    return copy;
}

/* Copy a list that is not too long. */
static bool copy_errors(struct bulk_errors *errors, const bacm_service_error *list, size_t count)
{
    size_t bytes = count * sizeof *list;
    bacm_service_error *copy;
    char *at;

    for (size_t i = 0; i < count; i++)
        bytes += cut_size(list[i].symbol) + cut_size(list[i].message) + cut_size(list[i].details);
    copy = malloc(bytes);
    if (!copy)
        return false;
    at = (char *)(copy + count);
    for (size_t i = 0; i < count; i++) {
        copy[i] = list[i];
        copy[i].symbol = place_cut(&at, list[i].symbol);
        copy[i].message = place_cut(&at, list[i].message);
        copy[i].details = place_cut(&at, list[i].details);
    }
    *errors = (struct bulk_errors){copy, count, bytes};
    return true;
}

/* In place of what is left out stands how much it is. */
static bool copy_first(struct bulk_errors *errors, const bacm_service_error *list, size_t count)
{
    bacm_service_error first[BACM_BULK_MAX_ERRORS];
    char message[64];

    snprintf(message, sizeof message, "%zu more errors are left out",
             count - (BACM_BULK_MAX_ERRORS - 1));
    memcpy(first, list, sizeof first);
    first[BACM_BULK_MAX_ERRORS - 1] =
        (bacm_service_error){BACM_CHANNEL_NONE, false, 0, "", message, ""};
    return copy_errors(errors, first, BACM_BULK_MAX_ERRORS);
}

bool bulk_errors_set(struct bulk_errors *errors, const bacm_service_error *list, size_t count)
{
    bulk_errors_clear(errors);
    if (!count)
        return true;
    return count <= BACM_BULK_MAX_ERRORS ? copy_errors(errors, list, count)
                                         : copy_first(errors, list, count);
}

bool bulk_errors_set_error(struct bulk_errors *errors, const bacm_error *error)
{
    const bacm_service_error one = {
        .channel = error->channel,
        .has_code = error->has_service_code,
        .code = error->service_code,
        .symbol = error->symbol,
        .message = error->message,
        .details = error->details,
    };

    return bulk_errors_set(errors, &one, 1);
}

/* JSON as text in this library's memory: json_dumps() would take jansson's. */
static char *dump(const json_t *json)
{
    const size_t size = json_dumpb(json, NULL, 0, JSON_COMPACT);
    char *text = size ? malloc(size + 1) : NULL;

    if (text) {
        json_dumpb(json, text, size, JSON_COMPACT);
        text[size] = '\0';
    }
    return text;
}

char *bulk_errors_to_json(const struct bulk_errors *errors)
{
    json_t *array = json_array();
    char *text = NULL;

    for (size_t i = 0; array && i < errors->count; i++) {
        const bacm_service_error *from = &errors->list[i];
        json_t *code = from->has_code ? json_integer(from->code) : json_null();
        json_t *one = json_pack("{s:s, s:o, s:s, s:s, s:s}", "channel",
                                bacm_channel_name(from->channel), "code", code, "symbol",
                                from->symbol, "message", from->message, "details", from->details);

        if (!one || json_array_append_new(array, one) != 0) {
            json_decref(array);
            array = NULL;
        }
    }
    if (array)
        text = dump(array);
    json_decref(array);
    return text;
}

static bacm_channel channel_of(const char *name)
{
    for (int channel = BACM_CHANNEL_NONE; channel <= BACM_CHANNEL_HTTP; channel++) {
        if (strcmp(bacm_channel_name((bacm_channel)channel), name) == 0)
            return (bacm_channel)channel;
    }
    return BACM_CHANNEL_NONE;
}

static bool error_from_json(bacm_service_error *to, json_t *from)
{
    const char *channel = NULL;
    json_t *code = NULL;

    if (json_unpack(from, "{s:s, s:o, s:s, s:s, s:s}", "channel", &channel, "code", &code, "symbol",
                    &to->symbol, "message", &to->message, "details", &to->details) != 0)
        return false;
    to->channel = channel_of(channel);
    to->has_code = json_is_integer(code);
    to->code = to->has_code ? (int)json_integer_value(code) : 0;
    return true;
}

bool bulk_errors_from_json(struct bulk_errors *errors, const char *json)
{
    json_t *array = json_loads(json, 0, NULL);
    size_t count = json_array_size(array);
    bacm_service_error *list = calloc(count ? count : 1, sizeof *list);
    bool good = json_is_array(array) && list;

    bulk_errors_clear(errors);
    for (size_t i = 0; good && i < count; i++)
        good = error_from_json(&list[i], json_array_get(array, i));
    good = good && bulk_errors_set(errors, list, count);
    free(list);
    json_decref(array);
    return good;
}
