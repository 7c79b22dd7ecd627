/*
 * A program that speaks the versions of the contract that it is compiled for: with
 * -DWITH_V11, -DWITH_V13 or both.
 *
 *   versions URL       a client for each version, all at the same time; each asks who
 *                      the user is, in turns, and says what it was told
 *   versions default   what a client becomes whose version nobody names
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <bacm/bacm.h>

enum { ROUNDS = 2 };

static const struct {
    const char *name;
    bacm_options options;
} versions[] = {
#ifdef WITH_V11
    {"v11", BACM_OPTIONS_INIT},
#endif
#ifdef WITH_V13
    {"v13", BACM_OPTIONS_INIT_FOR(bacm_api_v13)},
#endif
};

enum { VERSIONS = sizeof versions / sizeof versions[0] };

static int complain(const char *what, const bacm_error *error)
{
    fprintf(stderr, "%s: %s: %s\n", what, bacm_status_name(error->status), error->message);
    return 1;
}

static int ask(bacm_client *client)
{
    bacm_user *user = NULL;
    bacm_error error;

    if (bacm_get_user(&user, client, 0, &error) != BACM_OK)
        return complain(bacm_client_version(client), &error);
    printf("%s: user %" PRId64 ", %zu roles, first %d, %zu by customer\n",
           bacm_client_version(client), user->id, user->role_count,
           user->role_count ? user->roles[0] : 0, user->customer_role_count);
    bacm_user_free(user);
    return 0;
}

static int talk(bacm_credentials *credentials, const char *url)
{
    bacm_client *clients[VERSIONS] = {0};
    bacm_error error;
    int failed = 0;

    for (size_t i = 0; i < VERSIONS && !failed; i++) {
        bacm_options options = versions[i].options;

        options.endpoint = url;
        if (bacm_client_new(&clients[i], &options, credentials, &error) != BACM_OK)
            failed = complain(versions[i].name, &error);
    }
    for (size_t round = 0; round < ROUNDS; round++) {
        for (size_t i = 0; i < VERSIONS && !failed; i++)
            failed = ask(clients[i]);
    }
    for (size_t i = 0; i < VERSIONS; i++)
        bacm_client_free(clients[i]);
    return failed;
}

static void tell(const char *which, const bacm_options *options, bacm_credentials *credentials)
{
    bacm_client *client = NULL;
    bacm_error error = {0};
    bacm_status status = bacm_client_new(&client, options, credentials, &error);

    printf("%s: %s: %s\n", which, bacm_status_name(status),
           client ? bacm_client_version(client) : error.message);
    if (!client)
        printf("%s: %s\n", which, error.hint);
    bacm_client_free(client);
}

int main(int argc, char **argv)
{
    bacm_options unnamed = versions[0].options;
    bacm_credentials *credentials = NULL;
    bacm_error error;
    int failed = 0;

    unnamed.api = NULL;
    if (argc != 2 ||
        bacm_credentials_new_access_token(&credentials, "DEV-DEMO", "TOKEN", &error) != BACM_OK)
        return 2;
    if (strcmp(argv[1], "default") == 0) {
        tell("options NULL", NULL, credentials);
        tell("api NULL", &unnamed, credentials);
    } else {
        failed = talk(credentials, argv[1]);
    }
    bacm_credentials_release(credentials);
    return failed;
}
