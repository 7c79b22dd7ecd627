/*
 * Fixed bytes with libcurl: HTTP by a library, and nothing parsed.
 */
#include <stdlib.h>

#include <curl/curl.h>

#include "bench/meter.h"
#include "bench/support.h"

static const struct bench_job *job;
static CURL *curl;
static struct curl_slist *headers;
static char *body;

static size_t drop(char *bytes, size_t size, size_t count, void *user)
{
    (void)bytes;
    (void)user;
    return size * count;
}

void bench_open(const struct bench_job *given)
{
    size_t size;

    job = given;
    curl = curl_easy_init();
    body = bench_read_file(job->request_file, &size);
    headers = curl_slist_append(headers, "Content-Type: text/xml; charset=utf-8");
    headers = curl_slist_append(headers, "SOAPAction: \"AddClientLinks\"");
    if (!curl || !headers)
        bench_die("no memory");
    curl_easy_setopt(curl, CURLOPT_URL, job->url);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)size);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, drop);
    curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, job->keep_alive ? 0L : 1L);
    if (job->ca_file)
        curl_easy_setopt(curl, CURLOPT_CAINFO, job->ca_file);
}

long bench_call(void)
{
    long status = 0;
    CURLcode code = curl_easy_perform(curl);

    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    if (code != CURLE_OK || status != 200)
        bench_die("libcurl: %s, HTTP %ld", curl_easy_strerror(code), status);
    return job->links;
}

void bench_close(void)
{
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    free(body);
}
