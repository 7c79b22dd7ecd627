#include "serve/http.h"

#include "serve/machine_clock.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <strings.h>

/* Reads more into the reader; false at the end of input, on time-out, or when it is full. */
static bool fill(struct http_reader *reader, int64_t deadline)
{
    if (reader->start > 0) {
        memmove(reader->data, reader->data + reader->start, reader->end - reader->start);
        reader->end -= reader->start;
        reader->start = 0;
    }
    if (reader->end == sizeof reader->data)
        return false;
    ssize_t got = stream_read(reader->stream, reader->data + reader->end,
                              sizeof reader->data - reader->end, deadline);
    if (got <= 0)
        return false;
    reader->end += (size_t)got;
    return true;
}

static bool read_head(struct http_reader *reader, struct http_request *request, int64_t deadline,
                      bool *too_large)
{
    *too_large = false;
    for (;;) {
        size_t length = reader->end - reader->start;
        char *begin = reader->data + reader->start;
        char *end = memmem(begin, length, "\r\n\r\n", 4);
        if (end) {
            size_t head_length = (size_t)(end - begin) + 2;
            memcpy(request->head, begin, head_length);
            request->head[head_length] = '\0';
            reader->start += head_length + 2;
            return true;
        }
        if (!fill(reader, deadline)) {
            *too_large = reader->end - reader->start == sizeof reader->data;
            return false;
        }
    }
}

/* Cuts the request line in place: METHOD SP TARGET SP VERSION. */
static bool parse_request_line(struct http_request *request, char *line, bool *version_1_0)
{
    char *target = strchr(line, ' ');
    if (!target)
        return false;
    *target++ = '\0';
    char *version = strchr(target, ' ');
    if (!version || target[0] != '/')
        return false;
    *version++ = '\0';
    *version_1_0 = strcmp(version, "HTTP/1.0") == 0;
    if (!*version_1_0 && strcmp(version, "HTTP/1.1") != 0)
        return false;
    char *query = strchr(target, '?');
    if (query)
        *query++ = '\0';
    request->method = line;
    request->path = target;
    request->query = query ? query : "";
    return true;
}

static bool parse_header_line(struct http_request *request, char *line)
{
    char *colon = strchr(line, ':');
    if (!colon || colon == line || strpbrk(colon, "\r\n") || line[0] == ' ' || line[0] == '\t' ||
        request->header_count == HTTP_MAX_HEADERS)
        return false;
    *colon++ = '\0';
    colon += strspn(colon, " \t");
    size_t length = strlen(colon);
    while (length > 0 && (colon[length - 1] == ' ' || colon[length - 1] == '\t'))
        colon[--length] = '\0';
    request->headers[request->header_count++] = (struct http_header){line, colon};
    return true;
}

static size_t count_headers(const struct http_request *request, const char *name)
{
    size_t count = 0;
    for (size_t i = 0; i < request->header_count; i++)
        count += strcasecmp(request->headers[i].name, name) == 0;
    return count;
}

/* What says twice where the request ends, or for whom it is, may be read in two ways. */
static bool is_unambiguous(const struct http_request *request, bool version_1_0)
{
    const size_t hosts = count_headers(request, "Host");
    return count_headers(request, "Content-Length") <= 1 &&
           count_headers(request, "Transfer-Encoding") <= 1 &&
           (hosts == 1 || (version_1_0 && hosts == 0));
}

static bool parse_head(struct http_request *request)
{
    char *line = request->head;
    bool version_1_0 = false;
    request->header_count = 0;
    for (bool first = true; *line; first = false) {
        char *end = strstr(line, "\r\n");
        if (!end)
            return false;
        *end = '\0';
        if (first ? !parse_request_line(request, line, &version_1_0)
                  : !parse_header_line(request, line))
            return false;
        line = end + 2;
    }
    const char *connection = http_header(request, "Connection");
    request->keep_alive = version_1_0 ? connection && strcasecmp(connection, "keep-alive") == 0
                                      : !connection || strcasecmp(connection, "close") != 0;
    return request->method != NULL && is_unambiguous(request, version_1_0);
}

const char *http_header(const struct http_request *request, const char *name)
{
    for (size_t i = 0; i < request->header_count; i++) {
        if (strcasecmp(request->headers[i].name, name) == 0)
            return request->headers[i].value;
    }
    return NULL;
}

static bool read_exactly(struct http_reader *reader, struct buffer *out, size_t length,
                         int64_t deadline)
{
    while (length > 0) {
        size_t available = reader->end - reader->start;
        if (available == 0) {
            if (!fill(reader, deadline))
                return false;
            continue;
        }
        size_t take = available < length ? available : length;
        buffer_append(out, reader->data + reader->start, take);
        reader->start += take;
        length -= take;
    }
    return !out->failed;
}

/* One line without its CRLF; false when it is longer than the space for it. */
static bool read_line(struct http_reader *reader, char *line, size_t size, int64_t deadline)
{
    for (;;) {
        char *begin = reader->data + reader->start;
        size_t available = reader->end - reader->start;
        char *end = memmem(begin, available, "\r\n", 2);
        if (end) {
            size_t length = (size_t)(end - begin);
            if (length >= size)
                return false;
            memcpy(line, begin, length);
            line[length] = '\0';
            reader->start += length + 2;
            return true;
        }
        if (available >= size || !fill(reader, deadline))
            return false;
    }
}

static bool parse_length(const char *text, int base, size_t *out)
{
    char *end;
    errno = 0;
    unsigned long long value = strtoull(text, &end, base);
    if (errno != 0 || !isxdigit((unsigned char)text[0]) || text[1] == 'x' || text[1] == 'X' ||
        (*end != '\0' && (base == 10 || *end != ';')))
        return false;
    *out = (size_t)value;
    return true;
}

/* Returns 0 or the status that refuses the request. */
static int read_chunked(struct http_reader *reader, struct http_request *request, size_t max_body,
                        int64_t deadline)
{
    char line[256];
    for (;;) {
        size_t length;
        if (!read_line(reader, line, sizeof line, deadline) || !parse_length(line, 16, &length))
            return 400;
        if (length > max_body || request->body.length + length > max_body)
            return 413;
        if (length == 0)
            break;
        if (!read_exactly(reader, &request->body, length, deadline) ||
            !read_line(reader, line, sizeof line, deadline) || line[0] != '\0')
            return 400;
    }
    do { /* trailers */
        if (!read_line(reader, line, sizeof line, deadline))
            return 400;
    } while (line[0] != '\0');
    return 0;
}

static int read_body(struct http_reader *reader, struct http_request *request, size_t max_body,
                     int64_t deadline)
{
    const char *encoding = http_header(request, "Transfer-Encoding");
    const char *length_text = http_header(request, "Content-Length");
    if (!encoding && !length_text)
        return strcmp(request->method, "POST") == 0 ? 411 : 0;
    if (encoding && (length_text || strcasecmp(encoding, "chunked") != 0))
        return 400;
    size_t length = 0;
    if (length_text && !parse_length(length_text, 10, &length))
        return 400;
    if (length > max_body)
        return 413;
    const char *expect = http_header(request, "Expect");
    if (expect && strcasecmp(expect, "100-continue") != 0)
        return 417;
    if (expect) {
        static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
        if (!stream_write(reader->stream, go_on, sizeof go_on - 1, deadline))
            return 400;
    }
    if (encoding)
        return read_chunked(reader, request, max_body, deadline);
    return read_exactly(reader, &request->body, length, deadline) ? 0 : 400;
}

enum http_read_result http_read_request(struct http_reader *reader, struct http_request *request,
                                        const struct http_limits *limits, int *status)
{
    buffer_clear(&request->body);
    request->method = NULL;
    if (reader->start == reader->end && !fill(reader, steady_ms() + limits->idle_ms))
        return HTTP_READ_CLOSED;
    int64_t deadline = steady_ms() + limits->request_ms;
    bool too_large;
    if (!read_head(reader, request, deadline, &too_large)) {
        *status = 431;
        return too_large ? HTTP_READ_BAD : HTTP_READ_CLOSED;
    }
    *status = parse_head(request) ? read_body(reader, request, limits->max_body, deadline) : 400;
    return *status ? HTTP_READ_BAD : HTTP_READ_OK;
}

const char *http_reason(int status)
{
    static const struct {
        int status;
        const char *reason;
    } reasons[] = {
        {200, "OK"},
        {204, "No Content"},
        {302, "Found"},
        {303, "See Other"},
        {400, "Bad Request"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {411, "Length Required"},
        {413, "Payload Too Large"},
        {415, "Unsupported Media Type"},
        {417, "Expectation Failed"},
        {429, "Too Many Requests"},
        {431, "Request Header Fields Too Large"},
        {500, "Internal Server Error"},
        {503, "Service Unavailable"},
    };
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        if (reasons[i].status == status)
            return reasons[i].reason;
    }
    return "Status";
}

/* The machine's time, whatever the simulator's clock says: clients compare theirs with it. */
static void add_date(struct buffer *out)
{
    time_t now = time(NULL);
    struct tm utc;
    char text[40];
    if (gmtime_r(&now, &utc) && strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &utc))
        buffer_printf(out, "Date: %s\r\n", text);
}

void http_response_head(struct buffer *out, const struct http_response *response, size_t length,
                        bool keep_alive)
{
    buffer_printf(out, "HTTP/1.1 %d %s\r\n", response->status, http_reason(response->status));
    add_date(out);
    if (response->content_type)
        buffer_printf(out, "Content-Type: %s\r\n", response->content_type);
    buffer_append(out, buffer_string(&response->headers), response->headers.length);
    if (length == HTTP_CHUNKED)
        buffer_text(out, "Transfer-Encoding: chunked\r\n");
    else
        buffer_printf(out, "Content-Length: %zu\r\n", length);
    buffer_printf(out, "Connection: %s\r\n\r\n", keep_alive ? "keep-alive" : "close");
}

void http_response_clear(struct http_response *response)
{
    response->status = 200;
    response->content_type = NULL;
    buffer_clear(&response->headers);
    buffer_clear(&response->body);
}

void http_response_free(struct http_response *response)
{
    buffer_free(&response->headers);
    buffer_free(&response->body);
}
