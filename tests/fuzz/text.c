/*
 * Texts of few kinds, each against another judge: dates, times, numbers, URLs,
 * UTF-8, form fields. The first byte chooses.
 */
#include "fuzz.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <bacm/links.h>
#include <jansson.h>

#include "cli/profile/settings.h"
#include "lib/net/endpoint.h"
#include "lib/base/error.h"
#include "lib/base/form.h"
#include "lib/base/text.h"

/* The C library reads the date, and must write the same text again. */
static bool is_date(const char *text)
{
    struct tm time = {0};
    char rest[64];
    char again[80];
    const char *end = strptime(text, "%Y-%m-%dT%H:%M:%S", &time);

    if (!end || *end || time.tm_sec > 59 || time.tm_year < -1899)
        return false;
    timegm(&time); /* 30 February becomes a day of March */
    strftime(rest, sizeof rest, "%m-%dT%H:%M:%S", &time);
    snprintf(again, sizeof again, "%04d-%s", time.tm_year + 1900, rest);
    return strcmp(again, text) == 0;
}

static void check_start_date(const char *text)
{
    bacm_client_link link = BACM_CLIENT_LINK_INIT;
    bacm_error error;

    link.client_account_id = 1001001;
    link.managing_customer_id = 2002002;
    link.start_date = text;
    if (bacm_client_link_check(NULL, &link, &error) == BACM_OK) {
        REQUIRE(is_date(text));
    } else {
        REQUIRE(!is_date(text));
        REQUIRE(strcmp(error.field, "StartDate") == 0);
    }
}

static void check_time(const char *text)
{
    const bacm_client_link link = {.struct_size = sizeof link, .last_modified_date_time = text};
    const int64_t ms = bacm_client_link_modified_ms(&link);
    struct tm time = {0};
    const char *end = strptime(text, "%Y-%m-%dT%H:%M:%S", &time);

    REQUIRE(ms >= 0);
    if (!end || time.tm_year < 100)
        REQUIRE(ms == 0);
    else
        REQUIRE(ms / 1000 == timegm(&time));
}

static void check_number(const char *text)
{
    int64_t number = -1;
    char *end;
    long long wanted;
    bool digits = *text != '\0';

    for (const char *p = text; *p; p++)
        digits = digits && isascii((unsigned char)*p) && isdigit((unsigned char)*p);
    errno = 0;
    wanted = strtoll(text, &end, 10);
    REQUIRE(parse_number(text, 0, INT64_MAX, &number) == (digits && errno == 0));
    if (digits && errno == 0)
        REQUIRE(number == wanted);
}

static void check_endpoint(const char *text)
{
    struct bacm_endpoint endpoint;
    bacm_error error;
    const char *authority;

    bacm_error_clear(&error);
    if (bacm_endpoint_parse(&endpoint, text, &error) != BACM_OK) {
        REQUIRE(error.message[0] != '\0');
        return;
    }
    REQUIRE(strcmp(endpoint.url, text) == 0);
    REQUIRE(endpoint.host[0] != '\0' && strtol(endpoint.port, NULL, 10) > 0);
    REQUIRE(strncmp(text, "https://", 8) == 0 || strncmp(text, "http://", 7) == 0);
    REQUIRE(endpoint.tls == (text[4] == 's'));
    authority = text + (endpoint.tls ? 8 : 7);
    authority += *authority == '[';
    REQUIRE(strncmp(authority, endpoint.host, strlen(endpoint.host)) == 0);
    for (const char *p = text; *p; p++)
        REQUIRE((unsigned char)*p > ' ' && (unsigned char)*p < 0x7F);
    if (!endpoint.tls)
        REQUIRE(strcasecmp(endpoint.host, "localhost") == 0 || strcmp(endpoint.host, "::1") == 0 ||
                strncmp(endpoint.host, "127.", 4) == 0);
    /* Where it connects must not be told by the text in two ways. */
    REQUIRE(!memchr(authority, '@', strcspn(authority, "/?")));
}

/* A clean text stays as it is, any other becomes clean. */
static void check_clean(const char *text, bool is_good)
{
    char *clean = strdup(text);
    bool has_control = false;

    REQUIRE(clean != NULL);
    bacm_text_clean(clean);
    REQUIRE(bacm_text_check(clean, NULL, NULL) == BACM_TEXT_OK && strlen(clean) <= strlen(text));
    for (const char *p = clean; *p; p++)
        has_control = has_control || ((unsigned char)*p < 0x20 && !strchr("\t\r\n", *p));
    REQUIRE(!has_control);
    for (const char *p = text; *p; p++)
        is_good = is_good && (unsigned char)*p < 0x7F;
    REQUIRE(!is_good || strcmp(clean, text) == 0);
    free(clean);
}

static void check_utf8(const char *text)
{
    json_t *judge = json_string(text);
    size_t offset = 0;
    size_t characters = 0;
    enum bacm_text_fault fault = bacm_text_check(text, &offset, &characters);
    char line[64];

    REQUIRE((fault == BACM_TEXT_OK || fault == BACM_TEXT_NOT_XML) || !judge);
    REQUIRE(fault != BACM_TEXT_OK || judge);
    REQUIRE(offset <= strlen(text) && characters <= offset);
    REQUIRE((fault == BACM_TEXT_OK) == (text[offset] == '\0'));
    json_decref(judge);

    check_clean(text, fault == BACM_TEXT_OK);

    for (size_t size = 1; size <= sizeof line; size += 9) {
        memset(line, 'x', sizeof line);
        bacm_text_line(line, size, text);
        REQUIRE(strlen(line) < size);
        REQUIRE(bacm_text_check(line, NULL, NULL) == BACM_TEXT_OK);
        for (const char *p = line; *p; p++)
            REQUIRE((unsigned char)*p >= 0x20 && *p != 0x7F);
    }
}

/* What was put into a form is found in it, and nothing else is. */
static void check_form(const char *text)
{
    struct bacm_form form = {{NULL, 0, 0}, {NULL, 0, 0}, false};
    char *found = NULL;
    char *shown = NULL;

    REQUIRE(bacm_form_find(&found, text, "code")); /* must end, whatever it finds */
    free(found);
    bacm_form_add(&form, "a", "1", BACM_FORM_PLAIN);
    bacm_form_add(&form, "code", text, BACM_FORM_SECRET);
    bacm_form_add(&form, "z", "2", BACM_FORM_PLAIN);
    REQUIRE(bacm_form_end(&form));
    REQUIRE(bacm_form_find(&found, form.sent.bytes, "code"));
    REQUIRE(bacm_form_find(&shown, form.shown.bytes, "code"));
    REQUIRE(*text ? found && strcmp(found, text) == 0 : !found);
    REQUIRE(*text ? shown && strcmp(shown, "[redacted]") == 0 : !shown);
    free(found);
    free(shown);
    bacm_form_clear(&form);
}

static void check_status(const char *text)
{
    bacm_link_status status = bacm_link_status_parse(text);

    if (!*text)
        REQUIRE(status == BACM_LINK_STATUS_ABSENT);
    else if (status != BACM_LINK_STATUS_UNKNOWN)
        REQUIRE(strcmp(bacm_link_status_text(status), text) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static void (*const checks[])(const char *) = {
        check_start_date, check_time, check_number, check_endpoint,
        check_utf8,       check_form, check_status,
    };
    struct fuzz_input input = {bytes, size};
    const unsigned choice = fuzz_pick(&input, sizeof checks / sizeof checks[0]);
    char *text = fuzz_text(input.at, input.left);

    checks[choice](text);
    free(text);
    return 0;
}
