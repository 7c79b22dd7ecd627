#include "cli/terminal/exit_code.h"

int exit_code_for(bacm_status status)
{
    switch (status) {
    case BACM_OK:
        return CLI_OK;
    case BACM_E_ARGUMENT:
    case BACM_E_NO_LINKS:
    case BACM_E_TOO_MANY_LINKS:
    case BACM_E_INVALID_LINK:
    case BACM_E_INVALID_SEARCH:
    case BACM_E_UNSUPPORTED_FIELD:
        return CLI_USAGE;
    case BACM_E_NO_CREDENTIALS:
    case BACM_E_NOT_SUPER_ADMIN:
    case BACM_E_SANDBOX:
    case BACM_E_TRANSITION:
    case BACM_E_JOURNAL:
    case BACM_E_JOURNAL_IN_USE:
    case BACM_E_JOURNAL_MISMATCH:
        return CLI_PRECONDITION;
    case BACM_E_AUTHENTICATION:
    case BACM_E_AUTHORIZATION:
    case BACM_E_TOKEN_EXPIRED:
    case BACM_E_TOKEN:
    case BACM_E_TOKEN_STORE:
        return CLI_AUTHENTICATION;
    case BACM_E_HTTP:
    case BACM_E_PROTOCOL:
    case BACM_E_LIMIT:
    case BACM_E_REFUSED:
    case BACM_E_THROTTLED:
    case BACM_E_SERVICE:
    case BACM_E_VERSION_RETIRED:
        return CLI_SERVICE;
    case BACM_E_RESOLVE:
    case BACM_E_CONNECT:
    case BACM_E_TLS:
    case BACM_E_NETWORK:
    case BACM_E_TIMEOUT:
        return CLI_NETWORK;
    case BACM_E_ALIGNMENT_LOST:
    case BACM_E_UNKNOWN_OUTCOME:
        return CLI_UNKNOWN;
    default:
        return CLI_FAILED;
    }
}

static int rank(int code)
{
    static const int order[] = {CLI_OK,      CLI_FAILED,  CLI_USAGE,          CLI_PRECONDITION,
                                CLI_NETWORK, CLI_SERVICE, CLI_AUTHENTICATION, CLI_UNKNOWN};
    int i = (int)(sizeof order / sizeof *order) - 1;

    while (i > 0 && order[i] != code)
        i--;
    return i;
}

int exit_code_worse(int a, int b)
{
    return rank(a) >= rank(b) ? a : b;
}
