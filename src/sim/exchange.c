#include "sim/exchange.h"

#include <stdlib.h>

void exchange_text(struct exchange *exchange, int status, const char *text)
{
    exchange->response->status = status;
    exchange->response->content_type = "text/plain; charset=utf-8";
    buffer_text(&exchange->response->body, text);
}

void exchange_json(struct exchange *exchange, int status, json_t *value)
{
    char *text = json_dumps(value, JSON_COMPACT);
    exchange->response->status = status;
    exchange->response->content_type = "application/json; charset=utf-8";
    if (text)
        buffer_text(&exchange->response->body, text);
    else
        exchange->response->body.failed = true;
    free(text);
    json_decref(value);
}
