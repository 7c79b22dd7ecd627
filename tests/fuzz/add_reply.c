/*
 * Bytes of a server as the reply to AddClientLinks. The first byte says how many
 * links were sent, the second in which pieces the bytes come.
 */
#include "reply.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct fuzz_input input = {bytes, size};
    const size_t n = 1 + fuzz_pick(&input, BACM_MAX_LINKS_PER_CALL);
    const size_t piece = fuzz_byte(&input);
    bacm_client *client;
    bacm_link_results *results = NULL;
    bacm_user *user = NULL;
    bacm_error error;
    bacm_status status;

    reply_choose_api(input.at, input.left);
    client = reply_client();
    reply_play(input.at, input.left, piece);
    status = bacm_links_add(&results, client, reply_links(n), n, &error);
    reply_check_results(results, n, status, &error);
    bacm_link_results_free(results);

    /* What is left of that reply is no answer to another call. */
    status = bacm_get_user(&user, client, 0, &error);
    reply_check_error(&error, status);
    REQUIRE(status != BACM_OK && user == NULL);
    return 0;
}
