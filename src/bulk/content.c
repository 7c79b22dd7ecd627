/*
 * A fingerprint of what a row says, by which a journal tells whether it was changed.
 */
#include <bacm/bulk.h>

/* FNV-1a, 64 bits: nobody gains by making two rows alike. */
#define BASIS UINT64_C(0xcbf29ce484222325)
#define PRIME UINT64_C(0x100000001b3)

static uint64_t add_byte(uint64_t hash, unsigned char byte)
{
    return (hash ^ byte) * PRIME;
}

/* A text with its end, so that two texts are not the same as one. Absent is "". */
static uint64_t add_text(uint64_t hash, const char *text)
{
    for (; text && *text; text++)
        hash = add_byte(hash, (unsigned char)*text);
    return add_byte(hash, 0);
}

uint64_t bacm_bulk_content(const bacm_client_link *link)
{
    uint64_t hash = BASIS;

    hash = add_text(hash, link->note);
    hash = add_text(hash, link->name);
    hash = add_text(hash, link->inviter_email);
    hash = add_text(hash, link->inviter_name);
    hash = add_text(hash, link->inviter_phone);
    hash = add_text(hash, link->start_date);
    hash = add_text(hash, link->customer_link_permission);
    hash = add_byte(hash, (unsigned char)link->is_bill_to_client);
    hash = add_byte(hash, link->suppress_notification == BACM_TRUE);
    /* Only where it is given, so that rows without it are as earlier versions recorded them. */
    if (link->client_entity_customer_number)
        hash = add_text(hash, link->client_entity_customer_number);
    return hash ? hash : 1;
}
