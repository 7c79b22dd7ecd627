/*
 * The same bytes as the reply to a read and to a write: what is a fault for the
 * one is no success for the other, and a write is refused or open, never lost.
 */
#include "reply.h"

#include <string.h>

#include "lib/base/text.h"

static void check_user(const bacm_user *user)
{
    const char *const texts[] = {user->user_name, user->first_name, user->last_name,
                                 user->email,     user->job_title,  user->life_cycle_status};

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        REQUIRE(texts[i] != NULL && strlen(texts[i]) < SIZE_MAX);
    for (size_t i = 0; i < user->role_count; i++)
        REQUIRE(user->roles[i] == user->roles[i]); /* can be read */
    if (user->is_super_admin)
        REQUIRE(user->role_count > 0 && strcmp(user->life_cycle_status, "Active") == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    bacm_client *client;
    bacm_link_results *results = NULL;
    bacm_user *user = NULL;
    bacm_error read_error;
    bacm_error write_error;
    bacm_status read_status;
    bacm_status write_status;

    reply_choose_api(bytes, size);
    client = reply_client();
    reply_play(bytes, size, 0);
    read_status = bacm_get_user(&user, client, 0, &read_error);
    reply_check_error(&read_error, read_status);
    REQUIRE((read_status == BACM_OK) == (user != NULL));
    REQUIRE(reply_requests() == 1);
    if (user)
        check_user(user);
    bacm_user_free(user);

    reply_play(bytes, size, 0);
    write_status = bacm_links_add(&results, client, reply_links(2), 2, &write_error);
    reply_check_results(results, 2, write_status, &write_error);
    bacm_link_results_free(results);
    REQUIRE(read_status != BACM_OK || write_status != BACM_OK);

    /* A fault says the same to both, but for an error that leaves open what a write has done. */
    if (read_error.has_service_code && write_error.channel == read_error.channel) {
        REQUIRE(write_error.service_code == read_error.service_code ||
                write_status == BACM_E_UNKNOWN_OUTCOME);
        REQUIRE(write_status == read_status || write_status == BACM_E_UNKNOWN_OUTCOME);
        REQUIRE((write_status == BACM_E_UNKNOWN_OUTCOME) ==
                (write_error.retry_class == BACM_RETRY_VERIFY));
    }
    return 0;
}
