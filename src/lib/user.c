#include <bacm/user.h>

#include "lib/client.h"
#include "lib/error.h"

static bacm_status get_user(bacm_user **out, bacm_client *client, int64_t user_id,
                            bacm_error *error)
{
    struct bacm_exchange exchange = {.operation = client->contract->get_user};
    bacm_status status;

    exchange.request =
        client->contract->user_request(bacm_transport_engine(client->transport), user_id);
    if (!exchange.request)
        return bacm_fail_memory(error);
    status = bacm_client_exchange(client, &exchange, error);
    if (status != BACM_OK)
        return status;
    switch (client->contract->user_from_response(out, exchange.response, client->tracking_id)) {
    case BACM_MAPPING_DONE:
        break;
    case BACM_MAPPING_INCOMPLETE:
        return bacm_fail(error, BACM_E_PROTOCOL, "the reply of GetUser has no User");
    case BACM_MAPPING_NO_MEMORY:
        return bacm_fail_memory(error);
    }
    return BACM_OK;
}

bacm_status bacm_get_user(bacm_user **out, bacm_client *client, int64_t user_id, bacm_error *error)
{
    bacm_error unwanted;
    bacm_status status;

    if (!error)
        error = &unwanted;
    bacm_error_clear(error);
    if (!out || !client || user_id < 0)
        return bacm_fail(error, BACM_E_ARGUMENT, "out or client is NULL, or the user id below 0");
    *out = NULL;
    status = get_user(out, client, user_id, error);
    bacm_client_end(client);
    return status;
}
