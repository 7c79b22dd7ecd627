/*
 * The engine and its hooks: all that it reads and writes goes through the
 * transport, with limits, and nothing that it passes over goes unnoticed.
 */
#include "lib/wire/transport_inside.h"

#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/base/clock.h"
#include "lib/base/error.h"
#include "lib/base/secrets.h"
#include "lib/base/text.h"

/* The engine believes in this socket; every access to it goes through hooks. */
#define ENGINE_SOCKET ((SOAP_SOCKET)INT_MAX)

static SOAP_SOCKET hook_open(struct soap *soap, const char *endpoint, const char *host, int port)
{
    (void)soap;
    (void)endpoint;
    (void)host;
    (void)port;
    return ENGINE_SOCKET; /* connected only when the whole request stands */
}

static int hook_close(struct soap *soap)
{
    soap->socket = SOAP_INVALID_SOCKET;
    return SOAP_OK;
}

static int hook_close_socket(struct soap *soap, SOAP_SOCKET socket)
{
    (void)soap;
    (void)socket;
    return SOAP_OK;
}

static int hook_poll(struct soap *soap)
{
    (void)soap;
    return SOAP_OK;
}

/* A block of a request is sent once and then freed; it may hold secrets. */
static void cleanse_block(const struct soap *soap, const char *bytes, size_t size)
{
    struct soap_bhead *block = soap->blist ? soap->blist->head : NULL;

    if (block && bytes == (char *)(block + 1))
        bacm_cleanse(block + 1, size);
}

static int hook_send(struct soap *soap, const char *bytes, size_t size)
{
    struct bacm_transport *transport = soap->user;
    int failed = bacm_buffer_add(&transport->request, bytes, size);

    cleanse_block(soap, bytes, size);
    return failed ? SOAP_EOM : SOAP_OK;
}

/* All of a request has gone through the buffer. */
void bacm_engine_cleanse(struct bacm_transport *transport)
{
    struct soap *soap = transport->soap;
    const bool all = soap->error || transport->request.size > sizeof soap->buf;

    bacm_cleanse(soap->buf, all ? sizeof soap->buf : transport->request.size);
}

/* Where a reply with tokens went through, packed and unpacked. */
void bacm_engine_cleanse_reply(struct bacm_transport *transport)
{
    struct soap *soap = transport->soap;

    bacm_cleanse(soap->buf, sizeof soap->buf);
    if (soap->z_buf)
        bacm_cleanse(soap->z_buf, sizeof soap->buf);
    bacm_cleanse(transport->page, sizeof transport->page);
}

static void keep_for_trace(struct bacm_transport *transport, const char *bytes, size_t size)
{
    if (transport->traced && bacm_buffer_add(&transport->reply, bytes, size) != 0)
        transport->traced = false;
}

/* Bytes of a body whose length the header tells; SIZE_MAX when it does not. */
size_t bacm_engine_told_length(const struct soap *soap)
{
    bool told = soap->length && (soap->mode & SOAP_IO) != SOAP_IO_CHUNK;

    return told ? (size_t)soap->length : SIZE_MAX;
}

/* How much of size may be read without going past the end of this reply. */
static size_t within_reply(const struct soap *soap, size_t size)
{
    const struct bacm_transport *transport = soap->user;
    size_t got = transport->reply_bytes - transport->header_bytes;
    size_t length = transport->header_read ? bacm_engine_told_length(soap) : SIZE_MAX;
    size_t left = got < length ? length - got : 0;

    return size < left ? size : left;
}

/* The beginning of what may be a page for people. */
static void keep_page(struct bacm_transport *transport, const char *bytes, size_t size)
{
    const size_t room = sizeof transport->page - transport->page_size;
    const size_t taken = size < room ? size : room;

    memcpy(transport->page + transport->page_size, bytes, taken);
    transport->page_size += taken;
}

static size_t hook_receive(struct soap *soap, char *bytes, size_t size)
{
    struct bacm_transport *transport = soap->user;
    ssize_t got;

    if (transport->reply_bytes > transport->options->max_reply_bytes)
        transport->over_limit = true;
    size = within_reply(soap, size);
    if (transport->over_limit || !size)
        return 0;
    got = bacm_connection_read(&transport->connection, bytes, size, &transport->failure);
    if (got <= 0) {
        transport->at_end = true;
        return 0;
    }
    transport->reply_bytes += (size_t)got;
    if (!transport->header_read)
        keep_for_trace(transport, bytes, (size_t)got);
    return (size_t)got;
}

/* What came with the header may be more than the reply was to have. */
static void cut_surplus(struct bacm_transport *transport)
{
    struct soap *soap = transport->soap;
    const size_t ahead = soap->buflen - soap->bufidx; /* read, but not of the header */
    const size_t told = soap->body ? bacm_engine_told_length(soap) : 0;

    transport->header_read = true;
    transport->header_bytes = transport->reply_bytes - ahead;
    if (ahead > told) {
        soap->buflen = soap->bufidx + told;
        transport->has_surplus = true;
    }
    if (transport->reply.size > transport->header_bytes)
        transport->reply.size = transport->header_bytes;
}

/* In place of the engine's own. It has looked at the first byte. */
static int hook_parse(struct soap *soap)
{
    struct bacm_transport *transport = soap->user;
    int failed;

    if (soap->ahead && soap->bufidx) {
        soap->ahead = 0;
        soap->bufidx--;
    }
    failed = bacm_reply_head_read(transport);
    if (!failed)
        cut_surplus(transport);
    return failed;
}

static bool is_answer_status(int status)
{
    return (status >= 200 && status <= 299) || status == 400 || status == 500;
}

/* What soap_begin_recv() does for a reply as it is, but for a sweep of tables that are empty. */
static void reset_for_reply(struct soap *soap)
{
    soap->error = SOAP_OK;
    soap->version = 0;
    soap->imode &= ~(soap_mode)(SOAP_IO | SOAP_ENC_DIME | SOAP_ENC_MIME | SOAP_ENC_ZLIB);
    soap->mode = soap->imode;
    soap->null = 0;
    soap->position = 0;
    soap->mustUnderstand = 0;
    soap->ahead = 0;
    soap->peeked = 0;
    soap->level = 0;
    soap->part = SOAP_BEGIN_RECV;
    soap->count = 0;
    soap->cdata = 0;
    soap->fform = NULL;
    soap->header = NULL;
    soap->fault = NULL;
    soap->zlib_in = SOAP_ZLIB_NONE;
    soap->mime.list = soap->mime.first = soap->mime.last = NULL;
    soap->dime.list = soap->dime.first = soap->dime.last = NULL;
}

/* Packed, or in parts: the engine knows how, and reads the header once more for it. */
static int begin_packed(struct bacm_transport *transport)
{
    struct soap *soap = transport->soap;
    const int keep_alive = soap->keep_alive;

    soap->bufidx = 0;
    transport->header_read = false;
    transport->has_surplus = false;
    soap->keep_alive = 1; /* else it would drop what has come */
    if (soap_begin_recv(soap))
        return soap->error;
    if (!keep_alive)
        soap->keep_alive = 0;
    return SOAP_OK;
}

int bacm_engine_begin_reply(struct bacm_transport *transport)
{
    struct soap *soap = transport->soap;
    const soap_mode kept = soap->imode;
    int failed;

    reset_for_reply(soap);
    failed = bacm_reply_head_read(transport);
    soap->mode = soap->imode;
    soap->imode = kept;
    if (failed)
        return failed;
    if (!soap->body || (!transport->any_status && !is_answer_status(soap->status))) {
        cut_surplus(transport);
        keep_page(transport, soap->buf + soap->bufidx, soap->buflen - soap->bufidx);
        return soap->error = soap->status;
    }
    if (soap->zlib_in != SOAP_ZLIB_NONE || (soap->mode & (SOAP_ENC_MIME | SOAP_ENC_DIME)))
        return begin_packed(transport);
    cut_surplus(transport);
    if ((soap->mode & SOAP_IO) == SOAP_IO_CHUNK) {
        soap->chunkbuflen = soap->buflen;
        soap->buflen = soap->bufidx;
        soap->chunksize = 0;
    } else if (soap->buflen > soap->bufidx) {
        soap->error =
            soap->fpreparerecv(soap, soap->buf + soap->bufidx, soap->buflen - soap->bufidx);
    }
    return soap->error;
}

/* The engine hands over each piece of the body, unpacked, before it reads it. */
static int hook_body(struct soap *soap, const char *bytes, size_t size)
{
    struct bacm_transport *transport = soap->user;

    if (!transport->header_read)
        return SOAP_OK;
    transport->body_bytes += size;
    if (transport->body_bytes > transport->options->max_reply_bytes) {
        transport->over_limit = true;
        return SOAP_LENGTH;
    }
    keep_page(transport, bytes, size);
    if (transport->any_status) /* no envelope, and nothing for the trace as it is */
        return bacm_buffer_add(&transport->body, bytes, size) == 0 ? SOAP_OK : SOAP_EOM;
    keep_for_trace(transport, bytes, size);
    return bacm_xml_scan_add(&transport->scan, bytes, size) == BACM_XML_OK ? SOAP_OK
                                                                           : SOAP_SYNTAX_ERROR;
}

static int hook_post_header(struct soap *soap, const char *key, const char *value)
{
    const struct bacm_transport *transport = soap->user;

    if (key && strcasecmp(key, "Accept-Encoding") == 0)
        return SOAP_OK; /* packed replies are read when they come, but not asked for */
    if (key && strcasecmp(key, "User-Agent") == 0)
        value = transport->user_agent;
    return transport->engine_post_header(soap, key, value);
}

/*
 * The engine makes room for as many bytes as a header tells before they come, and reads
 * a length below 0 as one without end.
 */
int bacm_engine_check_length(struct bacm_transport *transport, const char *value)
{
    size_t digits = strspn(value, "0123456789");
    unsigned long long length;

    if (!digits || value[digits + strspn(value + digits, " \t")]) {
        bacm_fail(&transport->failure, BACM_E_PROTOCOL,
                  "the reply tells a length that is no number");
        return SOAP_HTTP_ERROR;
    }
    errno = 0;
    length = strtoull(value, NULL, 10);
    if (errno || length > transport->options->max_reply_bytes) {
        transport->over_limit = true;
        return SOAP_LENGTH;
    }
    return SOAP_OK;
}

/* Seconds alone: a date would be that of another clock. No service is waited for without end. */
static unsigned read_retry_after(const char *value)
{
    enum { MOST_DIGITS = 9, MOST_SECONDS = 600 };
    const size_t digits = strspn(value, "0123456789");
    unsigned long seconds;

    if (!digits || digits > MOST_DIGITS || value[digits])
        return 0;
    seconds = strtoul(value, NULL, 10);
    return seconds < MOST_SECONDS ? (unsigned)seconds : MOST_SECONDS;
}

static int hook_parse_header(struct soap *soap, const char *key, const char *value)
{
    struct bacm_transport *transport = soap->user;

    if (strcasecmp(key, "Date") == 0)
        transport->date_ms = bacm_http_date_ms(value);
    /* For errors; a longer one than fits is none that a service gives. */
    if (strcasecmp(key, "Content-Type") == 0 && strlen(value) < sizeof transport->content_type)
        memcpy(transport->content_type, value, strlen(value) + 1);
    if (strcasecmp(key, "Retry-After") == 0)
        transport->retry_after_s = read_retry_after(value);
    if (strcasecmp(key, "TrackingId") == 0 && strlen(value) < sizeof transport->tracking_id)
        memcpy(transport->tracking_id, value, strlen(value) + 1);
    return SOAP_OK;
}

/* An element that the contract does not know is passed over, but not unnoticed. */
static int hook_ignore(struct soap *soap, const char *tag)
{
    struct bacm_transport *transport = soap->user;
    const char *colon = strchr(tag, ':');

    if (!transport->in_body) /* an entry of the header that nobody here understands */
        return soap->mustUnderstand && !soap->other ? SOAP_MUSTUNDERSTAND : SOAP_OK;
    transport->has_unread = true;
    if (bacm_xml_is_error_list(colon ? colon + 1 : tag))
        transport->has_unread_errors = true;
    return SOAP_OK;
}

struct soap *bacm_engine_new(struct bacm_transport *transport)
{
    const bacm_options *options = transport->options;
    const soap_mode keep_alive = options->no_keep_alive ? 0 : SOAP_IO_KEEPALIVE;
    /*
     * TREE: no id and href, neither written nor followed. STORE: the length is known. Without
     * KEEPALIVE the engine would drop what came with the header of a packed reply.
     */
    struct soap *soap = soap_new2(SOAP_XML_TREE | SOAP_C_UTFSTRING | SOAP_IO_KEEPALIVE,
                                  SOAP_XML_TREE | SOAP_C_UTFSTRING | SOAP_IO_STORE | keep_alive);

    if (!soap)
        return NULL;
    bacm_generated_use(soap, transport->contract && transport->contract->soap
                                 ? transport->contract->soap->generated
                                 : NULL);
    soap->user = transport;
    soap->fopen = hook_open;
    soap->fclose = hook_close;
    soap->fclosesocket = hook_close_socket;
    soap->fpoll = hook_poll;
    soap->fsend = hook_send;
    soap->frecv = hook_receive;
    soap->fpreparerecv = hook_body;
    transport->engine_post_header = soap->fposthdr;
    soap->fposthdr = hook_post_header;
    transport->engine_parse_header = soap->fparsehdr;
    soap->fparsehdr = hook_parse_header;
    soap->fparse = hook_parse;
    soap->fignore = hook_ignore;
    soap->maxlevel = options->max_reply_depth;
    soap->maxlength =
        options->max_reply_bytes > (size_t)LONG_MAX ? LONG_MAX : (long)options->max_reply_bytes;
    soap->maxoccurs = options->max_reply_bytes;
    soap->recv_maxlength = 0; /* the hooks count, and tell a limit from an end */
    return soap;
}
