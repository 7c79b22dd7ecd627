#include "lib/contract/fault.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bacm/links.h>

#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/contract/service_codes.h"

/* NullRequest, which REST also gives for JSON that it cannot read. */
#define CODE_NOT_READ 100

void bacm_fault_begin(struct bacm_fault *fault, const char *kind)
{
    *fault = (struct bacm_fault){
        .kind = kind,
        .channel = BACM_CHANNEL_BARE_FAULT,
        .fault_code = "",
        .fault_string = "",
        .tracking_id = "",
    };
}

bacm_status bacm_outcome_unknown(bacm_status cause, bacm_error *error)
{
    if (error) {
        error->status = BACM_E_UNKNOWN_OUTCOME;
        error->cause = cause;
        error->retry_class = BACM_RETRY_VERIFY;
        bacm_error_hint(error, "The request has left; search for the links before sending any of "
                               "them again.");
    }
    return BACM_E_UNKNOWN_OUTCOME;
}

/* Whether the local part of a fault code, which has a prefix, is one of these. */
static bool is_code_of_dispatcher(const char *fault_code)
{
    static const char *const codes[] = {"ActionNotSupported", "DeserializationFailed",
                                        "VersionMismatch", "MustUnderstand"};
    const char *colon = strrchr(fault_code, ':');
    const char *local = colon ? colon + 1 : fault_code;

    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        if (strcmp(local, codes[i]) == 0)
            return true;
    }
    return false;
}

/*
 * A bare fault was raised before the operation ran when the dispatcher says so: by its code,
 * or by the words that it has for a request that it cannot read. Of a reply, its own or that of
 * a service behind it, nothing is known but that the operation has run.
 */
static bool is_dispatch_fault(const struct bacm_fault *fault)
{
    static const char formatter[] =
        "The formatter threw an exception while trying to deserialize the message";
    const char *text = fault->fault_string ? fault->fault_string : "";

    if (strcasestr(text, "reply") || strcasestr(text, "response"))
        return false;
    return (fault->fault_code && is_code_of_dispatcher(fault->fault_code)) ||
           strncmp(text, formatter, sizeof formatter - 1) == 0;
}

static bacm_status describe_bare(const struct bacm_fault *fault, bool is_write, bacm_error *error)
{
    bool refused = is_dispatch_fault(fault);
    bacm_status status = refused ? BACM_E_REFUSED : BACM_E_SERVICE;

    bacm_fail(error, status, "%s %s: %s", fault->kind,
              bacm_text_given(fault->fault_code) ? fault->fault_code : "without a code",
              bacm_text_given(fault->fault_string) ? fault->fault_string : "without a text");
    if (error)
        error->retry_class = refused ? BACM_RETRY_NEVER : BACM_RETRY_BACKOFF;
    if (refused)
        bacm_error_hint(error, "The service could not read the request; nothing was done.");
    return is_write && !refused ? bacm_outcome_unknown(status, error) : status;
}

const bacm_service_code *bacm_known_error(const bacm_service_error *error)
{
    return bacm_service_code_said(error->channel, error->has_code, error->code, error->symbol);
}

const bacm_service_code *bacm_words_for(const bacm_service_error *error)
{
    const bacm_service_code *known = bacm_known_error(error);

    return known && bacm_service_code_has_name(known, error->symbol) ? known : NULL;
}

bool bacm_error_is_internal(const bacm_service_error *error)
{
    const bacm_service_code *known = bacm_known_error(error);

    return known && known->retry_class == BACM_RETRY_VERIFY;
}

const bacm_service_error *bacm_decisive_error(const struct bacm_error_list *list, bool is_write)
{
    const bacm_service_error *decisive = NULL;

    for (size_t i = 0; i < list->count; i++) {
        const bacm_service_error *error = &list->errors[i];

        if (is_write && bacm_error_is_internal(error))
            return error;
        if (!decisive && bacm_known_error(error))
            decisive = error;
    }
    return decisive || !list->count ? decisive : &list->errors[0];
}

bool bacm_errors_say_nothing(const struct bacm_error_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->errors[i].has_code || bacm_known_error(&list->errors[i]))
            return false;
    }
    return true;
}

bool bacm_errors_prove_refusal(const struct bacm_error_list *list)
{
    bool proven = false;

    for (size_t i = 0; i < list->count; i++) {
        if (bacm_error_is_internal(&list->errors[i]))
            return false;
        proven |= bacm_known_error(&list->errors[i]) != NULL;
    }
    return proven;
}

bool bacm_fault_is_of_token(const struct bacm_fault *fault)
{
    for (size_t i = 0; i < fault->list.count; i++) {
        const bacm_service_code *known = bacm_known_error(&fault->list.errors[i]);

        if (!known || known->status != BACM_E_TOKEN_EXPIRED)
            return false;
    }
    return fault->list.count > 0;
}

bacm_status bacm_error_describe(const bacm_service_error *said, bacm_error *error)
{
    const bacm_service_code *known = bacm_known_error(said);
    const bacm_service_code *words = bacm_words_for(said);

    if (error) {
        error->channel = said->channel;
        error->has_service_code = said->has_code;
        error->service_code = said->code;
        bacm_text_line(error->symbol, sizeof error->symbol,
                       bacm_text_given(said->symbol) ? said->symbol
                       : words                       ? words->symbol
                                                     : "");
        bacm_text_line(error->details, sizeof error->details, said->details);
        error->retry_class = known ? known->retry_class : BACM_RETRY_NEVER;
    }
    if (words)
        bacm_error_hint(error, "%s", words->advice);
    return known ? known->status : BACM_E_REFUSED;
}

/*
 * Over REST code 100 says where in the request it could not be read: "... Path:
 * $.ClientLinks[2].StartDate". The whole call was refused for that one item.
 */
static void point_at_item(const bacm_service_error *said, bacm_error *error)
{
    static const char mark[] = "Path: $.";
    const char *path = said->details ? strstr(said->details, mark) : NULL;
    char list[sizeof error->field];
    char *end = NULL;
    unsigned long index;
    size_t length;

    if (!error || !said->has_code || said->code != CODE_NOT_READ || !path)
        return;
    path += sizeof mark - 1;
    length = strcspn(path, "[.| ");
    if (length == 0 || length >= sizeof list || path[length] != '[')
        return;
    snprintf(list, sizeof list, "%.*s", (int)length, path);
    path += length + 1;
    index = strtoul(path, &end, 10);
    if (*path < '0' || *path > '9' || *end != ']' || index >= BACM_MAX_LINKS_PER_CALL)
        return;
    if (strcmp(list, "ClientLinks") == 0)
        error->link_index = (size_t)index;
    end += end[1] == '.' ? 2 : 1;
    bacm_text_line(error->field, sizeof error->field, end);
    error->field[strcspn(error->field, ".[| ")] = '\0';
    bacm_error_hint(error,
                    "Item %lu of %s in the call is not as the service wants it%s%s. The whole call "
                    "was refused, and nothing was done.",
                    index + 1, list, *error->field ? ": look at its " : "", error->field);
}

bacm_status bacm_fault_describe(const struct bacm_fault *fault, bool is_write, bacm_error *error)
{
    const bacm_service_error *said = bacm_decisive_error(&fault->list, is_write);
    const bacm_service_code *words = said ? bacm_words_for(said) : NULL;
    const bool says_nothing = bacm_errors_say_nothing(&fault->list);
    bacm_status status;

    if (error) {
        error->channel = fault->channel;
        bacm_text_line(error->tracking_id, sizeof error->tracking_id, fault->tracking_id);
    }
    if (!said)
        return describe_bare(fault, is_write, error);
    status = bacm_error_describe(said, error);
    point_at_item(said, error);
    if (says_nothing)
        status = BACM_E_SERVICE;
    if (error && says_nothing)
        error->retry_class = BACM_RETRY_BACKOFF;
    bacm_fail(error, status, "%s%s",
              bacm_text_given(said->message)         ? said->message
              : words                                ? words->meaning
              : bacm_text_given(fault->fault_string) ? fault->fault_string
                                                     : "the service gives no reason",
              fault->list.count > 1 ? " (and further errors)" : "");
    if (is_write && !bacm_errors_prove_refusal(&fault->list))
        return bacm_outcome_unknown(status, error);
    return status;
}

/*
 * The statuses by which HTTP says that the request was not carried out. Any other may stand
 * for one that was: 303 shows where its result is, 408 and 409 leave open how far it came.
 */
static bool refuses_request(int http_status)
{
    static const int refusals[] = {301, 302, 307, 308, 400, 401, 403, 404, 405, 407,
                                   411, 413, 414, 415, 417, 421, 426, 429, 431};

    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        if (refusals[i] == http_status)
            return true;
    }
    return false;
}

/* Nothing is answered there, now and later. */
static bool is_gone(int http_status)
{
    return http_status == 404 || http_status == 405 || http_status == 410 || http_status == 501;
}

/* What SOAP may answer once it is switched off: nobody has said what it will be. */
static void show_way_out(bacm_error *error)
{
    bacm_error_hint(error, "Check the endpoint. SOAP ends on 2027-01-31: if the endpoint is right, "
                           "use REST, which goes on: --api v13-rest, in C bacm_api_v13_rest.");
}

bacm_status bacm_http_describe(int http_status, bool is_write, bacm_error *error)
{
    bacm_status status = BACM_E_HTTP;
    bacm_retry_class retry_class = BACM_RETRY_NEVER;

    if (http_status == 429) {
        status = BACM_E_THROTTLED;
        retry_class = BACM_RETRY_BACKOFF;
        bacm_fail(error, status, "the service answers HTTP 429: too many calls");
        bacm_error_hint(error, "Wait 60 seconds before the next call.");
    } else if (is_gone(http_status)) {
        bacm_fail(error, status, "HTTP %d: SOAP is not answered at this address", http_status);
        show_way_out(error);
    } else if (http_status >= 300 && http_status < 400) {
        bacm_fail(error, status, "the service answers HTTP %d, a redirect, which is not followed",
                  http_status);
        bacm_error_hint(error, "Check the endpoint: the service itself does not redirect.");
        if (http_status == 303)
            show_way_out(error);
    } else if (http_status >= 500) {
        retry_class = BACM_RETRY_BACKOFF;
        bacm_fail(error, status, "HTTP %d without a SOAP fault, perhaps from a gateway",
                  http_status);
        bacm_error_hint(error, "Try again later.");
    } else {
        bacm_fail(error, status, "HTTP %d without a SOAP reply", http_status);
        bacm_error_hint(error, "Check the endpoint and the proxies on the way to it.");
    }
    if (error) {
        error->channel = BACM_CHANNEL_HTTP;
        error->http_status = http_status;
        error->retry_class = retry_class;
    }
    return is_write && !refuses_request(http_status) ? bacm_outcome_unknown(status, error) : status;
}

bacm_status bacm_rest_http_describe(int http_status, bool is_write, bacm_error *error)
{
    bacm_status status = bacm_http_describe(http_status, is_write, error);

    if (http_status == 401) {
        status = bacm_fail(error, BACM_E_AUTHENTICATION,
                           "HTTP 401: the service does not accept the sign-in");
        bacm_error_hint(error, "Check the access token and the developer token.");
    } else if (is_gone(http_status)) {
        bacm_fail(error, status, "HTTP %d: REST is not answered at this address", http_status);
        bacm_error_hint(error, "Check the endpoint: it ends in /CustomerManagement/v13.");
        return is_write && !refuses_request(http_status) ? bacm_outcome_unknown(BACM_E_HTTP, error)
                                                         : status;
    }
    return status;
}
