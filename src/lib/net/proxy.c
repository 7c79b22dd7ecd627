#include "lib/net/proxy.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "lib/base/error.h"
#include "lib/base/redact.h"
#include "lib/base/text.h"

enum { MAX_ANSWER_BYTES = 8192, FIRST_STATUS_BYTE = sizeof "HTTP/1.x " - 1, STATUS_DIGITS = 3 };

static bool add_text(struct bacm_buffer *buffer, const char *text)
{
    return bacm_buffer_add(buffer, text, strlen(text)) == 0;
}

/* Base64 of "USER:PASSWORD". */
static bool add_credentials(struct bacm_buffer *buffer, const bacm_network *network)
{
    struct bacm_buffer plain = {NULL, 0, 0};
    bool added = add_text(&plain, network->proxy_user) && add_text(&plain, ":") &&
                 add_text(&plain, network->proxy_password ? network->proxy_password : "");
    size_t size = (plain.size + 2) / 3 * 4 + 1;
    char *encoded = added ? malloc(size) : NULL;

    if (encoded) {
        EVP_EncodeBlock((unsigned char *)encoded, (const unsigned char *)plain.bytes,
                        (int)plain.size);
        added = add_text(buffer, encoded);
        OPENSSL_cleanse(encoded, size);
    }
    added = added && encoded;
    free(encoded);
    bacm_buffer_clear(&plain);
    return added;
}

static bool write_request(struct bacm_buffer *buffer, const bacm_network *network,
                          const struct bacm_endpoint *target)
{
    const bool is_v6 = strchr(target->host, ':') != NULL;
    char authority[sizeof target->host + sizeof target->port + sizeof "[]:"];

    bacm_text_format(authority, sizeof authority, "%s%s%s:%s", is_v6 ? "[" : "", target->host,
                     is_v6 ? "]" : "", target->port);
    if (!add_text(buffer, "CONNECT ") || !add_text(buffer, authority) ||
        !add_text(buffer, " HTTP/1.1\r\nHost: ") || !add_text(buffer, authority))
        return false;
    if (network->proxy_user &&
        (!add_text(buffer, "\r\nProxy-Authorization: Basic ") || !add_credentials(buffer, network)))
        return false;
    return add_text(buffer, "\r\n\r\n");
}

static bacm_status send_request(struct bacm_connection *connection,
                                const struct bacm_buffer *buffer, bacm_error *error)
{
    size_t sent = 0;

    while (sent < buffer->size) {
        ssize_t step =
            bacm_connection_write(connection, buffer->bytes + sent, buffer->size - sent, error);

        if (step <= 0)
            return error->status;
        sent += (size_t)step;
    }
    return BACM_OK;
}

static bool is_success(int status)
{
    return status >= 200 && status <= 299;
}

/* Status number of the answer, whose header is read to its end; 0: no such answer. */
static int read_answer(struct bacm_connection *connection, bacm_error *error)
{
    char answer[MAX_ANSWER_BYTES + 1];
    size_t size = 0;
    char *end = NULL;
    int status;

    while (!end && size < MAX_ANSWER_BYTES) {
        ssize_t got =
            bacm_connection_read(connection, answer + size, MAX_ANSWER_BYTES - size, error);

        if (got <= 0)
            return 0;
        size += (size_t)got;
        answer[size] = '\0';
        end = strstr(answer, "\r\n\r\n");
    }
    if (!end || strncmp(answer, "HTTP/1.", sizeof "HTTP/1." - 1) != 0)
        return 0;
    for (int i = 0; i < STATUS_DIGITS; i++) {
        if (!isdigit((unsigned char)answer[FIRST_STATUS_BYTE + i]))
            return 0;
    }
    status = (int)strtol(answer + FIRST_STATUS_BYTE, NULL, 10);
    /* A refusal has a page behind it. But the service does not speak first: what follows the
     * header of a success is not from it. */
    return is_success(status) && end + 4 != answer + size ? 0 : status;
}

static bacm_status refused(const struct bacm_connection *connection, int answer, bacm_error *error)
{
    const struct bacm_endpoint *proxy = &connection->route->proxy;

    if (answer == 0) {
        bacm_error_hint(error, "Check that it is an HTTP proxy (not SOCKS, and not https) that "
                               "listens there.");
        return bacm_fail(error, BACM_E_CONNECT, "the proxy %s port %s gave no HTTP answer",
                         proxy->host, proxy->port);
    }
    if (answer == 407)
        bacm_error_hint(error, "Set proxy_user and proxy_password; only Basic authentication is "
                               "known.");
    else
        bacm_error_hint(error, "Ask who runs the proxy whether it lets this machine through to "
                               "the endpoint.");
    return bacm_fail(error, BACM_E_CONNECT, "the proxy %s port %s refused the connection: HTTP %d",
                     proxy->host, proxy->port, answer);
}

bacm_status bacm_proxy_connect(struct bacm_connection *connection,
                               const struct bacm_endpoint *target, bacm_error *error)
{
    struct bacm_buffer request = {NULL, 0, 0};
    bacm_error failure;
    bacm_status status;
    int answer = 0;

    bacm_error_clear(&failure);
    status = write_request(&request, &connection->route->options, target)
                 ? send_request(connection, &request, &failure)
                 : BACM_E_NO_MEMORY;
    bacm_buffer_clear(&request);
    if (status == BACM_E_NO_MEMORY)
        return bacm_fail_memory(error);
    if (status == BACM_OK)
        answer = read_answer(connection, &failure);
    if (is_success(answer))
        return BACM_OK;
    if (failure.status == BACM_E_TIMEOUT)
        return bacm_fail(error, BACM_E_CONNECT, "the proxy %s port %s did not answer in time",
                         connection->route->proxy.host, connection->route->proxy.port);
    return refused(connection, answer, error);
}
