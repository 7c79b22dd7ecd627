#include "sim/front/router.h"

#include "sim/control/control.h"
#include "sim/control/page.h"
#include "sim/oauth/oauth.h"
#include "sim/rest/rest_service.h"
#include "sim/soap/contract.h"
#include "sim/soap/soap_service.h"

#include <string.h>
#include <strings.h>

static void answer_service(struct exchange *exchange)
{
    if (strcmp(exchange->request->method, "POST") == 0)
        soap_service_answer(exchange);
    else if (strcmp(exchange->request->method, "GET") == 0)
        contract_answer(exchange);
    else
        exchange_text(exchange, 405, "Send a SOAP 1.1 request with POST.\n");
}

static void answer_nothing(struct exchange *exchange)
{
    exchange_text(exchange, 404, "There is nothing at this address.\n");
}

/* What fault rules and the log call the wires of the service. */
static const struct named_wire {
    const char *name;
    const struct sim_api *api;
    const char *(*operation)(const struct sim_api *api, const struct http_request *request);
} soap_v11 = {"v11", &sim_api_v11, soap_service_operation},
  soap_v13 = {"v13", &sim_api_v13, soap_service_operation},
  rest_v13 = {"v13-rest", &sim_api_v13, rest_service_operation};

static const struct route {
    const char *path;
    bool prefix;           /* everything below the path too */
    bool service;          /* part of what is simulated */
    const char *operation; /* NULL: the request tells */
    void (*answer)(struct exchange *exchange);
    const struct named_wire *wire;
} routes[] = {
    {SIM_SERVICE_PATH("v11"), false, true, NULL, answer_service, &soap_v11},
    {SIM_SERVICE_PATH("v13"), false, true, NULL, answer_service, &soap_v13},
    {SIM_REST_PATH "/", true, true, NULL, rest_service_answer, &rest_v13},
    {SIM_TOKEN_PATH, false, true, "token", oauth_token_answer, NULL},
    {SIM_CONSENT_PATH, false, true, "authorize", oauth_authorize_answer, NULL},
    {SIM_DEVICE_PATH, false, true, "devicecode", oauth_device_answer, NULL},
    {SIM_AGREE_PATH, false, true, "device", oauth_agree_answer, NULL},
    {SIM_REVOKE_PATH, false, true, "revoke", oauth_revoke_answer, NULL},
    {SIM_DESKTOP_PATH, false, false, "desktop", oauth_desktop_answer, NULL},
    {SIM_CONTROL_PATH "/", true, false, "control", control_answer, NULL},
    {"/", false, false, "page", page_answer, NULL},
    {"/page.js", false, false, "page", page_answer, NULL},
    {"/page.css", false, false, "page", page_answer, NULL},
    {"", true, false, NULL, answer_nothing, NULL},
};

const struct route *router_find(const struct http_request *request)
{
    const struct route *route = routes;
    for (;; route++) {
        size_t length = strlen(route->path);
        if (route->prefix ? strncasecmp(route->path, request->path, length) == 0
                          : strcasecmp(route->path, request->path) == 0)
            return route;
    }
}

const char *router_operation(const struct route *route, const struct http_request *request)
{
    if (route->operation || !route->wire)
        return route->operation;
    return route->wire->operation(route->wire->api, request);
}

const struct sim_api *router_api(const struct route *route)
{
    return route->wire ? route->wire->api : NULL;
}

const char *router_wire(const struct route *route)
{
    return route->wire ? route->wire->name : NULL;
}

bool router_is_service(const struct route *route)
{
    return route->service;
}

bool router_is_logged(const struct route *route, const struct http_request *request)
{
    bool own = route->answer == control_answer || route->answer == page_answer;
    return !own || strcmp(request->method, "GET") != 0;
}

void router_answer(const struct route *route, struct exchange *exchange)
{
    route->answer(exchange);
}
