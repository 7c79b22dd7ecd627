/*
 * The pair of a link, its client and its managing customer: when two links have the same
 * one, and which of several links of a pair tells how it stands.
 */
#include <string.h>
#include <time.h>

#include <bacm/links.h>

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Numbers are the same in upper and lower case. */
static bool same_number(const char *a, const char *b)
{
    if (!a || !b || !*a)
        return false;
    while (*a && lower(*a) == lower(*b)) {
        a++;
        b++;
    }
    return *a == *b;
}

/* By id where both have one. */
static bool same(int64_t a_id, const char *a_number, int64_t b_id, const char *b_number)
{
    return a_id && b_id ? a_id == b_id : same_number(a_number, b_number);
}

bool bacm_client_link_same_pair(const bacm_client_link *a, const bacm_client_link *b)
{
    const bool same_account = same(a->client_account_id, a->client_account_number,
                                   b->client_account_id, b->client_account_number);
    const bool same_customer = same(a->client_customer_id, a->client_customer_number,
                                    b->client_customer_id, b->client_customer_number);

    return (same_account || same_customer) &&
           same(a->managing_customer_id, a->managing_customer_number, b->managing_customer_id,
                b->managing_customer_number);
}

/* "YYYY-MM-DDThh:mm:ss", perhaps with a fraction and a zone, which the service does not give. */
int64_t bacm_client_link_modified_ms(const bacm_client_link *link)
{
    const char *text = link->last_modified_date_time;
    struct tm utc;
    const char *rest;
    int64_t ms, unit = 100;

    memset(&utc, 0, sizeof utc);
    rest = text ? strptime(text, "%Y-%m-%dT%H:%M:%S", &utc) : NULL;
    if (!rest || utc.tm_year < 100)
        return 0;
    ms = (int64_t)timegm(&utc) * 1000;
    if (*rest == '.') {
        for (rest++; *rest >= '0' && *rest <= '9'; rest++, unit /= 10)
            ms += (*rest - '0') * unit;
    }
    return ms;
}

/* What speaks against an invitation, where the times do not tell which of two links is newer. */
static int weight(const bacm_client_link *link, int64_t modified_ms)
{
    return 2 * bacm_link_status_blocks_invitation(link->status) + (modified_ms == 0);
}

const bacm_client_link *bacm_client_link_newer(const bacm_client_link *a, const bacm_client_link *b)
{
    int64_t a_ms, b_ms;

    if (!a || !b)
        return a ? a : b;
    a_ms = bacm_client_link_modified_ms(a);
    b_ms = bacm_client_link_modified_ms(b);
    if (a_ms && b_ms && a_ms != b_ms)
        return a_ms > b_ms ? a : b;
    return weight(b, b_ms) > weight(a, a_ms) ? b : a;
}
