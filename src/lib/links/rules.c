#include "lib/links/rules.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/error.h"
#include "lib/base/text.h"

/* The first size that this library knows; a shorter struct is no link. */
#define LEAST_LINK_SIZE sizeof(bacm_client_link)

__attribute__((format(printf, 3, 4))) static bacm_status
invalid(bacm_error *error, const char *field, const char *format, ...)
{
    char reason[256];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(reason, sizeof reason, format, arguments);
    va_end(arguments);
    bacm_fail(error, BACM_E_INVALID_LINK, "%s: %s", field, reason);
    if (error)
        bacm_text_line(error->field, sizeof error->field, field);
    return BACM_E_INVALID_LINK;
}

/* What XML can carry, and how much of it. *characters may be NULL. */
static bacm_status check_encoding(const char *text, const char *field, size_t *characters,
                                  bacm_error *error)
{
    size_t offset = 0;

    if (strnlen(text, BACM_MAX_LINK_TEXT_BYTES + 1) > BACM_MAX_LINK_TEXT_BYTES)
        return invalid(error, field, "is longer than %d bytes", BACM_MAX_LINK_TEXT_BYTES);
    switch (bacm_text_check(text, &offset, characters)) {
    case BACM_TEXT_OK:
        break;
    case BACM_TEXT_NOT_UTF8:
        return invalid(error, field, "is not UTF-8 at byte %zu; save the input as UTF-8",
                       offset + 1);
    case BACM_TEXT_NOT_XML:
        return invalid(error, field, "has a character that XML cannot carry at byte %zu; remove it",
                       offset + 1);
    }
    return BACM_OK;
}

static bacm_status check_text(const char *text, const char *field, size_t max_characters,
                              bacm_error *error)
{
    size_t characters = 0;
    bacm_status status;

    if (!text)
        return BACM_OK;
    if (!*text)
        return invalid(error, field, "is empty; leave it out instead");
    status = check_encoding(text, field, &characters, error);
    if (status == BACM_OK && characters > max_characters)
        return invalid(error, field, "has %zu characters, at most %zu are allowed", characters,
                       max_characters);
    return status;
}

static bool all_of(const char *text, int (*class)(int))
{
    for (; *text; text++) {
        if (!class((unsigned char)*text))
            return false;
    }
    return true;
}

/* "X" and 7 digits, or 8 letters and digits; both forms are documented. */
static bool is_account_number(const char *text)
{
    for (const char *p = text; *p; p++) {
        if ((unsigned char)*p > 0x7F)
            return false;
    }
    return strlen(text) == 8 && all_of(text, isalnum);
}

static bool is_customer_number(const char *text)
{
    size_t length = strlen(text);

    return length >= 2 && length <= 20 && text[0] == 'C' && all_of(text + 1, isdigit);
}

static bacm_status check_identity(int64_t id, const char *number, const char *id_field,
                                  const char *number_field, bool (*is_number)(const char *),
                                  const char *form, bacm_error *error)
{
    if (!id && !number)
        return invalid(error, id_field, "is missing; give it or %s", number_field);
    if (id < 0)
        return invalid(error, id_field, "is below 1");
    if (number && !is_number(number))
        return invalid(error, number_field, "is not of the form %s", form);
    return BACM_OK;
}

/* For those of whom the service takes the id or the number, not both. */
static bacm_status check_only_one(int64_t id, const char *number, const char *id_field,
                                  const char *number_field, bacm_error *error)
{
    if (id && number)
        return invalid(error, number_field, "stands beside %s; give one of the two", id_field);
    return BACM_OK;
}

static int digits(const char *text, size_t count)
{
    int value = 0;

    for (size_t i = 0; i < count; i++) {
        if (!isdigit((unsigned char)text[i]))
            return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

static bool is_date_time(const char *text)
{
    static const int days_of[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year;
    int month;
    int day;
    bool leap;

    if (strlen(text) != 19 || text[4] != '-' || text[7] != '-' || text[10] != 'T' ||
        text[13] != ':' || text[16] != ':')
        return false;
    year = digits(text, 4);
    month = digits(text + 5, 2);
    day = digits(text + 8, 2);
    if (year < 1 || month < 1 || month > 12 || day < 1)
        return false;
    leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    if (day > days_of[month - 1] + (month == 2 && leap))
        return false;
    if (digits(text + 11, 2) < 0 || digits(text + 11, 2) > 23)
        return false;
    return digits(text + 14, 2) >= 0 && digits(text + 14, 2) <= 59 && digits(text + 17, 2) >= 0 &&
           digits(text + 17, 2) <= 59;
}

static bacm_status check_set_by_service(const bacm_client_link *link, bacm_error *error)
{
    const char *field = NULL;

    if (link->status != BACM_LINK_STATUS_ABSENT || link->status_text)
        field = "Status";
    else if (link->last_modified_date_time)
        field = "LastModifiedDateTime";
    else if (link->last_modified_by_user_id || link->has_last_modified_by_user_id)
        field = "LastModifiedByUserId";
    else if (link->timestamp)
        field = "Timestamp";
    else if (link->has_forward_compatibility_map || link->forward_compatibility_count)
        field = "ForwardCompatibilityMap";
    else if (link->type_text)
        field = "Type";
    else if (link->client_entity_name)
        field = "ClientEntityName";
    else if (link->managing_customer_name)
        field = "ManagingCustomerName";
    if (field)
        return invalid(error, field, "is set by the service; leave it out");
    return BACM_OK;
}

static bool is_tristate(bacm_tristate value)
{
    return value == BACM_ABSENT || value == BACM_FALSE || value == BACM_TRUE;
}

static bacm_status check_struct(const bacm_client_link *link, bacm_error *error)
{
    if (!link)
        return bacm_fail(error, BACM_E_ARGUMENT, "a link is NULL");
    if (link->struct_size < LEAST_LINK_SIZE)
        return bacm_fail(error, BACM_E_ARGUMENT,
                         "a link was not started from BACM_CLIENT_LINK_INIT");
    return BACM_OK;
}

static bool is_customer_link(const bacm_client_link *link)
{
    return link->type == BACM_CUSTOMER_LINK;
}

/* What only some versions have. */
static bacm_status check_version(const struct bacm_contract *contract, const bacm_client_link *link,
                                 bacm_error *error)
{
    const char *field = NULL;

    if (contract->links.has_customer_links)
        return BACM_OK;
    if (link->type != BACM_LINK_TYPE_ABSENT)
        field = "Type";
    else if (link->client_customer_id)
        field = "ClientEntityId";
    else if (link->client_customer_number)
        field = "ClientEntityNumber";
    else if (link->customer_link_permission)
        field = "CustomerLinkPermission";
    else if (link->client_entity_customer_number)
        field = "ClientEntityCustomerNumber";
    if (!field)
        return BACM_OK;
    bacm_fail(error, BACM_E_UNSUPPORTED_FIELD, "%s: %s links client accounts only; leave it out",
              field, contract->name);
    if (error)
        bacm_text_line(error->field, sizeof error->field, field);
    return BACM_E_UNSUPPORTED_FIELD;
}

/* Whose the account is, beside the account: of a customer, its own number says it. */
static bacm_status check_owner(const bacm_client_link *link, bacm_error *error)
{
    static const char field[] = "ClientEntityCustomerNumber";
    const char *number = link->client_entity_customer_number;

    if (number && is_customer_link(link))
        return invalid(error, field,
                       "goes with an account; of a CustomerLink give the number "
                       "of the customer as ClientEntityNumber");
    if (number && !is_customer_number(number))
        return invalid(error, field, "is not of the form C and digits");
    return BACM_OK;
}

/* Who is invited: one account, or one customer, as the type says. A customer may be named twice. */
static bacm_status check_client(const struct bacm_contract *contract, const bacm_client_link *link,
                                bacm_error *error)
{
    const struct bacm_link_fields *fields = &contract->links;
    bacm_status status;

    if (is_customer_link(link)) {
        if (link->client_account_id || link->client_account_number)
            return invalid(error, "Type", "is CustomerLink, but the client is an account");
        return check_identity(link->client_customer_id, link->client_customer_number,
                              fields->client_id, fields->client_number, is_customer_number,
                              "C and digits", error);
    }
    if (link->client_customer_id || link->client_customer_number)
        return invalid(error, "Type", "is not CustomerLink, but the client is a customer");
    status = check_only_one(link->client_account_id, link->client_account_number, fields->client_id,
                            fields->client_number, error);
    if (status != BACM_OK)
        return status;
    return check_identity(link->client_account_id, link->client_account_number, fields->client_id,
                          fields->client_number, is_account_number,
                          "X and 7 digits, or 8 letters and digits", error);
}

static bacm_status check_manager(const bacm_client_link *link, bacm_error *error)
{
    static const char id[] = "ManagingCustomerId", number[] = "ManagingCustomerNumber";
    bacm_status status = check_only_one(link->managing_customer_id, link->managing_customer_number,
                                        id, number, error);

    if (status != BACM_OK)
        return status;
    return check_identity(link->managing_customer_id, link->managing_customer_number, id, number,
                          is_customer_number, "C and digits", error);
}

static bacm_status check_choices(const struct bacm_contract *contract, const bacm_client_link *link,
                                 bacm_error *error)
{
    const char *permission = link->customer_link_permission;

    if (link->type < BACM_LINK_TYPE_ABSENT || link->type == BACM_LINK_TYPE_UNKNOWN ||
        link->type > BACM_CUSTOMER_LINK)
        return invalid(error, "Type", "is neither AccountLink nor CustomerLink");
    if (!is_tristate(link->is_bill_to_client))
        return invalid(error, "IsBillToClient", "is neither true nor false");
    if (!is_tristate(link->suppress_notification))
        return invalid(error, "SuppressNotification", "is neither true nor false");
    if (is_customer_link(link) && link->is_bill_to_client != BACM_ABSENT)
        return invalid(error, "IsBillToClient", "does not go with a CustomerLink; leave it out");
    if (contract->links.needs_is_bill_to_client && !is_customer_link(link) &&
        link->is_bill_to_client == BACM_ABSENT)
        return invalid(error, "IsBillToClient",
                       "is missing; say true when the client pays, false when the agency does");
    if (permission && !is_customer_link(link))
        return invalid(error, "CustomerLinkPermission", "goes with a CustomerLink only");
    if (permission && strcmp(permission, "Administrative") != 0 &&
        strcmp(permission, "Standard") != 0)
        return invalid(error, "CustomerLinkPermission", "is neither Administrative nor Standard");
    return BACM_OK;
}

static bool is_own_client(const bacm_client_link *link)
{
    const int64_t client =
        is_customer_link(link) ? link->client_customer_id : link->client_account_id;

    return client && client == link->managing_customer_id;
}

static bacm_status check_link(const struct bacm_contract *contract, const bacm_client_link *link,
                              bacm_error *error)
{
    const struct {
        const char *text;
        const char *field;
        size_t max_characters;
    } texts[] = {
        {link ? link->client_account_number : NULL, contract->links.client_number, 8},
        {link ? link->client_customer_number : NULL, contract->links.client_number, 20},
        {link ? link->client_entity_customer_number : NULL, "ClientEntityCustomerNumber", 20},
        {link ? link->managing_customer_number : NULL, "ManagingCustomerNumber", 20},
        {link ? link->note : NULL, "Note", BACM_MAX_LINK_TEXT_BYTES},
        {link ? link->name : NULL, "Name", BACM_MAX_LINK_NAME},
        {link ? link->inviter_email : NULL, "InviterEmail", BACM_MAX_LINK_TEXT_BYTES},
        {link ? link->inviter_name : NULL, "InviterName", BACM_MAX_LINK_TEXT_BYTES},
        {link ? link->inviter_phone : NULL, "InviterPhone", BACM_MAX_LINK_TEXT_BYTES},
        {link ? link->start_date : NULL, "StartDate", 64},
    };
    bacm_status status = check_struct(link, error);

    for (size_t i = 0; status == BACM_OK && i < sizeof texts / sizeof texts[0]; i++)
        status = check_text(texts[i].text, texts[i].field, texts[i].max_characters, error);
    if (status == BACM_OK)
        status = check_version(contract, link, error);
    if (status == BACM_OK)
        status = check_client(contract, link, error);
    if (status == BACM_OK)
        status = check_owner(link, error);
    if (status == BACM_OK)
        status = check_manager(link, error);
    if (status != BACM_OK)
        return status;
    if (is_own_client(link))
        return invalid(error, contract->links.client_id, "is the id of the managing customer");
    status = check_choices(contract, link, error);
    if (status != BACM_OK)
        return status;
    if (link->start_date && !is_date_time(link->start_date))
        return invalid(error, "StartDate",
                       "is not a date of the form YYYY-MM-DDThh:mm:ss without a zone");
    return check_set_by_service(link, error);
}

bacm_status bacm_client_link_check(bacm_api *api, const bacm_client_link *link, bacm_error *error)
{
    const struct bacm_contract *contract = bacm_contract_of(api);

    bacm_error_clear(error);
    return contract ? check_link(contract, link, error) : bacm_contract_missing(error);
}

static bacm_status check_count(size_t n, bacm_error *error)
{
    if (n == 0)
        return bacm_fail(error, BACM_E_NO_LINKS, "the call has no link");
    if (n > BACM_MAX_LINKS_PER_CALL)
        return bacm_fail(error, BACM_E_TOO_MANY_LINKS, "%zu links in one call, at most %d", n,
                         BACM_MAX_LINKS_PER_CALL);
    return BACM_OK;
}

static void set_index(bacm_error *error, size_t index)
{
    if (error)
        error->link_index = index;
}

static bacm_status check_array(const bacm_client_link *const *links, size_t n, bacm_error *error)
{
    bacm_status status = check_count(n, error);

    if (status != BACM_OK)
        return status;
    if (!links)
        return bacm_fail(error, BACM_E_ARGUMENT, "the links are NULL");
    /* The engine would leave a NULL out and shift every later position. */
    for (size_t i = 0; i < n; i++) {
        if (check_struct(links[i], error) != BACM_OK) {
            set_index(error, i);
            return BACM_E_ARGUMENT;
        }
    }
    return BACM_OK;
}

enum bacm_kind_of_client bacm_links_kind(const bacm_client_link *const *links, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (is_customer_link(links[i]))
            return BACM_CLIENT_CUSTOMER;
    }
    return BACM_CLIENT_ACCOUNT;
}

bacm_status bacm_links_check_add(const struct bacm_contract *contract,
                                 const bacm_client_link *const *links, size_t n, bacm_error *error)
{
    bacm_status status = check_array(links, n, error);

    for (size_t i = 0; status == BACM_OK && i < n; i++) {
        status = check_link(contract, links[i], error);
        if (status != BACM_OK)
            set_index(error, i);
        for (size_t k = 0; status == BACM_OK && k < i; k++) {
            if (bacm_client_link_same_pair(links[i], links[k])) {
                status =
                    invalid(error, contract->links.client_id, "is the same client as link %zu", k);
                set_index(error, i);
            }
        }
    }
    return status;
}

static bool has_client_id(const bacm_client_link *link)
{
    return is_customer_link(link) ? link->client_customer_id != 0 : link->client_account_id != 0;
}

bacm_status bacm_links_check_update(const struct bacm_contract *contract,
                                    const bacm_client_link *const *links, size_t n, bacm_side side,
                                    bacm_link_status wanted, bacm_error *error)
{
    bacm_status status = check_array(links, n, error);

    for (size_t i = 0; status == BACM_OK && i < n; i++) {
        status = bacm_link_transition_check(side, links[i]->status, wanted, error);
        if (status == BACM_OK)
            status = check_version(contract, links[i], error);
        if (status == BACM_OK && (!has_client_id(links[i]) || !links[i]->managing_customer_id))
            status = invalid(
                error, has_client_id(links[i]) ? "ManagingCustomerId" : contract->links.client_id,
                "is missing; an update takes links as a search returned them");
        /* The one text that the caller may have changed. */
        if (status == BACM_OK && links[i]->note)
            status = check_encoding(links[i]->note, "Note", NULL, error);
        for (size_t k = 0; status == BACM_OK && k < i; k++) {
            if (bacm_client_link_same_pair(links[i], links[k]))
                status =
                    invalid(error, contract->links.client_id, "is the same client as link %zu", k);
        }
        if (status != BACM_OK)
            set_index(error, i);
    }
    return status;
}
