/*
 * AddClientLinks and UpdateClientLinks: check, send once, align.
 */
#include <stdlib.h>

#include <bacm/links.h>

#include "lib/base/error.h"
#include "lib/call/client.h"
#include "lib/links/results.h"
#include "lib/links/rules.h"

static bool nothing_was_done(bacm_status status)
{
    return status != BACM_E_UNKNOWN_OUTCOME;
}

/* The request has left and there is no answer: all links have the same outcome. */
static bacm_status results_of_failure(bacm_link_results **out, const bacm_client *client,
                                      const struct bacm_exchange *exchange, size_t n,
                                      bacm_status status, bacm_error *error)
{
    const struct bacm_error_list *errors = exchange->has_fault ? &exchange->fault.list : NULL;

    if (!error->request_sent || status == BACM_E_NO_MEMORY)
        return status;
    *out = bacm_link_results_uniform(
        n, nothing_was_done(status) ? BACM_OUTCOME_REFUSED : BACM_OUTCOME_UNKNOWN, errors,
        client->tracking_id);
    return *out ? status : bacm_fail_memory(error);
}

/*
 * An error that is there but has nothing in it that the contract knows looks as a nil one does
 * when it has been read. The scan has counted those that are not nil.
 */
static bool has_unread_errors(const struct bacm_write_reply *reply, size_t stated)
{
    size_t read = reply->operation_errors.count;

    for (size_t i = 0; i < reply->partial_count; i++)
        read += reply->partial[i].count;
    return read != stated;
}

/* The service has said that the user may not do this: what GetUser told is old. */
static void heed_refusal(bacm_client *client, const bacm_link_results *results)
{
    for (size_t i = 0; i < bacm_link_results_count(results); i++) {
        for (size_t k = 0; k < bacm_link_results_error_count(results, i); k++) {
            const bacm_service_code *known =
                bacm_known_error(bacm_link_results_error(results, i, k));

            if (known && known->status == BACM_E_AUTHORIZATION)
                bacm_client_forget_role(client);
        }
    }
}

static bacm_status results_of_reply(bacm_link_results **out, bacm_client *client,
                                    const struct bacm_exchange *exchange, size_t n,
                                    bacm_error *error)
{
    struct bacm_write_reply reply = {
        .has_unread = exchange->has_unread,
        .has_unread_errors = exchange->has_unread_errors,
        .is_flat = exchange->is_flat,
        .tracking_id = client->tracking_id,
    };
    bacm_status status;

    if (client->contract->mapping->write_reply(bacm_transport_engine(client->transport),
                                               exchange->operation, exchange->response,
                                               &reply) != 0)
        return bacm_fail_memory(error);
    reply.has_unread_errors |= has_unread_errors(&reply, exchange->stated_errors);
    bacm_client_redact(client, &reply.operation_errors);
    for (size_t i = 0; i < reply.partial_count; i++)
        bacm_client_redact(client, &reply.partial[i]);
    status = bacm_links_align(out, &reply, n, error);
    heed_refusal(client, *out);
    return status;
}

static bacm_status send_links(bacm_link_results **out, bacm_client *client,
                              const struct bacm_operation *operation,
                              const bacm_client_link *const *links, size_t n,
                              bacm_link_status wanted, bacm_error *error)
{
    struct bacm_exchange exchange = {.operation = operation};
    bacm_link_results *unknown;
    bacm_status status;

    exchange.request = client->contract->mapping->links_request(
        bacm_transport_engine(client->transport), operation, links, n, wanted,
        &exchange.request_extras);
    /* For when memory runs out after the request has left: then nothing is known but that. */
    unknown =
        exchange.request ? bacm_link_results_uniform(n, BACM_OUTCOME_UNKNOWN, NULL, "") : NULL;
    if (!unknown)
        return bacm_fail_memory(error);
    status = bacm_client_exchange(client, &exchange, error);
    status = status == BACM_OK ? results_of_reply(out, client, &exchange, n, error)
                               : results_of_failure(out, client, &exchange, n, status, error);
    if (status == BACM_E_NO_MEMORY && error->request_sent && !*out)
        *out = unknown;
    else
        bacm_link_results_free(unknown);
    return status;
}

static bacm_status check_arguments(bacm_link_results **out, const bacm_client *client,
                                   bacm_error *error)
{
    if (out)
        *out = NULL;
    if (!out || !client)
        return bacm_fail(error, BACM_E_ARGUMENT, "out or client is NULL");
    return BACM_OK;
}

bacm_status bacm_links_add(bacm_link_results **out, bacm_client *client,
                           const bacm_client_link *const *links, size_t n, bacm_error *error)
{
    bacm_error unwanted;
    bacm_status status;

    if (!error)
        error = &unwanted;
    bacm_error_clear(error);
    status = check_arguments(out, client, error);
    if (status == BACM_OK)
        status = bacm_links_check_add(client->contract, links, n, error);
    if (status == BACM_OK)
        status = bacm_client_require_links(client, bacm_links_kind(links, n), error);
    if (status != BACM_OK)
        return status;
    bacm_error_clear(error);
    status = send_links(out, client, client->contract->add_links, links, n, BACM_LINK_STATUS_ABSENT,
                        error);
    bacm_client_end(client);
    return status;
}

bacm_status bacm_links_update(bacm_link_results **out, bacm_client *client,
                              const bacm_client_link *const *links, size_t n, bacm_side side,
                              bacm_link_status wanted, bacm_error *error)
{
    bacm_error unwanted;
    bacm_status status;

    if (!error)
        error = &unwanted;
    bacm_error_clear(error);
    status = check_arguments(out, client, error);
    if (status == BACM_OK)
        status = bacm_links_check_update(client->contract, links, n, side, wanted, error);
    if (status == BACM_OK)
        status = bacm_client_require_links(client, bacm_links_kind(links, n), error);
    if (status != BACM_OK)
        return status;
    bacm_error_clear(error);
    status = send_links(out, client, client->contract->update_links, links, n, wanted, error);
    bacm_client_end(client);
    return status;
}

bacm_status bacm_links_add_preview(char **out, bacm_client *client,
                                   const bacm_client_link *const *links, size_t n,
                                   bacm_error *error)
{
    const struct bacm_operation *operation;
    bacm_error unwanted;
    bacm_status status;
    const struct bacm_extra *extras = NULL;
    void *request;

    if (!error)
        error = &unwanted;
    bacm_error_clear(error);
    if (!out || !client)
        return bacm_fail(error, BACM_E_ARGUMENT, "out or client is NULL");
    *out = NULL;
    status = bacm_links_check_add(client->contract, links, n, error);
    if (status != BACM_OK)
        return status;
    operation = client->contract->add_links;
    request = client->contract->mapping->links_request(bacm_transport_engine(client->transport),
                                                       operation, links, n, BACM_LINK_STATUS_ABSENT,
                                                       &extras);
    status = request ? bacm_transport_preview(client->transport, operation, request, out, error)
                     : bacm_fail_memory(error);
    bacm_client_end(client);
    return status;
}

void bacm_text_free(char *text)
{
    free(text);
}
