/*
 * Decisions that need a search: which invitations would be duplicates, and what
 * to do when somebody else has changed a link.
 */
#include <bacm/links.h>

#include "lib/base/error.h"
#include "lib/call/client.h"
#include "lib/links/lookup.h"
#include "lib/links/results.h"
#include "lib/links/rules.h"

bacm_status bacm_links_find_blocking(bacm_link_status *blocking, bacm_client *client,
                                     const bacm_client_link *const *links, size_t n,
                                     bacm_error *error)
{
    struct bacm_link_lookup lookup;
    bacm_client_link pairs[BACM_MAX_LINKS_PER_CALL];
    bacm_status status;

    bacm_error_clear(error);
    if (!blocking || !client)
        return bacm_fail(error, BACM_E_ARGUMENT, "blocking or client is NULL");
    status = bacm_links_check_add(client->contract, links, n, error);
    if (status != BACM_OK)
        return status;
    for (size_t i = 0; i < n; i++) {
        pairs[i] = *links[i];
        blocking[i] = BACM_LINK_STATUS_ABSENT;
        if (!pairs[i].client_account_id && !pairs[i].client_customer_id) {
            bacm_fail(error, BACM_E_INVALID_SEARCH,
                      "links can be searched by %s only, not by number",
                      client->contract->links.client_id);
            if (error)
                error->link_index = i;
            return BACM_E_INVALID_SEARCH;
        }
    }
    status = bacm_link_lookup(&lookup, client, pairs, n, BACM_SIDE_AGENCY, error);
    for (size_t i = 0; status == BACM_OK && i < n; i++) {
        const bacm_client_link *found = lookup.found[i];

        if (found && bacm_link_status_blocks_invitation(found->status))
            blocking[i] = found->status;
    }
    bacm_link_lookup_clear(&lookup);
    return status;
}

static bool was_changed_by_others(const bacm_link_results *results, size_t i)
{
    enum { TIMESTAMP_NOT_MATCH = 209, ELEMENT_CHANGED = 3083 };

    for (size_t k = 0; k < bacm_link_results_error_count(results, i); k++) {
        const bacm_service_error *error = bacm_link_results_error(results, i, k);

        if (error->has_code &&
            (error->code == TIMESTAMP_NOT_MATCH || error->code == ELEMENT_CHANGED))
            return true;
    }
    return false;
}

/* Whether a link is where the wanted status leads: the service moves on by itself. */
static bool has_arrived(bacm_link_status status, bacm_link_status wanted)
{
    if (status == wanted)
        return true;
    if (wanted == BACM_STATUS_LINK_ACCEPTED)
        return status == BACM_STATUS_LINK_IN_PROGRESS || status == BACM_STATUS_ACTIVE;
    if (wanted == BACM_STATUS_UNLINK_REQUESTED)
        return status == BACM_STATUS_UNLINK_PENDING || status == BACM_STATUS_UNLINK_IN_PROGRESS ||
               status == BACM_STATUS_INACTIVE;
    return false;
}

/* Send the links of the given slots once more, as they are now, and merge the outcome. */
static bacm_status send_again(bacm_link_results *results, bacm_client *client,
                              const struct bacm_link_lookup *lookup, const size_t *slots,
                              size_t count, bacm_side side, bacm_link_status wanted,
                              bacm_error *error)
{
    const bacm_client_link *fresh[BACM_MAX_LINKS_PER_CALL];
    size_t slot_of[BACM_MAX_LINKS_PER_CALL];
    size_t n = 0;
    bacm_link_results *second = NULL;
    bacm_status status;

    for (size_t k = 0; k < count; k++) {
        const bacm_client_link *found = lookup->found[k];

        if (!found)
            continue;
        if (has_arrived(found->status, wanted)) {
            bacm_link_results_set_done(results, slots[k]);
        } else if (bacm_link_transition_check(side, found->status, wanted, NULL) == BACM_OK) {
            fresh[n] = found;
            slot_of[n++] = slots[k];
        }
    }
    if (!n)
        return bacm_link_results_status(results, error);
    status = bacm_links_update(&second, client, fresh, n, side, wanted, error);
    for (size_t k = 0; second && k < n; k++) {
        if (bacm_link_results_replace(results, slot_of[k], second, k) != 0)
            status = bacm_fail_memory(error);
    }
    bacm_link_results_free(second);
    if (status != BACM_OK && status != BACM_E_PARTIAL)
        return status;
    bacm_error_clear(error);
    return bacm_link_results_status(results, error);
}

bacm_status bacm_links_update_with_search(bacm_link_results **out, bacm_client *client,
                                          const bacm_client_link *const *links, size_t n,
                                          bacm_side side, bacm_link_status wanted,
                                          bacm_error *error)
{
    struct bacm_link_lookup lookup;
    bacm_client_link pairs[BACM_MAX_LINKS_PER_CALL];
    size_t slots[BACM_MAX_LINKS_PER_CALL];
    size_t count = 0;
    bacm_status status = bacm_links_update(out, client, links, n, side, wanted, error);

    if (status != BACM_E_PARTIAL)
        return status;
    for (size_t i = 0; i < n; i++) {
        if (!was_changed_by_others(*out, i))
            continue;
        pairs[count] = *links[i];
        slots[count++] = i;
    }
    if (!count)
        return status;
    bacm_error_clear(error);
    status = bacm_link_lookup(&lookup, client, pairs, count, side, error);
    if (status == BACM_OK)
        status = send_again(*out, client, &lookup, slots, count, side, wanted, error);
    bacm_link_lookup_clear(&lookup);
    if (error)
        error->request_sent = true; /* the first update, whatever came after it */
    return status;
}
