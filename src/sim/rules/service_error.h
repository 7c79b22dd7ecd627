/* The service's error codes: symbol and text, and faults as the service sends them. */
#ifndef BACM_SIM_RULES_SERVICE_ERROR_H
#define BACM_SIM_RULES_SERVICE_ERROR_H

#include "serve/buffer.h"

enum service_code {
    CODE_INTERNAL_ERROR = 0,
    CODE_NULL_REQUEST = 100,
    CODE_INVALID_CREDENTIALS = 105,
    CODE_NOT_AUTHORIZED = 106,
    CODE_TOKEN_EXPIRED = 109,
    CODE_INVALID_DATE = 113,
    CODE_MISSING_HEADERS = 116,
    CODE_CALL_RATE_EXCEEDED = 117,
    CODE_INPUT_VALIDATION = 201,
    CODE_NULL_PARAMETER = 203,
    CODE_NOT_SUPPORTED = 204,
    CODE_TIMESTAMP_NOT_MATCH = 209,
    CODE_ENTITY_NOT_EXISTENT = 210,
    CODE_NAME_TOO_LONG = 211,
    CODE_CUSTOMER_MISSING = 310,
    CODE_DATE_OUT_OF_RANGE = 532,
    CODE_USER_NOT_AUTHORIZED = 1001,
    CODE_ALREADY_INVITED = 1410,
    CODE_OTHER_AGENCY = 1424,
    CODE_PREPAID = 1471,
    CODE_ACCOUNT_IN_TRANSITION = 1472,
    CODE_INVALID_ACCOUNT_ID = 2108,
    CODE_FILTER_TOO_SHORT = 2180,
    CODE_ACCOUNT_STATE = 2192,
    CODE_BATCH_TOO_LARGE = 3024,
    CODE_INVALID_PREDICATE = 3030,
    CODE_PREDICATE_REQUIRED = 3079,
    CODE_PAGE_INFO = 3080,
    CODE_READ_ONLY_CHANGED = 3083,
    CODE_INVITATION_MISSING = 3086,
    CODE_LIST_EMPTY = 3087
};

enum fault_channel {
    FAULT_NONE,
    FAULT_ADAPI, /* AdApiFaultDetail: credentials, rights, rate, internal errors */
    FAULT_API,   /* ApiFault: the request's data, not tied to one item */
    FAULT_BARE   /* no detail that the contract knows: not dispatched or not read */
};

#define FAULT_TEXT_SIZE 256

struct service_fault {
    enum fault_channel channel;
    int code;
    const char *bare_code;      /* bare faults: the local name of the fault code */
    char text[FAULT_TEXT_SIZE]; /* "": the code's own text */
};

const char *service_error_symbol(int code);
const char *service_error_message(int code);

void fault_set(struct service_fault *fault, enum fault_channel channel, int code);
void fault_set_bare(struct service_fault *fault, const char *bare_code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

struct sim_api;

/* <s:Fault>...</s:Fault> */
void fault_write(struct buffer *out, const struct service_fault *fault, const struct sim_api *api,
                 const char *tracking_id);

#endif
