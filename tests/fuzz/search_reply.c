/*
 * Bytes as the reply to SearchClientLinks; every link that was read is written by
 * UpdateClientLinks, and what was written is read again: only the status may differ.
 */
#include "reply.h"

#include <stdio.h>
#include <string.h>

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_map(const bacm_client_link *a, const bacm_client_link *b)
{
    if (a->has_forward_compatibility_map != b->has_forward_compatibility_map ||
        a->forward_compatibility_count != b->forward_compatibility_count)
        return false;
    for (size_t i = 0; i < a->forward_compatibility_count; i++) {
        const bacm_key_value *x = &a->forward_compatibility_map[i];
        const bacm_key_value *y = &b->forward_compatibility_map[i];

        if (!same_text(x->key, y->key) || !same_text(x->value, y->value))
            return false;
    }
    return true;
}

static void check_same(const bacm_client_link *a, const bacm_client_link *b)
{
    REQUIRE(a->client_account_id == b->client_account_id);
    REQUIRE(same_text(a->client_account_number, b->client_account_number));
    REQUIRE(a->managing_customer_id == b->managing_customer_id);
    REQUIRE(same_text(a->managing_customer_number, b->managing_customer_number));
    REQUIRE(same_text(a->note, b->note));
    REQUIRE(same_text(a->name, b->name));
    REQUIRE(same_text(a->inviter_email, b->inviter_email));
    REQUIRE(same_text(a->inviter_name, b->inviter_name));
    REQUIRE(same_text(a->inviter_phone, b->inviter_phone));
    REQUIRE(a->is_bill_to_client == b->is_bill_to_client);
    REQUIRE(same_text(a->start_date, b->start_date));
    REQUIRE(a->suppress_notification == b->suppress_notification);
    REQUIRE(same_text(a->last_modified_date_time, b->last_modified_date_time));
    REQUIRE(a->last_modified_by_user_id == b->last_modified_by_user_id);
    REQUIRE(same_text(a->timestamp, b->timestamp));
    REQUIRE(same_map(a, b));
    REQUIRE(same_text(a->type_text, b->type_text));
    REQUIRE(a->client_customer_id == b->client_customer_id);
    REQUIRE(same_text(a->client_customer_number, b->client_customer_number));
    REQUIRE(same_text(a->customer_link_permission, b->customer_link_permission));
    REQUIRE(same_text(a->client_entity_name, b->client_entity_name));
    REQUIRE(same_text(a->client_entity_customer_number, b->client_entity_customer_number));
    REQUIRE(same_text(a->managing_customer_name, b->managing_customer_name));
}

/* The request of an update as the reply of a search: the list of links is the same. */
static char *reply_of_request(const char *request)
{
    static const char asked[] = "cm:UpdateClientLinksRequest";
    static const char given[] = "cm:SearchClientLinksResponse";
    const char *start = strstr(request, "<SOAP-ENV:Envelope");
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    const char *header;
    const char *body;

    REQUIRE(start != NULL && out != NULL);
    header = strstr(start, "<SOAP-ENV:Header>");
    body = strstr(start, "<SOAP-ENV:Body>");
    REQUIRE(header != NULL && body != NULL);
    fwrite(start, 1, (size_t)(header - start), out);
    for (const char *next = strstr(body, asked); next; next = strstr(body, asked)) {
        const bool is_tag = next[-1] == '<' || (next[-1] == '/' && next[-2] == '<');

        fwrite(body, 1, (size_t)(next - body), out);
        fputs(is_tag ? given : asked, out);
        body = next + sizeof asked - 1;
    }
    fputs(body, out);
    REQUIRE(fclose(out) == 0);
    return text;
}

static const bacm_link_search *search(void)
{
    static const int64_t id = 1001001;
    static bacm_link_search one = BACM_LINK_SEARCH_INIT;

    one.client_account_ids = &id;
    one.client_account_count = 1;
    one.keep_other_managers = true;
    return &one;
}

/* A status that the link can be brought to; false when there is none. */
static bool next_status(bacm_link_status from, bacm_link_status *to)
{
    *to = from == BACM_STATUS_ACTIVE ? BACM_STATUS_UNLINK_REQUESTED : BACM_STATUS_LINK_CANCELED;
    return bacm_link_transition_check(BACM_SIDE_AGENCY, from, *to, NULL) == BACM_OK;
}

static void check_echo(const bacm_client_link *link)
{
    bacm_client *client = reply_client();
    bacm_link_results *results = NULL;
    bacm_link_page *page = NULL;
    bacm_link_status wanted;
    bacm_error error;
    bacm_status status;
    char *text;

    if (!next_status(link->status, &wanted))
        return;
    reply_play(NULL, 0, 0);
    status = bacm_links_update(&results, client, &link, 1, BACM_SIDE_AGENCY, wanted, &error);
    bacm_link_results_free(results);
    if (!reply_requests()) { /* the service gave what cannot be sent back */
        REQUIRE(status == BACM_E_INVALID_LINK && error.field[0] != '\0');
        return;
    }
    REQUIRE(status == BACM_E_UNKNOWN_OUTCOME);
    text = reply_of_request(reply_request());
    reply_play_xml(text);
    REQUIRE(bacm_links_search(&page, client, search(), 0, &error) == BACM_OK);
    REQUIRE(bacm_link_page_count(page) == 1);
    REQUIRE(bacm_link_page_get(page, 0)->status == wanted);
    check_same(link, bacm_link_page_get(page, 0));
    bacm_link_page_free(page);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    bacm_link_page *page = NULL;
    bacm_error error;
    bacm_status status;

    reply_choose_api(bytes, size);
    reply_play(bytes, size, 0);
    status = bacm_links_search(&page, reply_client(), search(), 0, &error);
    reply_check_error(&error, status);
    REQUIRE((status == BACM_OK) == (page != NULL));
    for (size_t i = 0; i < bacm_link_page_count(page); i++)
        check_echo(bacm_link_page_get(page, i));
    bacm_link_page_free(page);
    return 0;
}
