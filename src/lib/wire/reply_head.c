/*
 * The HTTP header of a reply, read as RFC 9112 says: what tells where a reply ends must be
 * said once and clearly, for what one side takes for its end the next reply begins with. The
 * engine would take the last of two lengths, wait for a body where none may be, and take an
 * interim reply for the last one.
 */
#include "lib/wire/transport_inside.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/base/error.h"

enum {
    MAX_FIELD_BYTES = 4096,
    MAX_INTERIM_REPLIES = 16,
    SWITCHING_PROTOCOLS = 101,
    FIRST_FINAL_STATUS = 200,
    NO_CONTENT = 204,
    RESET_CONTENT = 205,
    NOT_MODIFIED = 304
};

/* What is known of the framing while the lines are read. */
struct framing {
    bool is_chunked;
    bool has_length;
    unsigned long long length;
};

static int refuse(struct bacm_transport *transport, const char *what)
{
    bacm_fail(&transport->failure, BACM_E_PROTOCOL, "the HTTP header of the reply %s", what);
    return transport->soap->error = SOAP_HTTP_ERROR;
}

/* --- bytes ------------------------------------------------------------------------ */

/* Bytes up to the end of the blank line; 0 when it is not there yet. */
static size_t head_size(const char *bytes, size_t size)
{
    const char *end = bytes + size;

    for (const char *p = memchr(bytes, '\n', size); p; p = memchr(p, '\n', (size_t)(end - p))) {
        p++;
        if (p < end && *p == '\r')
            p++;
        if (p < end && *p == '\n')
            return (size_t)(p + 1 - bytes);
        if (p >= end)
            break;
    }
    return 0;
}

static int receive_more(struct bacm_transport *transport)
{
    struct soap *soap = transport->soap;
    size_t got;

    if (soap->buflen == sizeof soap->buf) {
        bacm_fail(&transport->failure, BACM_E_LIMIT,
                  "the HTTP header of the reply is larger than %zu bytes", sizeof soap->buf);
        return soap->error = SOAP_LENGTH;
    }
    got = soap->frecv(soap, soap->buf + soap->buflen, sizeof soap->buf - soap->buflen);
    if (!got)
        return soap->error = SOAP_EOF;
    soap->buflen += got;
    return SOAP_OK;
}

/* Have one header whole in the engine's buffer, at bufidx; *size are its bytes. */
static int receive_head(struct bacm_transport *transport, size_t *size)
{
    static const char protocol[] = "HTTP/1.";
    struct soap *soap = transport->soap;

    for (;;) {
        const char *bytes;
        size_t there;

        while (soap->bufidx < soap->buflen && strchr("\r\n", soap->buf[soap->bufidx]) &&
               soap->buf[soap->bufidx])
            soap->bufidx++;
        bytes = soap->buf + soap->bufidx;
        there = soap->buflen - soap->bufidx;
        *size = head_size(bytes, there);
        if (there && memcmp(bytes, protocol,
                            there < sizeof protocol - 1 ? there : sizeof protocol - 1) != 0) {
            bacm_fail(&transport->failure, BACM_E_PROTOCOL,
                      "what answers there does not speak HTTP/1.1");
            return soap->error = SOAP_HTTP_ERROR;
        }
        if (*size)
            return SOAP_OK;
        if (receive_more(transport))
            return soap->error;
    }
}

/* --- lines ------------------------------------------------------------------------ */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Number of "HTTP/1.x NNN reason"; 0: it has none. *is_old: HTTP/1.0. */
static int read_status(const char *line, size_t size, bool *is_old)
{
    enum { MINOR = sizeof "HTTP/1." - 1, STATUS = MINOR + 2, DIGITS = 3 };
    int status = 0;

    if (size < STATUS + DIGITS || !is_digit(line[MINOR]) || line[MINOR + 1] != ' ')
        return 0;
    for (int i = 0; i < DIGITS; i++) {
        if (!is_digit(line[STATUS + i]))
            return 0;
        status = status * 10 + (line[STATUS + i] - '0');
    }
    if (size > STATUS + DIGITS && line[STATUS + DIGITS] != ' ')
        return 0;
    *is_old = line[MINOR] == '0';
    return status >= 100 && status <= 599 ? status : 0;
}

enum field {
    OTHER_FIELD = 0,
    CONTENT_LENGTH,
    TRANSFER_ENCODING,
    CONTENT_ENCODING,
    CONTENT_TYPE,
    CONNECTION
};

/* Which of the fields it is that say how the reply is to be read. */
static enum field field_of(const char *name)
{
    static const char *const names[] = {
        NULL,           "Content-Length", "Transfer-Encoding", "Content-Encoding",
        "Content-Type", "Connection"};

    for (size_t i = 1; i < sizeof names / sizeof names[0]; i++) {
        if ((*name | 0x20) == (*names[i] | 0x20) && strcasecmp(name, names[i]) == 0)
            return (enum field)i;
    }
    return OTHER_FIELD;
}

static bool is_name(const char *name)
{
    for (const char *p = name; *p; p++) {
        if ((unsigned char)*p <= ' ' || (unsigned char)*p >= 0x7F ||
            strchr("()<>@,;:\\\"/[]?={}", *p))
            return false;
    }
    return *name != '\0';
}

static int take_length(struct bacm_transport *transport, struct framing *framing, const char *value)
{
    const int failed = bacm_engine_check_length(transport, value);

    if (failed)
        return failed;
    if (framing->has_length && framing->length != strtoull(value, NULL, 10))
        return refuse(transport, "tells two lengths");
    framing->has_length = true;
    framing->length = strtoull(value, NULL, 10);
    return SOAP_OK;
}

/* The engine knows what to do with what is not said here. */
static int take_field(struct bacm_transport *transport, struct framing *framing, enum field field,
                      const char *name, const char *value)
{
    struct soap *soap = transport->soap;

    switch (field) {
    case CONTENT_LENGTH:
        return take_length(transport, framing, value);
    case TRANSFER_ENCODING:
        if (framing->is_chunked || strcasecmp(value, "chunked") != 0)
            return refuse(transport, "has a Transfer-Encoding other than chunked");
        framing->is_chunked = true;
        return transport->engine_parse_header(soap, name, value);
    case CONTENT_ENCODING:
        return transport->engine_parse_header(soap, name, value);
    case CONNECTION:
        if (strcasestr(value, "close"))
            soap->keep_alive = 0;
        return SOAP_OK;
    case CONTENT_TYPE:
        if (strncasecmp(value, "text/", sizeof "text/" - 1) != 0 &&
            transport->engine_parse_header(soap, name, value))
            return soap->error;
        break;
    case OTHER_FIELD:
        break;
    }
    return soap->fparsehdr(soap, name, value);
}

/* One line, without its end. The engine's own buffer is left as it is. */
static int take_line(struct bacm_transport *transport, struct framing *framing, const char *line,
                     size_t size, bool *was_framing)
{
    char field[MAX_FIELD_BYTES + 1];
    const char *colon = memchr(line, ':', size);
    size_t taken = size < MAX_FIELD_BYTES ? size : MAX_FIELD_BYTES;
    enum field kind;
    char *value;

    if (*line == ' ' || *line == '\t') /* goes on with the line before it */
        return *was_framing ? refuse(transport, "has a field that goes over lines") : SOAP_OK;
    if (!colon || memchr(line, '\0', size) || memchr(line, '\r', size))
        return refuse(transport, "has a line that is no field");
    memcpy(field, line, taken);
    field[taken] = '\0';
    value = strchr(field, ':');
    if (!value)
        return refuse(transport, "has a line that is no field");
    *value++ = '\0';
    if (!is_name(field))
        return refuse(transport, "has a line that is no field");
    kind = field_of(field);
    *was_framing = kind != OTHER_FIELD;
    if (taken < size)
        return *was_framing ? refuse(transport, "has a field that is too long") : SOAP_OK;
    value += strspn(value, " \t");
    for (char *end = value + strlen(value); end > value && strchr(" \t", end[-1]); end--)
        end[-1] = '\0';
    return take_field(transport, framing, kind, field, value);
}

static int take_lines(struct bacm_transport *transport, struct framing *framing, const char *line,
                      const char *end)
{
    bool was_framing = false;

    while (line < end) {
        const char *next = memchr(line, '\n', (size_t)(end - line));
        size_t size = (size_t)(next - line);
        int failed;

        if (size && line[size - 1] == '\r')
            size--;
        failed = size ? take_line(transport, framing, line, size, &was_framing) : SOAP_OK;
        if (failed)
            return failed;
        line = next + 1;
    }
    return SOAP_OK;
}

/* --- the header ---------------------------------------------------------------------- */

/* Have the last header, not one of an interim reply; *line is what follows its first line. */
static int receive_final(struct bacm_transport *transport, const char **line, const char **end)
{
    struct soap *soap = transport->soap;
    bool is_old = false;

    for (int i = 0; i <= MAX_INTERIM_REPLIES; i++) {
        size_t size;
        const char *bytes;
        size_t first;

        if (receive_head(transport, &size))
            return soap->error;
        bytes = soap->buf + soap->bufidx;
        first = (size_t)((const char *)memchr(bytes, '\n', size) - bytes);
        soap->status =
            read_status(bytes, first && bytes[first - 1] == '\r' ? first - 1 : first, &is_old);
        soap->bufidx += size;
        if (!soap->status || soap->status == SWITCHING_PROTOCOLS) {
            soap->status = 0;
            return refuse(transport, "has no status that ends a request");
        }
        if (soap->status < FIRST_FINAL_STATUS)
            continue;
        if (is_old)
            soap->keep_alive = 0;
        *line = bytes + first + 1;
        *end = bytes + size;
        return SOAP_OK;
    }
    return refuse(transport, "is one interim reply after the other");
}

int bacm_reply_head_read(struct bacm_transport *transport)
{
    struct framing framing = {false, false, 0};
    struct soap *soap = transport->soap;
    const char *line = NULL;
    const char *end = NULL;
    int failed;

    soap->length = 0;
    soap->body = 1;
    soap->status = 0;
    soap->http_content = NULL;
    soap->action = NULL;
    failed = receive_final(transport, &line, &end);
    if (!failed)
        failed = take_lines(transport, &framing, line, end);
    if (failed)
        return soap->error = failed;
    if (framing.is_chunked) {
        /* RFC 9112, 6.3: the length is wrong then, and so may be whoever wrote it. */
        if (framing.has_length)
            soap->keep_alive = 0;
    } else {
        soap->length = framing.length;
    }
    if ((framing.has_length && !framing.is_chunked && !framing.length) ||
        soap->status == NO_CONTENT || soap->status == RESET_CONTENT || soap->status == NOT_MODIFIED)
        soap->body = 0;
    return SOAP_OK;
}
