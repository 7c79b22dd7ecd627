/*
 * Access tokens from a company's vault, here a file that somebody else keeps
 * fresh: vault_token FILE. The library asks for a token when it has none, and
 * once more when the service has refused the last one as expired.
 */
#include <string.h>

#include "service.h"

static int read_vault(bacm_token_answer *answer, bool refused, void *user)
{
    enum { LIFETIME_S = 600 };
    char token[BACM_MAX_SECRET_BYTES];
    FILE *file = fopen((const char *)user, "r");
    int failed = 1;

    fprintf(stderr, "vault: asked for a token%s\n", refused ? ", the last one was refused" : "");
    if (!file)
        return 1;
    /* A vault is read line by line: the line of a refused token is passed over. */
    for (int line = 0; line <= (refused ? 1 : 0); line++)
        failed = fgets(token, sizeof token, file) == NULL;
    fclose(file);
    if (failed)
        return 1;
    token[strcspn(token, "\n")] = '\0';
    return bacm_token_answer_set(answer, token, LIFETIME_S);
}

int main(int argc, char **argv)
{
    const bacm_options options = example_options();
    bacm_credentials *credentials = NULL;
    bacm_client *client = NULL;
    bacm_user *user = NULL;
    bacm_error error;
    int code = 1;

    if (argc != 2)
        return 2;
    if (bacm_credentials_new_supplier(&credentials, getenv("BACM_DEVELOPER_TOKEN"), read_vault,
                                      argv[1], &error) == BACM_OK &&
        bacm_client_new(&client, &options, credentials, &error) == BACM_OK &&
        bacm_get_user(&user, client, 0, &error) == BACM_OK) {
        printf("%s\n", user->user_name);
        code = 0;
    } else {
        example_complain(&error);
    }
    bacm_user_free(user);
    bacm_client_free(client);
    bacm_credentials_release(credentials);
    return code;
}
