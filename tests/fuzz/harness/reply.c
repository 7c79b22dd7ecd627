#include "reply.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "lib/net/connection.h"
#include "lib/base/text.h"

enum { MAX_REQUEST = 1 << 20 };

static struct {
    const char *bytes;
    size_t left;
    size_t piece;
    bool played; /* a connection has taken the bytes */
    unsigned requests;
    char *xml;
    char request[MAX_REQUEST];
} wire;

/* --- in the place of the functions of connection.c -------------------------------- */

bacm_status __wrap_bacm_connection_open(struct bacm_connection *connection,
                                        const struct bacm_endpoint *target,
                                        const struct bacm_endpoint *name, unsigned timeout_ms,
                                        bacm_error *error);
void __wrap_bacm_connection_close(struct bacm_connection *connection);
bool __wrap_bacm_connection_is_idle(struct bacm_connection *connection);
ssize_t __wrap_bacm_connection_read(struct bacm_connection *connection, char *bytes, size_t size,
                                    bacm_error *error);
ssize_t __wrap_bacm_connection_write(struct bacm_connection *connection, const char *bytes,
                                     size_t size, bacm_error *error);

bacm_status __wrap_bacm_connection_open(struct bacm_connection *connection,
                                        const struct bacm_endpoint *target,
                                        const struct bacm_endpoint *name, unsigned timeout_ms,
                                        bacm_error *error)
{
    (void)target;
    (void)name;
    (void)timeout_ms;
    (void)error;
    if (wire.played)
        wire.left = 0;
    wire.played = true;
    connection->fd = INT_MAX;
    return BACM_OK;
}

void __wrap_bacm_connection_close(struct bacm_connection *connection)
{
    if (wire.played) /* by this connection */
        wire.left = 0;
    connection->fd = -1;
}

bool __wrap_bacm_connection_is_idle(struct bacm_connection *connection)
{
    return connection->fd >= 0 && wire.played && !wire.left;
}

ssize_t __wrap_bacm_connection_read(struct bacm_connection *connection, char *bytes, size_t size,
                                    bacm_error *error)
{
    (void)error;
    REQUIRE(connection->fd >= 0 && size > 0);
    if (wire.piece && size > wire.piece)
        size = wire.piece;
    if (size > wire.left)
        size = wire.left;
    if (size)
        memcpy(bytes, wire.bytes, size);
    wire.bytes += size;
    wire.left -= size;
    return (ssize_t)size;
}

ssize_t __wrap_bacm_connection_write(struct bacm_connection *connection, const char *bytes,
                                     size_t size, bacm_error *error)
{
    (void)error;
    REQUIRE(connection->fd >= 0 && size > 0 && size < MAX_REQUEST);
    memcpy(wire.request, bytes, size);
    wire.request[size] = '\0';
    wire.requests++;
    return (ssize_t)size;
}

/* --- for the targets ------------------------------------------------------------------ */

static bacm_api *api = bacm_api_v11;

void reply_set_api(bacm_api *wanted)
{
    api = wanted;
}

void reply_choose_api(const void *bytes, size_t size)
{
    static const char name[] = "Customer/v13";

    reply_set_api(memmem(bytes, size, name, sizeof name - 1) ? bacm_api_v13 : bacm_api_v11);
}

static bacm_client *new_client(void)
{
    bacm_options options = BACM_OPTIONS_INIT_FOR(api);
    bacm_credentials *credentials;
    bacm_client *client;

    options.endpoint = "http://localhost/service";
    options.no_role_check = true;
    options.max_reply_bytes = 1 << 20;
    REQUIRE(bacm_credentials_new_access_token(&credentials, FUZZ_DEVELOPER_TOKEN, FUZZ_ACCESS_TOKEN,
                                              NULL) == BACM_OK);
    REQUIRE(bacm_client_new(&client, &options, credentials, NULL) == BACM_OK);
    bacm_credentials_release(credentials);
    return client;
}

bacm_client *reply_client(void)
{
    static bacm_client *clients[2];
    bacm_client **client = &clients[api == bacm_api_v13];

    if (!*client)
        *client = new_client();
    return *client;
}

void reply_play(const void *bytes, size_t size, size_t piece)
{
    wire.bytes = size ? bytes : "";
    wire.left = size;
    wire.piece = piece;
    wire.played = false;
    wire.requests = 0;
    wire.request[0] = '\0';
}

void reply_play_xml(const char *text)
{
    int size;

    free(wire.xml);
    size = asprintf(&wire.xml,
                    "HTTP/1.1 200 OK\r\nContent-Type: text/xml; charset=utf-8\r\n"
                    "Content-Length: %zu\r\n\r\n%s",
                    strlen(text), text);
    REQUIRE(size > 0);
    reply_play(wire.xml, (size_t)size, 0);
}

unsigned reply_requests(void)
{
    return wire.requests;
}

const char *reply_request(void)
{
    return wire.request;
}

const bacm_client_link *const *reply_links(size_t n)
{
    static bacm_client_link links[BACM_MAX_LINKS_PER_CALL];
    static const bacm_client_link *pointers[BACM_MAX_LINKS_PER_CALL];

    REQUIRE(n <= BACM_MAX_LINKS_PER_CALL);
    for (size_t i = 0; i < n; i++) {
        links[i] = (bacm_client_link)BACM_CLIENT_LINK_INIT;
        links[i].client_account_id = 1001001 + (int64_t)i;
        links[i].managing_customer_id = 2002002;
        links[i].is_bill_to_client = BACM_FALSE; /* v13 wants it said */
        pointers[i] = &links[i];
    }
    return pointers;
}

static void check_shown(const char *text, size_t size)
{
    REQUIRE(memchr(text, '\0', size) != NULL);
    REQUIRE(bacm_text_check(text, NULL, NULL) == BACM_TEXT_OK);
    REQUIRE(!strstr(text, FUZZ_ACCESS_TOKEN) && !strstr(text, FUZZ_DEVELOPER_TOKEN));
}

void reply_check_error(const bacm_error *error, bacm_status status)
{
    char line[4096];

    REQUIRE(error->status == status);
    check_shown(error->symbol, sizeof error->symbol);
    check_shown(error->field, sizeof error->field);
    check_shown(error->tracking_id, sizeof error->tracking_id);
    check_shown(error->message, sizeof error->message);
    check_shown(error->details, sizeof error->details);
    check_shown(error->hint, sizeof error->hint);
    check_shown(bacm_client_tracking_id(reply_client()), sizeof error->tracking_id);
    if (status == BACM_OK)
        return;
    REQUIRE(error->message[0] != '\0');
    REQUIRE(bacm_error_format(error, line, sizeof line) > 0);
}

static void check_slot(const bacm_link_results *results, size_t i)
{
    size_t count = bacm_link_results_error_count(results, i);

    REQUIRE(count == 0 || bacm_link_results_outcome(results, i) != BACM_OUTCOME_DONE);
    for (size_t k = 0; k < count; k++) {
        const bacm_service_error *error = bacm_link_results_error(results, i, k);

        REQUIRE(error != NULL);
        check_shown(error->symbol, strlen(error->symbol) + 1);
        check_shown(error->message, strlen(error->message) + 1);
        check_shown(error->details, strlen(error->details) + 1);
    }
    REQUIRE(bacm_link_results_error(results, i, count) == NULL);
}

void reply_check_results(const bacm_link_results *results, size_t n, bacm_status status,
                         const bacm_error *error)
{
    size_t count[4] = {0, 0, 0, 0};

    reply_check_error(error, status);
    REQUIRE(reply_requests() == 1); /* a write is never repeated */
    REQUIRE(error->request_sent && results != NULL);
    REQUIRE(bacm_link_results_count(results) == n);
    for (size_t i = 0; i < n; i++) {
        check_slot(results, i);
        count[bacm_link_results_outcome(results, i)]++;
    }
    REQUIRE(count[BACM_OUTCOME_NOT_SENT] == 0);
    if (status == BACM_OK)
        REQUIRE(count[BACM_OUTCOME_DONE] == n);
    else if (status == BACM_E_PARTIAL)
        REQUIRE(count[BACM_OUTCOME_REFUSED] > 0 && count[BACM_OUTCOME_UNKNOWN] == 0);
    else if (status == BACM_E_UNKNOWN_OUTCOME)
        REQUIRE(count[BACM_OUTCOME_UNKNOWN] > 0);
    else if (status == BACM_E_ALIGNMENT_LOST)
        REQUIRE(count[BACM_OUTCOME_UNKNOWN] == n);
    else
        REQUIRE(count[BACM_OUTCOME_REFUSED] == n);
}
