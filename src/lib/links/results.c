#include "lib/links/results.h"

#include <stdlib.h>

#include "lib/base/arena.h"
#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/contract/fault.h"

struct slot {
    bacm_link_outcome outcome;
    const bacm_service_error *errors;
    size_t error_count;
};

struct bacm_link_results {
    struct bacm_arena arena;
    const char *tracking_id;
    struct slot *slots;
    size_t count;
};

static bacm_link_results *results_new(size_t n, const char *tracking_id)
{
    bacm_link_results *results = calloc(1, sizeof *results);
    int failed = 0;

    if (!results)
        return NULL;
    results->count = n;
    results->slots = bacm_arena_array(&results->arena, n, sizeof *results->slots);
    results->tracking_id =
        bacm_arena_text(&results->arena, tracking_id ? tracking_id : "", &failed);
    if (!results->slots || failed) {
        bacm_link_results_free(results);
        return NULL;
    }
    return results;
}

/* A text of the service, which may have anything in it, for people to read. */
static const char *copy_text(bacm_link_results *results, const char *text, int *failed)
{
    char *copy = (char *)bacm_arena_text(&results->arena, text ? text : "", failed);

    if (copy)
        bacm_text_clean(copy);
    return copy;
}

/* Append copies of errors to a slot. */
static int slot_add(bacm_link_results *results, struct slot *slot,
                    const struct bacm_error_list *list)
{
    bacm_service_error *copy;
    int failed = 0;

    if (!list->count)
        return 0;
    copy = bacm_arena_array(&results->arena, slot->error_count + list->count, sizeof *copy);
    if (!copy)
        return -1;
    for (size_t k = 0; k < slot->error_count; k++)
        copy[k] = slot->errors[k];
    for (size_t k = 0; k < list->count; k++) {
        const bacm_service_error *from = &list->errors[k];
        bacm_service_error *to = &copy[slot->error_count + k];

        *to = *from;
        to->symbol = copy_text(results, from->symbol, &failed);
        to->message = copy_text(results, from->message, &failed);
        to->details = copy_text(results, from->details, &failed);
    }
    slot->errors = copy;
    slot->error_count += list->count;
    return failed ? -1 : 0;
}

bacm_link_results *bacm_link_results_uniform(size_t n, bacm_link_outcome outcome,
                                             const struct bacm_error_list *errors,
                                             const char *tracking_id)
{
    bacm_link_results *results = results_new(n, tracking_id);

    for (size_t i = 0; results && i < n; i++) {
        results->slots[i].outcome = outcome;
        if (errors && slot_add(results, &results->slots[i], errors) != 0) {
            bacm_link_results_free(results);
            return NULL;
        }
    }
    return results;
}

/*
 * What the errors that were given for a link make of it. It is refused when they prove that,
 * and by nothing else: a code that nobody knows may mean that the service has acted.
 */
static bacm_link_outcome outcome_of(const struct slot *slot)
{
    const struct bacm_error_list errors = {slot->errors, slot->error_count};

    if (!errors.count)
        return BACM_OUTCOME_DONE;
    return bacm_errors_prove_refusal(&errors) ? BACM_OUTCOME_REFUSED : BACM_OUTCOME_UNKNOWN;
}

/* A refusal of the whole call; no link was added or updated, unless the errors leave it open. */
static bacm_status align_refusal(bacm_link_results **out, const struct bacm_write_reply *reply,
                                 size_t n, bacm_error *error)
{
    const struct bacm_error_list *errors = &reply->operation_errors;
    const bacm_service_error *said = bacm_decisive_error(errors, true);
    const bacm_service_code *words = bacm_words_for(said);
    bacm_link_results *results =
        bacm_link_results_uniform(n, BACM_OUTCOME_UNKNOWN, errors, reply->tracking_id);
    bool open = !bacm_errors_prove_refusal(errors);
    bacm_status status;

    if (!results)
        return bacm_fail_memory(error);
    for (size_t i = 0; i < n; i++) {
        struct slot *slot = &results->slots[i];

        if (reply->partial_count == n && slot_add(results, slot, &reply->partial[i]) != 0) {
            bacm_link_results_free(results);
            return bacm_fail_memory(error);
        }
        slot->outcome = outcome_of(slot);
        open |= slot->outcome == BACM_OUTCOME_UNKNOWN;
    }
    *out = results;
    status = bacm_error_describe(said, error);
    bacm_fail(error, status, "the service refused the whole call: %s",
              bacm_text_given(said->message) ? said->message
              : words                        ? words->meaning
                                             : "it gives no reason");
    if (!open)
        return status;
    return bacm_outcome_unknown(bacm_known_error(said) ? status : BACM_E_SERVICE, error);
}

/*
 * No entries at all means that every link succeeded, but only when nothing in
 * the reply was passed over: what was not read may have been an entry.
 */
static bool positions_lost(const struct bacm_write_reply *reply, size_t n)
{
    if (reply->has_unread_errors)
        return true;
    if (reply->is_flat)
        return n != 1;
    return reply->partial_count ? reply->partial_count != n : reply->has_unread;
}

static bacm_status lose_positions(bacm_link_results **out, const struct bacm_write_reply *reply,
                                  size_t n, bacm_error *error)
{
    *out = bacm_link_results_uniform(n, BACM_OUTCOME_UNKNOWN, NULL, reply->tracking_id);
    if (!*out)
        return bacm_fail_memory(error);
    if (error)
        error->retry_class = BACM_RETRY_VERIFY;
    bacm_error_hint(error, "Search for the links before sending any of them again.");
    if (reply->partial_count == n)
        return bacm_fail(error, BACM_E_ALIGNMENT_LOST,
                         "the reply has errors that cannot be read; which links they mean cannot "
                         "be told");
    return bacm_fail(error, BACM_E_ALIGNMENT_LOST,
                     "the reply has %zu entries for %zu links; which entry means which link "
                     "cannot be told",
                     reply->partial_count, n);
}

bacm_status bacm_links_align(bacm_link_results **out, const struct bacm_write_reply *reply,
                             size_t n, bacm_error *error)
{
    bacm_link_results *results;

    *out = NULL;
    if (reply->operation_errors.count)
        return align_refusal(out, reply, n, error);

    if (positions_lost(reply, n))
        return lose_positions(out, reply, n, error);

    results = results_new(n, reply->tracking_id);
    if (!results)
        return bacm_fail_memory(error);
    for (size_t i = 0; i < reply->partial_count; i++) {
        /* One flat list is that of the one link. */
        if (slot_add(results, &results->slots[reply->is_flat ? 0 : i], &reply->partial[i]) != 0) {
            bacm_link_results_free(results);
            return bacm_fail_memory(error);
        }
    }
    for (size_t i = 0; i < n; i++)
        results->slots[i].outcome = outcome_of(&results->slots[i]);
    *out = results;
    return bacm_link_results_status(results, error);
}

/* The service's own failure with the first link that it leaves open. */
static bacm_status describe_unknown(const bacm_link_results *results, bacm_error *error)
{
    for (size_t i = 0; i < results->count; i++) {
        const struct slot *slot = &results->slots[i];
        const struct bacm_error_list errors = {slot->errors, slot->error_count};

        if (slot->outcome == BACM_OUTCOME_UNKNOWN && errors.count)
            return bacm_error_describe(bacm_decisive_error(&errors, true), error);
    }
    return error ? error->cause : BACM_OK;
}

bacm_status bacm_link_results_status(const bacm_link_results *results, bacm_error *error)
{
    size_t refused = 0;
    size_t unknown = 0;

    for (size_t i = 0; i < results->count; i++) {
        refused += results->slots[i].outcome == BACM_OUTCOME_REFUSED;
        unknown += results->slots[i].outcome == BACM_OUTCOME_UNKNOWN;
    }
    if (unknown) {
        bacm_status cause = describe_unknown(results, error);

        bacm_fail(error, cause, "the outcome of %zu of %zu links is not known", unknown,
                  results->count);
        return bacm_outcome_unknown(cause, error);
    }
    if (refused)
        return bacm_fail(error, BACM_E_PARTIAL, "%zu of %zu links were refused", refused,
                         results->count);
    return BACM_OK;
}

int bacm_link_results_replace(bacm_link_results *results, size_t i, const bacm_link_results *from,
                              size_t k)
{
    struct slot *slot = &results->slots[i];
    const struct bacm_error_list errors = {from->slots[k].errors, from->slots[k].error_count};

    slot->outcome = from->slots[k].outcome;
    slot->errors = NULL;
    slot->error_count = 0;
    return slot_add(results, slot, &errors);
}

void bacm_link_results_set_done(bacm_link_results *results, size_t i)
{
    results->slots[i].outcome = BACM_OUTCOME_DONE;
    results->slots[i].errors = NULL;
    results->slots[i].error_count = 0;
}

size_t bacm_link_results_count(const bacm_link_results *results)
{
    return results ? results->count : 0;
}

bacm_link_outcome bacm_link_results_outcome(const bacm_link_results *results, size_t i)
{
    return results && i < results->count ? results->slots[i].outcome : BACM_OUTCOME_UNKNOWN;
}

size_t bacm_link_results_error_count(const bacm_link_results *results, size_t i)
{
    return results && i < results->count ? results->slots[i].error_count : 0;
}

const bacm_service_error *bacm_link_results_error(const bacm_link_results *results, size_t i,
                                                  size_t k)
{
    if (k >= bacm_link_results_error_count(results, i))
        return NULL;
    return &results->slots[i].errors[k];
}

const char *bacm_link_results_tracking_id(const bacm_link_results *results)
{
    return results ? results->tracking_id : "";
}

void bacm_link_results_free(bacm_link_results *results)
{
    if (!results)
        return;
    bacm_arena_free(&results->arena);
    free(results);
}
