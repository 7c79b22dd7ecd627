#include "lib/fault.h"

#include <string.h>

#include "lib/error.h"
#include "lib/text.h"

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

/* A bare fault was raised before the operation ran when the dispatcher says so. */
static bool is_dispatch_fault(const struct bacm_fault *fault)
{
    static const char *const codes[] = {"ActionNotSupported", "DeserializationFailed",
                                        "VersionMismatch", "MustUnderstand"};
    static const char formatter[] = "The formatter threw an exception";

    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        if (fault->fault_code && strstr(fault->fault_code, codes[i]))
            return true;
    }
    return fault->fault_string &&
           strncmp(fault->fault_string, formatter, sizeof formatter - 1) == 0;
}

static bacm_status describe_bare(const struct bacm_fault *fault, bool is_write, bacm_error *error)
{
    bool refused = is_dispatch_fault(fault);
    bacm_status status = refused ? BACM_E_REFUSED : BACM_E_SERVICE;

    bacm_fail(error, status, "SOAP fault %s: %s",
              bacm_text_given(fault->fault_code) ? fault->fault_code : "without a code",
              bacm_text_given(fault->fault_string) ? fault->fault_string : "without a text");
    if (error)
        error->retry_class = refused ? BACM_RETRY_NEVER : BACM_RETRY_BACKOFF;
    if (refused)
        bacm_error_hint(error, "The service could not read the request; nothing was done.");
    return is_write && !refused ? bacm_outcome_unknown(status, error) : status;
}

bacm_status bacm_fault_describe(const struct bacm_fault *fault, bool is_write, bacm_error *error)
{
    const bacm_service_error *first = fault->list.count ? &fault->list.errors[0] : NULL;
    const bacm_service_code *known;
    bacm_status status;

    if (error) {
        error->channel = fault->channel;
        bacm_text_line(error->tracking_id, sizeof error->tracking_id, fault->tracking_id);
    }
    if (!first)
        return describe_bare(fault, is_write, error);
    /* Of several errors the first one that is known decides. */
    known = NULL;
    for (size_t i = 0; i < fault->list.count && !known; i++) {
        const bacm_service_error *candidate = &fault->list.errors[i];

        if (candidate->has_code)
            known = bacm_service_code_find(fault->channel, candidate->code);
        if (known)
            first = candidate;
    }
    status = known ? known->status : BACM_E_REFUSED;
    bacm_fail(error, status, "%s%s",
              bacm_text_given(first->message)        ? first->message
              : known                                ? known->meaning
              : bacm_text_given(fault->fault_string) ? fault->fault_string
                                                     : "the service gives no reason",
              fault->list.count > 1 ? " (and further errors)" : "");
    if (error) {
        error->has_service_code = first->has_code;
        error->service_code = first->code;
        error->retry_class = known ? known->retry_class : BACM_RETRY_NEVER;
        bacm_text_line(error->symbol, sizeof error->symbol,
                       bacm_text_given(first->symbol) ? first->symbol
                       : known                        ? known->symbol
                                                      : "");
        bacm_text_line(error->details, sizeof error->details, first->details);
        if (known)
            bacm_error_hint(error, "%s", known->advice);
    }
    if (is_write && known && known->retry_class == BACM_RETRY_VERIFY)
        return bacm_outcome_unknown(status, error);
    return status;
}

bacm_status bacm_http_describe(int http_status, bool is_write, bacm_error *error)
{
    bacm_status status = BACM_E_HTTP;
    bacm_retry_class retry_class = BACM_RETRY_NEVER;
    bool may_have_acted = false;

    if (http_status == 429) {
        status = BACM_E_THROTTLED;
        retry_class = BACM_RETRY_BACKOFF;
        bacm_fail(error, status, "the service answers HTTP 429: too many calls");
        bacm_error_hint(error, "Wait 60 seconds before the next call.");
    } else if (http_status >= 300 && http_status < 400) {
        bacm_fail(error, status, "the service answers HTTP %d, a redirect, which is not followed",
                  http_status);
        bacm_error_hint(error, "Check the endpoint; 303 is also what a version that was switched "
                               "off answers.");
    } else if (http_status >= 500) {
        may_have_acted = true;
        retry_class = BACM_RETRY_BACKOFF;
        bacm_fail(error, status, "HTTP %d without a SOAP fault, perhaps from a gateway",
                  http_status);
        bacm_error_hint(error, "Try again later.");
    } else {
        /* A 2xx without the answer may come from anybody on the way. */
        may_have_acted = http_status < 300;
        bacm_fail(error, status, "HTTP %d without a SOAP reply", http_status);
        bacm_error_hint(error, "Check the endpoint and the proxies on the way to it.");
    }
    if (error) {
        error->channel = BACM_CHANNEL_HTTP;
        error->http_status = http_status;
        error->retry_class = retry_class;
    }
    return is_write && may_have_acted ? bacm_outcome_unknown(status, error) : status;
}
