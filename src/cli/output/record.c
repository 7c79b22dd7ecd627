#include "cli/output/record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct output_column record_columns[] = {
    {"index", NULL, 0, false, NULL, false},
    {"line", "Line", 7, true, NULL, false},
    {"type", "Type", 12, false, NULL, true},
    {"clientAccountId", "Account id", 12, true, NULL, false},
    {"clientAccountNumber", "Number", 9, false, NULL, false},
    {"clientCustomerId", "Customer id", 12, true, NULL, true},
    {"clientCustomerNumber", "Number", 9, false, NULL, true},
    {"managingCustomerId", NULL, 0, false, NULL, false},
    {"outcome", "Outcome", 8, false, NULL, false},
    {"confirmedBy", "Known by", 8, false, NULL, false},
    {"errors", "Reason", 0, false, record_errors_text, false},
    {"trackingId", NULL, 0, false, NULL, false},
    {NULL, NULL, 0, false, NULL, false},
};

static json_t *error_object(const char *channel, const char *symbol, const char *message,
                            const char *details)
{
    return json_pack("{s:s, s:n, s:o, s:o, s:o}", "channel", channel, "code", "symbol",
                     output_text_or_null(symbol), "message", output_text_or_null(message),
                     "details", output_text_or_null(details));
}

static json_t *service_error(const bacm_service_error *error)
{
    const char *channel =
        error->channel == BACM_CHANNEL_NONE ? "local" : bacm_channel_name(error->channel);
    json_t *object = error_object(channel, error->symbol, error->message, error->details);

    if (object != NULL && error->has_code)
        json_object_set_new(object, "code", json_integer(error->code));
    return object;
}

json_t *record_errors(const bacm_service_error *errors, size_t count)
{
    json_t *array = json_array();

    for (size_t i = 0; array != NULL && i < count; i++) {
        if (json_array_append_new(array, service_error(&errors[i])) != 0) {
            json_decref(array);
            return NULL;
        }
    }
    return array;
}

/* An invalid row names its field in details. */
static void set_field(json_t *errors, const char *field)
{
    json_t *error = json_array_get(errors, 0);

    if (field[0] != '\0' && error != NULL && json_is_null(json_object_get(error, "details")))
        json_object_set_new(error, "details", output_text(field));
}

/* Errors of a row; what the library itself has to say stands there too. */
static json_t *row_errors(const bacm_bulk_record *record)
{
    json_t *array = record_errors(record->errors, record->error_count);

    set_field(array, record->field);
    if (array == NULL || record->error_count > 0 || record->reason == BACM_OK)
        return array;
    if (json_array_append_new(array,
                              error_object("local", bacm_status_name(record->reason),
                                           bacm_status_text(record->reason), record->field)) == 0)
        return array;
    json_decref(array);
    return NULL;
}

const char *record_type(const bacm_client_link *link)
{
    return bacm_link_type_text(link->type == BACM_LINK_TYPE_ABSENT ? BACM_ACCOUNT_LINK
                                                                   : link->type);
}

json_t *record_make(const bacm_bulk_record *record)
{
    const bacm_client_link *link = record->link;

    return json_pack(
        "{s:I, s:I, s:s, s:o, s:o, s:o, s:o, s:o, s:s, s:o, s:o, s:o}", "index",
        (json_int_t)record->index, "line", (json_int_t)record->tag, "type", record_type(link),
        "clientAccountId", output_id(link->client_account_id), "clientAccountNumber",
        output_text(link->client_account_number), "clientCustomerId",
        output_id(link->client_customer_id), "clientCustomerNumber",
        output_text(link->client_customer_number), "managingCustomerId",
        output_id(link->managing_customer_id), "outcome", bacm_bulk_outcome_name(record->outcome),
        "confirmedBy", output_text_or_null(bacm_bulk_confirmation_name(record->confirmed_by)),
        "errors", row_errors(record), "trackingId", output_text_or_null(record->tracking_id));
}

/* "1410 text" or "text" of one error. */
static void put_error(FILE *file, const json_t *error)
{
    const json_t *code = json_object_get(error, "code");
    const char *message = json_string_value(json_object_get(error, "message"));
    const char *details = json_string_value(json_object_get(error, "details"));

    if (json_is_integer(code))
        fprintf(file, "%" JSON_INTEGER_FORMAT " ", json_integer_value(code));
    if (details != NULL && !json_is_integer(code))
        fprintf(file, "%s: ", details);
    fputs(message != NULL ? message : "no message", file);
}

char *record_errors_text(const json_t *errors)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);

    if (file == NULL)
        return NULL;
    for (size_t i = 0; i < json_array_size(errors); i++) {
        if (i > 0)
            fputs("; ", file);
        put_error(file, json_array_get(errors, i));
    }
    if (fclose(file) != 0) {
        free(text);
        return NULL;
    }
    return text;
}

char *record_reason(const bacm_bulk_record *record)
{
    json_t *errors = row_errors(record);
    char *text = record_errors_text(errors);

    json_decref(errors);
    return text;
}
