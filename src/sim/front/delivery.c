#include "sim/front/delivery.h"

#include "serve/machine_clock.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zlib.h>

#define CHUNK_BYTES 100
#define GZIP_WINDOW (15 + 16) /* zlib's sign for a gzip header */

static bool gzip_body(struct http_response *response)
{
    struct buffer packed = {0};
    unsigned char out[16384];
    z_stream stream = {0};
    if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, GZIP_WINDOW, 8, Z_DEFAULT_STRATEGY) !=
        Z_OK)
        return false;
    stream.next_in = (unsigned char *)response->body.data;
    stream.avail_in = (uInt)response->body.length;
    do {
        stream.next_out = out;
        stream.avail_out = sizeof out;
        deflate(&stream, Z_FINISH);
        buffer_append(&packed, out, sizeof out - stream.avail_out);
    } while (stream.avail_out == 0);
    deflateEnd(&stream);
    buffer_free(&response->body);
    response->body = packed;
    buffer_text(&response->headers, "Content-Encoding: gzip\r\n");
    return !packed.failed;
}

static void write_chunks(struct buffer *out, const struct buffer *body)
{
    for (size_t at = 0; at < body->length; at += CHUNK_BYTES) {
        size_t length = body->length - at < CHUNK_BYTES ? body->length - at : CHUNK_BYTES;
        buffer_printf(out, "%zx\r\n", length);
        buffer_append(out, body->data + at, length);
        buffer_text(out, "\r\n");
    }
    buffer_text(out, "0\r\n\r\n");
}

/* How filler stands in a body: within the response element, or a member of the object. */
static const struct filler {
    const char *ending; /* of a body of this kind */
    const char *before;
    const char *level;
    const char *filler_start;
    const char *filler_end;
    const char *level_end;
} fillers[] = {{"</s:Body></s:Envelope>", "", "<x>", "<Filler>", "</Filler>", "</x>"},
               {"}", ",\"Filler\":", "[", "\"", "\"", "]"}};

static const struct filler *filler_of(const struct buffer *body)
{
    for (size_t i = 0; i < sizeof fillers / sizeof fillers[0]; i++) {
        size_t tail = strlen(fillers[i].ending);
        if (body->length > tail && strcmp(body->data + body->length - tail, fillers[i].ending) == 0)
            return &fillers[i];
    }
    return NULL;
}

static void write_filler(struct buffer *body, const struct fault_plan *plan,
                         const struct filler *filler)
{
    static const char block[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    for (int64_t i = 0; i < plan->deep_levels; i++)
        buffer_text(body, filler->level);
    if (plan->huge_bytes > 0)
        buffer_text(body, filler->filler_start);
    for (int64_t i = 0; i < plan->huge_bytes; i += (int64_t)sizeof block - 1)
        buffer_append(body, block, sizeof block - 1);
    if (plan->huge_bytes > 0)
        buffer_text(body, filler->filler_end);
    for (int64_t i = 0; i < plan->deep_levels; i++)
        buffer_text(body, filler->level_end);
}

/* Puts <x> inside <x> before the end tag of the response element, [ inside [ into an object. */
static void add_filler(struct buffer *body, const struct fault_plan *plan)
{
    const struct filler *filler = filler_of(body);
    if (!filler)
        return;
    size_t cut = body->length - strlen(filler->ending);
    /* In an envelope the response's or fault's own end tag stands before the ending. */
    if (filler->ending[0] == '<') {
        while (cut > 0 && body->data[cut - 1] != '<')
            cut--;
        cut--;
    }
    struct buffer end = {0};
    buffer_append(&end, body->data + cut, body->length - cut);
    body->length = cut;
    buffer_text(body, filler->before + (body->data[cut - 1] == '{'));
    write_filler(body, plan, filler);
    buffer_append(body, buffer_string(&end), end.length);
    body->failed |= end.failed;
    buffer_free(&end);
}

/* Retry-After in one of its two forms. */
static void add_retry_after(struct buffer *headers, const char *value)
{
    static const char date[] = "date:";
    char text[64];
    if (strncmp(value, date, sizeof date - 1) == 0) {
        time_t at = time(NULL) + (time_t)strtoll(value + sizeof date - 1, NULL, 10);
        struct tm utc;
        gmtime_r(&at, &utc);
        strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &utc);
        value = text;
    }
    buffer_printf(headers, "Retry-After: %s\r\n", value);
}

static void replace_body(struct http_response *response, const struct fault_plan *plan)
{
    static const unsigned char garbage[] = {'<', 's', ':', 'E', 0xff, 0x00, 0xfe, '>', '&', ';'};
    if (plan->huge_bytes > 0 || plan->deep_levels > 0)
        add_filler(&response->body, plan);
    if (plan->garbage) {
        buffer_clear(&response->body);
        buffer_append(&response->body, garbage, sizeof garbage);
    }
    if (plan->empty)
        buffer_clear(&response->body);
    if (plan->status)
        response->status = plan->status;
    if (plan->retry_after[0])
        add_retry_after(&response->headers, plan->retry_after);
    if (plan->content_type[0])
        response->content_type = plan->content_type;
}

/* How many bytes of `out` go out before the line is cut. */
static size_t truncated_length(const struct fault_plan *plan, size_t head, size_t total)
{
    int64_t at = plan->truncate_at >= 0 ? (int64_t)head + plan->truncate_at
                                        : (int64_t)total + plan->truncate_at;
    if (at < 0)
        return 0;
    return (size_t)at < total ? (size_t)at : total;
}

static bool drip(struct stream *stream, const char *data, size_t length, int64_t drip_ms)
{
    for (size_t i = 0; i < length; i++) {
        if (!stream_write(stream, data + i, 1, steady_ms() + drip_ms + 1000) ||
            !stream_sleep(stream, drip_ms))
            return false;
    }
    return true;
}

bool delivery_send(struct stream *stream, struct http_response *response,
                   const struct fault_plan *plan, bool keep_alive, int64_t send_ms, bool *cut)
{
    struct buffer out = {0};
    replace_body(response, plan);
    *cut = plan->truncated;
    if (plan->gzip && !gzip_body(response))
        return false;
    http_response_head(&out, response, plan->chunked ? HTTP_CHUNKED : response->body.length,
                       keep_alive);
    size_t head = out.length;
    if (plan->chunked)
        write_chunks(&out, &response->body);
    else
        buffer_append(&out, buffer_string(&response->body), response->body.length);
    bool sent = !out.failed && !response->body.failed && !response->headers.failed;
    size_t length = plan->truncated ? truncated_length(plan, head, out.length) : out.length;
    if (sent && plan->drip_ms > 0)
        sent = drip(stream, out.data, length, plan->drip_ms);
    else if (sent)
        sent = stream_write(stream, out.data, length, steady_ms() + send_ms);
    buffer_free(&out);
    return sent && keep_alive && !plan->truncated;
}
