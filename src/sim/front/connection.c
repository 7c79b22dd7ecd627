#include "sim/front/connection.h"

#include "serve/machine_clock.h"
#include "sim/front/delivery.h"
#include "sim/front/router.h"
#include "sim/soap/soap_service.h"

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

static json_t *new_record(const struct connection *connection, const char *wire,
                          const char *operation)
{
    return json_pack("{s:s,s:s*,s:s?,s:I}", "path", connection->request.path, "api", wire,
                     "operation", operation, "requestBytes",
                     (json_int_t)connection->request.body.length);
}

/* Writes the exchange's line; without it the run would prove nothing, so it must not go on. */
static bool log_exchange(struct sim *sim, json_t *record)
{
    if (log_write(&sim->log, record))
        return true;
    atomic_store(&sim->failed, true);
    sim_stop(sim);
    return false;
}

/* An error page as a load balancer would send it. */
static void answer_page(struct http_response *response, int status, bool says_when)
{
    response->status = status;
    response->content_type = "text/html; charset=utf-8";
    buffer_printf(&response->body,
                  "<!DOCTYPE html><html><head><title>%d</title></head><body><h1>%d %s</h1>"
                  "</body></html>\n",
                  status, status, http_reason(status));
    if (status >= 300 && status < 400)
        buffer_text(&response->headers, "Location: /retired\r\n");
    if (status == 429 && says_when)
        buffer_text(&response->headers, "Retry-After: 60\r\n");
}

/* Sends the answer that is complete in the connection's response. */
static bool deliver(struct connection *connection, const struct fault_plan *plan)
{
    struct sim *sim = connection->sim;
    int64_t wait_ms = sim->options.latency_ms + plan->delay_ms;
    bool cut = false;
    if (wait_ms > 0 && !stream_sleep(&connection->stream, wait_ms))
        return false;
    bool open = delivery_send(&connection->stream, &connection->response, plan,
                              connection->request.keep_alive, sim->limits.send_ms, &cut);
    if (cut)
        stream_cut(&connection->stream);
    return open;
}

/* Finds out which faults hit the request. */
static void plan_faults(struct exchange *exchange, const struct route *route, const char *operation)
{
    json_t *injected = NULL;
    if (router_is_service(route))
        faults_plan(&exchange->sim->faults, router_wire(route), operation ? operation : "?",
                    &exchange->plan, &injected);
    if (injected)
        json_object_set_new(exchange->record, "injected", injected);
}

/* Carries the request out, as far as the faults let it be. */
static void carry_out(struct exchange *exchange, const struct route *route)
{
    const struct fault_plan *plan = &exchange->plan;
    http_response_clear(exchange->response);
    if (plan->drop_before)
        json_object_set_new(exchange->record, "outcome", json_string("dropped"));
    else if (plan->http_status)
        answer_page(exchange->response, plan->http_status, !plan->retry_after[0]);
    else
        router_answer(route, exchange);
}

/* Completes the record with what is about to be sent. */
static void record_response(const struct exchange *exchange)
{
    const struct fault_plan *plan = &exchange->plan;
    if (plan->drop_after)
        json_object_set_new(exchange->record, "dropped", json_true());
    json_object_set_new(
        exchange->record, "status",
        plan->drop_before || plan->drop_after
            ? json_null()
            : json_integer(plan->status ? plan->status : exchange->response->status));
    json_object_set_new(exchange->record, "responseBytes",
                        json_integer((json_int_t)exchange->response->body.length));
}

/* Answers the request that was read; false when the connection must end. */
static bool answer(struct connection *connection)
{
    struct sim *sim = connection->sim;
    const struct route *route = router_find(&connection->request);
    const char *operation = router_operation(route, &connection->request);
    struct exchange exchange = {.sim = sim,
                                .api = router_api(route),
                                .soap = connection->soap,
                                .request = &connection->request,
                                .response = &connection->response,
                                .record = new_record(connection, router_wire(route), operation)};
    if (!exchange.record)
        return false;
    plan_faults(&exchange, route, operation);
    if (exchange.plan.stall_ms > 0 && !stream_sleep(&connection->stream, exchange.plan.stall_ms)) {
        json_decref(exchange.record);
        return false;
    }
    carry_out(&exchange, route);
    record_response(&exchange);
    if (!router_is_logged(route, &connection->request))
        json_decref(exchange.record);
    else if (!log_exchange(sim, exchange.record))
        return false;
    if (exchange.plan.drop_before || exchange.plan.drop_after) {
        stream_cut(&connection->stream);
        return false;
    }
    return deliver(connection, &exchange.plan);
}

static void refuse(struct connection *connection, int status)
{
    static const struct fault_plan no_fault;
    bool cut;
    http_response_clear(&connection->response);
    answer_page(&connection->response, status, true);
    delivery_send(&connection->stream, &connection->response, &no_fault, false,
                  connection->sim->limits.send_ms, &cut);
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
    if (!connection || faults_refuse(&sim->faults)) {
        free(connection);
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
