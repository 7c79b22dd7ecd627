#include "connection.h"

#include "soap_service.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define HANDSHAKE_MS 10000
#define DRAIN_MS     1000
#define DRAIN_BYTES  (1 << 20)

struct connection {
    struct sim *sim;
    struct stream stream;
    struct http_reader reader;
    struct http_request request;
    struct http_response response;
    struct soap *soap;
};

static void answer_plain(struct http_response *response, int status, const char *text)
{
    response->status = status;
    response->content_type = "text/plain; charset=utf-8";
    buffer_text(&response->body, text);
}

static void answer_service(struct connection *connection, json_t *record)
{
    const struct http_request *request = &connection->request;
    struct http_response *response = &connection->response;
    if (strcmp(request->method, "POST") == 0)
        soap_service_answer(connection->sim, connection->soap, request, response, record);
    else
        answer_plain(response, 405, "Send a SOAP 1.1 request with POST.\n");
}

static void route(struct connection *connection, json_t *record)
{
    if (strcasecmp(connection->request.path, SIM_SERVICE_PATH) == 0)
        answer_service(connection, record);
    else
        answer_plain(&connection->response, 404, "There is nothing at this address.\n");
}

static json_t *new_record(const struct http_request *request)
{
    const char *operation =
        strcasecmp(request->path, SIM_SERVICE_PATH) == 0 ? soap_service_operation(request) : NULL;
    return json_pack("{s:s,s:s?,s:I}", "path", request->path, "operation", operation,
                     "requestBytes", (json_int_t)request->body.length);
}

/* Answers the request that was read; false when the connection must end. */
static bool answer(struct connection *connection)
{
    struct sim *sim = connection->sim;
    struct http_response *response = &connection->response;
    json_t *record = new_record(&connection->request);
    if (!record)
        return false;
    http_response_clear(response);
    route(connection, record);
    json_object_set_new(record, "status", json_integer(response->status));
    json_object_set_new(record, "responseBytes", json_integer((json_int_t)response->body.length));
    if (!log_write(&sim->log, record)) {
        sim_stop(sim); /* a run without its log proves nothing */
        return false;
    }
    if (sim->options.latency_ms > 0 && !stream_sleep(&connection->stream, sim->options.latency_ms))
        return false;
    bool keep_alive = connection->request.keep_alive;
    return http_send_response(&connection->stream, response, keep_alive,
                              steady_ms() + sim->limits.send_ms) &&
           keep_alive;
}

static void refuse(struct connection *connection, int status)
{
    http_response_clear(&connection->response);
    answer_plain(&connection->response, status, "The request cannot be read.\n");
    http_send_response(&connection->stream, &connection->response, false,
                       steady_ms() + connection->sim->limits.send_ms);
    stream_drain(&connection->stream, DRAIN_BYTES, steady_ms() + DRAIN_MS);
}

static void serve_requests(struct connection *connection)
{
    for (;;) {
        int status;
        switch (http_read_request(&connection->reader, &connection->request,
                                  &connection->sim->limits, &status)) {
        case HTTP_READ_OK:
            if (!answer(connection))
                return;
            break;
        case HTTP_READ_BAD:
            refuse(connection, status);
            return;
        case HTTP_READ_CLOSED:
            return;
        }
    }
}

void connection_serve(struct sim *sim, int fd)
{
    struct connection *connection = calloc(1, sizeof *connection);
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (!connection) {
        close(fd);
        return;
    }
    connection->sim = sim;
    connection->stream = (struct stream){.fd = fd, .stop_fd = sim->stop_fd};
    connection->reader.stream = &connection->stream;
    connection->soap = soap_service_new();
    if (connection->soap &&
        (!sim->tls || stream_accept_tls(&connection->stream, sim->tls, steady_ms() + HANDSHAKE_MS)))
        serve_requests(connection);
    stream_close(&connection->stream);
    soap_service_free(connection->soap);
    buffer_free(&connection->request.body);
    http_response_free(&connection->response);
    free(connection);
}
