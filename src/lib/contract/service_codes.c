/*
 * The error codes of the service, keyed by channel and number: the numbers of
 * AdApiError and of OperationError collide.
 */
#include "lib/contract/service_codes.h"

#include <string.h>

#include "lib/base/text.h"

/* Retry class and status that go together. */
#define REFUSED        BACM_RETRY_NEVER, BACM_E_REFUSED
#define AUTHENTICATION BACM_RETRY_NEVER, BACM_E_AUTHENTICATION
#define AUTHORIZATION  BACM_RETRY_NEVER, BACM_E_AUTHORIZATION
#define EXPIRED        BACM_RETRY_TOKEN, BACM_E_TOKEN_EXPIRED
#define THROTTLED      BACM_RETRY_BACKOFF, BACM_E_THROTTLED
#define BUSY           BACM_RETRY_BACKOFF, BACM_E_REFUSED
#define STALE          BACM_RETRY_SEARCH, BACM_E_REFUSED
#define INTERNAL       BACM_RETRY_VERIFY, BACM_E_SERVICE
#define RETIRED        BACM_RETRY_NEVER, BACM_E_VERSION_RETIRED

static const bacm_service_code codes[] = {
    {0, false, INTERNAL, "InternalError", "unidentified error of the server",
     "For a write, search before sending again; if it stays, give the tracking id to support."},
    {100, false, REFUSED, "NullRequest", "the request was empty, or over REST could not be read",
     "Nothing was done. Report this to the vendor."},
    {105, false, AUTHENTICATION, "InvalidCredentials",
     "authentication failed or the account is inactive",
     "Check that the access token and the developer token belong to the environment in use "
     "(production or sandbox), and that the token's scope is right."},
    {106, false, AUTHORIZATION, "UserIsNotAuthorized",
     "the user or the developer token lacks the right",
     "Check that the developer token belongs to this user or is a universal one, and that the user "
     "has the role for it (for client links Super Admin of an agency; in v13 Standard suffices for "
     "links of accounts)."},
    {108, false, AUTHENTICATION, "UserCompromised",
     "the account is locked after suspicious activity",
     "The user must change the password in the web interface."},
    {109, false, EXPIRED, "AuthenticationTokenExpired", "the access token has expired",
     "Renew the access token."},
    {113, false, REFUSED, "InvalidDateObject", "a date is not valid", "Check StartDate."},
    {116, false, AUTHENTICATION, "RequestMissingHeaders", "a required header element is missing",
     "Set the developer token and the access token."},
    {117, false, THROTTLED, "CallRateExceeded", "too many calls in a minute",
     "Wait 60 seconds before the next call."},
    {120, false, AUTHENTICATION, "UserLoginAccessDenied", "this login was merged into another one",
     "Sign in with the consolidated login."},
    {122, false, AUTHENTICATION, "PersonalIdentityNotAvailable",
     "the personal account cannot be used", "Sign in with another kind of Microsoft account."},
    {123, false, AUTHENTICATION, "WorkIdentityNotAvailable", "the work account cannot be used",
     "Sign in with another kind of Microsoft account."},
    {124, false, AUTHENTICATION, "PersonalIdentityMigratedToWork",
     "the account was moved to a work account", "Sign in with the work account."},
    {125, false, AUTHENTICATION, "PersonalIdentityNotAllowedByCustomer",
     "the customer wants work accounts", "Sign in with a work account."},
    {126, false, AUTHENTICATION, "IdentityTypeMismatch",
     "the user signed in with another kind of account than the e-mail address is registered for",
     "Sign in with the kind of account that the details name."},
    {201, false, REFUSED, "ApiInputValidationError", "the input is not valid",
     "Correct the request."},
    {202, false, INTERNAL, "ApiExecutionError", "the operation could not be completed",
     "For a write, search before sending again."},
    {203, false, REFUSED, "NullParameter", "a parameter is missing", "Correct the request."},
    {204, false, REFUSED, "OperationNotSupported", "the operation is not supported", ""},
    {205, false, REFUSED, "InvalidVersion", "the version is not valid", ""},
    {206, false, REFUSED, "NullArrayArgument", "an array is missing", "Correct the request."},
    {207, false, THROTTLED, "ConcurrentRequestOverLimit", "too many requests at a time",
     "Wait a minute, then call with less concurrency."},
    {208, false, REFUSED, "InvalidAccount", "the account is not valid", "Check the account id."},
    {209, false, STALE, "TimestampNotMatch", "the time stamp is stale",
     "Search again and decide anew."},
    {210, false, REFUSED, "EntityNotExistent", "the entity does not exist", "Check the ids."},
    {211, false, REFUSED, "NameTooLong", "the name is too long", "Shorten the name."},
    {303, false, RETIRED, "ApiVersionNoLongerSupported", "this API version is switched off",
     "v11 ended on 2018-10-31, SOAP ends on 2027-01-31. REST goes on: --api v13-rest, in C "
     "bacm_api_v13_rest."},
    {3101, false, AUTHENTICATION, "OAuthTokenInvalid", "the access token is not accepted",
     "Sign in anew with multi-factor authentication and the scope that the service asks for."},

    {0, true, INTERNAL, "", "unidentified error of the server",
     "For a write, search before sending again; if it stays, give the tracking id to support."},
    {108, true, REFUSED, "", "the account id is not valid (old number of 2108)",
     "Check that it is the id of a client account."},
    {192, true, REFUSED, "", "the state of the account forbids the update (old number of 2192)",
     "Check the account."},
    {205, true, REFUSED, "", "address line 1 is not valid", "Correct the address."},
    {207, true, REFUSED, "", "address line 3 is not valid", "Correct the address."},
    {209, true, STALE, "", "the time stamp is stale, or a postal code is not valid",
     "Search again and decide anew."},
    {474, true, REFUSED, "", "a required search predicate is missing", "Give a predicate."},
    {532, true, REFUSED, "", "a date is outside the supported range", "Check StartDate."},
    {1001, true, AUTHORIZATION, "", "the user may not do this",
     "The user must have the role for it (for client links Super Admin of an agency; in v13 "
     "Standard "
     "suffices for links of accounts); the customer may also ask for a work account."},
    {1410, true, REFUSED, "", "an invitation for this account was already sent",
     "See with `bacm search` in which status it is."},
    {1424, true, REFUSED, "", "the account is already managed by another agency",
     "The client must unlink the other agency first."},
    {1471, true, REFUSED, "", "the client account is prepaid",
     "The client must add a payment instrument for post-pay billing."},
    {1472, true, BUSY, "", "the account is being linked or unlinked",
     "Try again in 5 to 30 minutes."},
    {2108, true, REFUSED, "", "the account id is not valid",
     "Check that it is the id of a client account, not its number and not a customer id."},
    {2180, true, REFUSED, "", "a search filter needs at least three characters", "Use whole ids."},
    {2192, true, REFUSED, "", "the state of the account forbids the update", "Check the account."},
    {2208, true, INTERNAL, "", "the system has an issue", "Try later; for a write, search first."},
    {3024, true, REFUSED, "", "the batch is too large", "Send at most 10 links in a call."},
    {3030, true, REFUSED, "", "a predicate is not valid", "Check field and operator."},
    {3079, true, REFUSED, "", "at least one predicate is required", "Give a predicate."},
    {3080, true, REFUSED, "", "the page information is missing or not valid",
     "Check the page size."},
    {3083, true, STALE, "", "an element that may not be updated was changed",
     "Search again and send the link back as received."},
    {3087, true, REFUSED, "", "a required list is missing or empty", "Correct the request."},
};

/* A name that says so, whatever its number is. */
static const bacm_service_code over_limit = {0,
                                             false,
                                             THROTTLED,
                                             "",
                                             "more is asked for than the service allows at a time",
                                             "Wait 60 seconds before the next call."};

#undef REFUSED
#undef AUTHENTICATION
#undef AUTHORIZATION
#undef EXPIRED
#undef THROTTLED
#undef BUSY
#undef STALE
#undef INTERNAL
#undef RETIRED

static const bacm_service_code *find(bool operation, int code)
{
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        if (codes[i].code == code && codes[i].operation_channel == operation)
            return &codes[i];
    }
    return NULL;
}

static bool is_operation_channel(bacm_channel channel)
{
    return channel == BACM_CHANNEL_API_FAULT || channel == BACM_CHANNEL_OPERATION ||
           channel == BACM_CHANNEL_PARTIAL;
}

const bacm_service_code *bacm_service_code_find(bacm_channel channel, int code)
{
    const bool operation = is_operation_channel(channel);
    const bacm_service_code *found;

    if (!operation && channel != BACM_CHANNEL_ADAPI)
        return NULL;
    /* The reference does not say which code uses which channel: a number that
     * has no meaning of its own here has the one of the other channel. */
    found = find(operation, code);
    return found ? found : find(!operation, code);
}

static bool ends_with(const char *text, const char *end)
{
    const size_t length = strlen(text);

    return length >= strlen(end) && strcmp(text + length - strlen(end), end) == 0;
}

static const bacm_service_code *find_name(const char *symbol)
{
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        if (strcmp(codes[i].symbol, symbol) == 0)
            return &codes[i];
    }
    return ends_with(symbol, "OverLimit") || ends_with(symbol, "RateExceeded") ? &over_limit : NULL;
}

bool bacm_service_code_has_name(const bacm_service_code *entry, const char *symbol)
{
    return !bacm_text_given(symbol) || entry == &over_limit || strcmp(entry->symbol, symbol) == 0 ||
           (entry->operation_channel && !*entry->symbol);
}

const bacm_service_code *bacm_service_code_said(bacm_channel channel, bool has_code, int code,
                                                const char *symbol)
{
    const bacm_service_code *named = bacm_text_given(symbol) ? find_name(symbol) : NULL;
    const bacm_service_code *found = has_code ? bacm_service_code_find(channel, code) : NULL;

    if (found && bacm_text_given(symbol) &&
        found->operation_channel != is_operation_channel(channel))
        found = strcmp(found->symbol, symbol) == 0 ? found : NULL;
    /* What may have acted stays so, whatever it is called. */
    return named && !(found && found->retry_class == BACM_RETRY_VERIFY) ? named : found;
}

const bacm_service_code *bacm_service_codes(size_t *count)
{
    *count = sizeof codes / sizeof codes[0];
    return codes;
}
