#include "sim/rules/service_error.h"

#include "sim/api.h"
#include "sim/xml.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define NS_DISPATCHER                                                                              \
    "http://schemas.microsoft.com/net/2005/12/windowscommunicationfoundation/dispatcher"
#define NS_ADDRESSING_NONE "http://schemas.microsoft.com/ws/2005/05/addressing/none"

struct code_entry {
    int code;
    const char *symbol;
    const char *message;
};

static const struct code_entry codes[] = {
    {CODE_INTERNAL_ERROR, "InternalError", "An unexpected error occurred in the service."},
    {CODE_NULL_REQUEST, "NullRequest", "The request message is empty."},
    {CODE_INVALID_CREDENTIALS, "InvalidCredentials",
     "Authentication failed. Either supplied credentials are invalid or the account is "
     "inactive."},
    {CODE_NOT_AUTHORIZED, "UserIsNotAuthorized",
     "The user does not represent an authorized developer or lacks the role for this operation."},
    {CODE_TOKEN_EXPIRED, "AuthenticationTokenExpired", "The access token has expired."},
    {CODE_INVALID_DATE, "InvalidDateObject", "The date is not valid."},
    {CODE_MISSING_HEADERS, "RequestMissingHeaders", "A required header is missing."},
    {CODE_CALL_RATE_EXCEEDED, "CallRateExceeded",
     "Too many calls were made within one minute: wait 60 seconds."},
    {CODE_INPUT_VALIDATION, "ApiInputValidationError", "The input is not valid."},
    {202, "ApiExecutionError", "The operation cannot be completed."},
    {CODE_NULL_PARAMETER, "NullParameter", "A required value is null."},
    {CODE_NOT_SUPPORTED, "OperationNotSupported", "The operation is not supported."},
    {CODE_TIMESTAMP_NOT_MATCH, "TimestampNotMatch",
     "The time stamp does not match the stored one: read the object again."},
    {CODE_ENTITY_NOT_EXISTENT, "EntityNotExistent", "The object does not exist."},
    {CODE_NAME_TOO_LONG, "NameTooLong", "The name is too long."},
    {303, "ApiVersionNoLongerSupported", "This version of the service is switched off."},
    {CODE_DATE_OUT_OF_RANGE, "DateOutOfRange", "The date is outside the supported range."},
    {CODE_USER_NOT_AUTHORIZED, "UserNotAuthorized",
     "The user is not authorized to perform this action."},
    {CODE_ALREADY_INVITED, "", "An invitation for this client account was already sent."},
    {CODE_OTHER_AGENCY, "", "The client account is already managed by another agency."},
    {CODE_PREPAID, "", "The client account is prepaid; a postpay account is required."},
    {CODE_ACCOUNT_IN_TRANSITION, "",
     "The client account is being linked or unlinked and cannot be changed now."},
    {CODE_INVALID_ACCOUNT_ID, "", "The account identifier is not valid."},
    {CODE_FILTER_TOO_SHORT, "", "The search filter needs at least three characters."},
    {CODE_ACCOUNT_STATE, "", "The state of the account does not allow this change."},
    {CODE_BATCH_TOO_LARGE, "", "The list holds more items than one call may carry."},
    {CODE_INVALID_PREDICATE, "", "A search predicate is not valid for this operation."},
    {CODE_PREDICATE_REQUIRED, "", "At least one search predicate is required."},
    {CODE_PAGE_INFO, "", "The page information is missing or not valid."},
    {CODE_READ_ONLY_CHANGED, "", "An element of the client link that is read-only was changed."},
    {CODE_CUSTOMER_MISSING, "", "The customer object is missing."},
    {CODE_INVITATION_MISSING, "", "The user invitation is missing."},
    {CODE_LIST_EMPTY, "", "A required list is null or empty."},
};

static const struct code_entry *find(int code)
{
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        if (codes[i].code == code)
            return &codes[i];
    }
    return NULL;
}

const char *service_error_symbol(int code)
{
    const struct code_entry *entry = find(code);
    return entry ? entry->symbol : "";
}

const char *service_error_message(int code)
{
    const struct code_entry *entry = find(code);
    return entry ? entry->message : "An error that the simulator was told to send.";
}

void fault_set(struct service_fault *fault, enum fault_channel channel, int code)
{
    *fault = (struct service_fault){.channel = channel, .code = code};
}

void fault_set_bare(struct service_fault *fault, const char *bare_code, const char *format, ...)
{
    *fault = (struct service_fault){.channel = FAULT_BARE, .bare_code = bare_code};
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(fault->text, sizeof fault->text, format, arguments);
    va_end(arguments);
}

static void write_adapi_detail(struct buffer *out, const struct service_fault *fault,
                               const char *tracking_id)
{
    xml_open(out, "AdApiFaultDetail xmlns=\"" XML_NS_ADAPI "\" xmlns:i=\"" XML_NS_INSTANCE "\"");
    xml_element(out, "TrackingId", tracking_id);
    xml_open(out, "Errors");
    xml_open(out, "AdApiError");
    xml_element_long(out, "Code", fault->code);
    xml_element(out, "Detail", fault->text[0] ? fault->text : NULL);
    xml_element(out, "ErrorCode", service_error_symbol(fault->code));
    xml_element(out, "Message", service_error_message(fault->code));
    xml_close(out, "AdApiError");
    xml_close(out, "Errors");
    xml_close(out, "AdApiFaultDetail");
}

static void write_api_detail(struct buffer *out, const struct service_fault *fault,
                             const struct sim_api *api, const char *tracking_id)
{
    buffer_printf(out, "<ApiFault xmlns=\"%s\" xmlns:i=\"" XML_NS_INSTANCE "\">", api->customer_ns);
    buffer_printf(out, "<TrackingId xmlns=\"" XML_NS_ADAPI "\">%s</TrackingId>", tracking_id);
    buffer_printf(out, "<OperationErrors xmlns=\"%s\">", api->exception_ns);
    xml_open(out, "OperationError");
    xml_element_long(out, "Code", fault->code);
    xml_element(out, "Details", fault->text[0] ? fault->text : NULL);
    xml_element(out, "Message", service_error_message(fault->code));
    xml_close(out, "OperationError");
    xml_close(out, "OperationErrors");
    xml_close(out, "ApiFault");
}

static void write_bare(struct buffer *out, const struct service_fault *fault)
{
    bool soap_code = strcmp(fault->bare_code, "MustUnderstand") == 0 ||
                     strcmp(fault->bare_code, "VersionMismatch") == 0 ||
                     strcmp(fault->bare_code, "Server") == 0;
    if (soap_code) {
        buffer_printf(out, "<faultcode>s:%s</faultcode>", fault->bare_code);
        return;
    }
    bool dispatch = strcmp(fault->bare_code, "ActionNotSupported") == 0;
    buffer_printf(out, "<faultcode xmlns:a=\"%s\">a:%s</faultcode>",
                  dispatch ? NS_ADDRESSING_NONE : NS_DISPATCHER, fault->bare_code);
}

void fault_write(struct buffer *out, const struct service_fault *fault, const struct sim_api *api,
                 const char *tracking_id)
{
    xml_open(out, "s:Fault");
    if (fault->channel == FAULT_BARE) {
        write_bare(out, fault);
    } else {
        xml_element(out, "faultcode", "s:Server");
    }
    xml_open(out, "faultstring xml:lang=\"en-US\"");
    if (fault->channel == FAULT_BARE)
        xml_text(out, fault->text);
    else
        buffer_printf(out,
                      "Invalid client data. Check the SOAP fault details for more information."
                      " TrackingId: %s.",
                      tracking_id);
    xml_close(out, "faultstring");
    if (fault->channel != FAULT_BARE) {
        xml_open(out, "detail");
        if (fault->channel == FAULT_ADAPI)
            write_adapi_detail(out, fault, tracking_id);
        else
            write_api_detail(out, fault, api, tracking_id);
        xml_close(out, "detail");
    }
    xml_close(out, "s:Fault");
}
