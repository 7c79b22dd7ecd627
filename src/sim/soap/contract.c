#include "sim/soap/contract.h"

#include "sim/xml.h"

#include <string.h>
#include <strings.h>

/*
 * Scheme, host and port by which the client reached the simulator, so that the
 * address in the WSDL works for it too; a strange Host header is not repeated.
 */
static void own_address(struct exchange *exchange, struct buffer *out)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                  ".-_:[]";
    const char *host = http_header(exchange->request, "Host");
    if (host && host[0] && strspn(host, allowed) == strlen(host))
        buffer_printf(out, "%s://%s", exchange->sim->options.plain_http ? "http" : "https", host);
    else
        buffer_text(out, exchange->sim->base_url);
    buffer_text(out, exchange->api->path);
}

/* Both forms get the whole contract in one document: its schemas need no imports. */
static void answer_wsdl(struct exchange *exchange)
{
    static const char mark[] = "<soap:address location=\"";
    struct buffer *out = &exchange->response->body;
    const char *contract = exchange->api->contract;
    const char *address = strstr(contract, mark);
    if (!address) {
        exchange_text(exchange, 500, "The contract has no address.\n");
        return;
    }
    address += sizeof mark - 1;
    buffer_append(out, contract, (size_t)(address - contract));
    own_address(exchange, out);
    buffer_text(out, strchr(address, '"'));
    exchange->response->status = 200;
    exchange->response->content_type = "text/xml; charset=utf-8";
}

static void answer_page(struct exchange *exchange)
{
    struct buffer *out = &exchange->response->body;
    buffer_text(out, "<!DOCTYPE html><html lang=\"en\"><title>CustomerManagementService</title>"
                     "<h1>CustomerManagementService</h1><p>This is the simulated service. Its "
                     "contract: <a href=\"?wsdl\">?wsdl</a>, <a href=\"?singleWsdl\">?singleWsdl"
                     "</a></p></html>\n");
    exchange->response->status = 200;
    exchange->response->content_type = "text/html; charset=utf-8";
}

void contract_answer(struct exchange *exchange)
{
    const char *query = exchange->request->query;
    if (strcasecmp(query, "wsdl") == 0 || strcasecmp(query, "singleWsdl") == 0)
        answer_wsdl(exchange);
    else
        answer_page(exchange);
}
