/*
 * Why there is no understood reply, in words: the first cause, not what the last layer says.
 */
#include "lib/wire/transport_inside.h"

#include <string.h>
#include <strings.h>

#include "lib/base/error.h"
#include "lib/base/text.h"

enum { SHOWN_TYPE_SIZE = 96 };

/* A text of the reply as an error may show it. */
static void show(const struct bacm_transport *transport, const char *text, size_t length,
                 char *line, size_t size)
{
    struct bacm_buffer clean = {NULL, 0, 0};

    line[0] = '\0';
    if (bacm_redact(&clean, text, length, transport->secrets, BACM_SECRET_COUNT) == 0 &&
        bacm_buffer_add(&clean, "", 1) == 0)
        bacm_text_line(line, size, clean.bytes);
    bacm_buffer_clear(&clean);
}

static bool begins_with(const char *text, const char *word)
{
    return strncasecmp(text, word, strlen(word)) == 0;
}

/* Whether it was made for people; page is the beginning of its body. */
static bool is_web_page(const struct bacm_transport *transport, const char *page)
{
    const char *first = page + strspn(page, " \t\r\n\xEF\xBB\xBF");

    return begins_with(transport->content_type, "text/html") ||
           begins_with(transport->content_type, "application/xhtml") ||
           begins_with(first, "<!doctype html") || begins_with(first, "<html");
}

bool bacm_transport_web_page(const struct bacm_transport *transport, char *title, size_t size)
{
    char page[PAGE_SIZE + 1];
    const char *start;

    memcpy(page, transport->page, transport->page_size);
    page[transport->page_size] = '\0';
    if (!is_web_page(transport, page))
        return false;
    start = strcasestr(page, "<title");
    start = start ? strchr(start, '>') : NULL;
    title[0] = '\0';
    if (start)
        show(transport, start + 1, strcspn(start + 1, "<"), title, size);
    if (!title[0] || strcmp(title, " ") == 0)
        bacm_text_format(title, size, "without a title");
    return true;
}

static bacm_status is_page(const struct bacm_transport *transport, const char *title,
                           bacm_error *error)
{
    bacm_error_hint(error,
                    "Open the address in a browser: a sign-in page of the network, a proxy or a "
                    "filter may stand before the service, or the endpoint is not its address.");
    return bacm_fail(error, BACM_E_PROTOCOL, "a web page answered at %s, not the service: %s",
                     transport->endpoint.host, title);
}

const char *bacm_engine_words(int code)
{
    switch (code) {
    case SOAP_NO_TAG:
    case SOAP_TAG_MISMATCH:
    case SOAP_NULL:
    case SOAP_NAMESPACE:
        return "it has not the element that is expected";
    case SOAP_TYPE:
    case SOAP_EMPTY:
    case SOAP_OCCURS:
        return "it has a value that its type does not allow";
    case SOAP_VERSIONMISMATCH:
        return "its envelope is not of SOAP 1.1";
    case SOAP_MUSTUNDERSTAND:
        return "its header has an entry that must be understood, and is not known here";
    case SOAP_ZLIB_ERROR:
        return "it cannot be unpacked";
    case SOAP_MIME_ERROR:
    case SOAP_MIME_END:
    case SOAP_DIME_ERROR:
    case SOAP_DIME_END:
        return "it is in several parts, which cannot be read";
    case SOAP_UTF_ERROR:
        return "it has characters of an encoding that is not read";
    case SOAP_EOF:
        return "it ends too soon";
    default:
        return "it is not well-formed";
    }
}

static const char *why_not(const struct bacm_transport *transport)
{
    const struct soap *soap = transport->soap;

    if (transport->scan.fault == BACM_XML_DOCTYPE)
        return "it has a document type or an entity of one, which is not read";
    if (transport->scan.fault == BACM_XML_MALFORMED)
        return "it is not well-formed XML, or has contents where none may be";
    if (soap->error == soap->status)
        return "it is empty";
    return bacm_engine_words(soap->error);
}

static bool is_over_limit(const struct bacm_transport *transport)
{
    const int code = transport->soap->error;

    return transport->over_limit || transport->scan.fault == BACM_XML_TOO_DEEP ||
           transport->scan.fault == BACM_XML_TOO_MANY || code == SOAP_LENGTH ||
           code == SOAP_LEVEL || code == SOAP_OCCURS;
}

static bacm_status is_connection(const struct bacm_transport *transport, bacm_error *error)
{
    return bacm_fail(error, BACM_E_NETWORK, "the other side closed the connection %s",
                     transport->reply_bytes ? "in the middle of the reply" : "without a reply");
}

bacm_status bacm_transport_no_reply(struct bacm_transport *transport, bacm_error *error)
{
    enum bacm_xml_fault scan = transport->scan.fault;
    char text[SHOWN_TYPE_SIZE];

    if (transport->failure.status != BACM_OK) {
        error->status = transport->failure.status;
        memcpy(error->message, transport->failure.message, sizeof error->message);
        memcpy(error->hint, transport->failure.hint, sizeof error->hint);
        memcpy(error->time, transport->failure.time, sizeof error->time);
        return error->status;
    }
    if (transport->soap->error == SOAP_EOM || scan == BACM_XML_NO_MEMORY)
        return bacm_fail_memory(error);
    if (is_over_limit(transport)) {
        bacm_error_hint(error, "Raise max_reply_bytes or max_reply_depth if such replies are "
                               "expected.");
        return bacm_fail(error, BACM_E_LIMIT,
                         "the reply is larger or deeper than allowed, or has too many elements");
    }
    if (!transport->reply_bytes)
        return is_connection(transport, error);
    if (!transport->in_body && bacm_transport_web_page(transport, text, sizeof text))
        return is_page(transport, text, error);
    if (transport->at_end && scan == BACM_XML_OK)
        return is_connection(transport, error);
    show(transport, transport->content_type, strlen(transport->content_type), text, sizeof text);
    bacm_error_hint(error, "Check the endpoint, and what stands between this machine and it.");
    return bacm_fail(error, BACM_E_PROTOCOL,
                     "the reply is not the answer to this operation: %s%s%s", why_not(transport),
                     *text ? "; content type " : "", text);
}
