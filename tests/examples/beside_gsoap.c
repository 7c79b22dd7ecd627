/*
 * The library, the bare stubs and another gSOAP service in one process, used in
 * turn: soap_putheader, namespaces and the like exist three times, struct soap
 * in two layouts, and nobody notices.
 */
#include <inttypes.h>

#include "beside_gsoap.h"
#include "service.h"

int main(void)
{
    const bacm_options options = example_options();
    bacm_credentials *credentials = NULL;
    bacm_client *client = NULL;
    bacm_user *user = NULL;
    bacm_error error;
    double rate = 0;
    int code = 1;

    if (rates_ask(&rate) != 0)
        return 1;
    printf("rate %.2f\n", rate);
    if (example_credentials(&credentials, &error) == BACM_OK &&
        bacm_client_new(&client, &options, credentials, &error) == BACM_OK &&
        bacm_get_user(&user, client, 0, &error) == BACM_OK) {
        printf("user %" PRId64 "\n", user->id);
        printf("stubs %lld\n", stubs_user_id(options.endpoint, options.ca_file));
        code = rates_ask(&rate) == 0 ? 0 : 1;
        printf("rate %.2f\n", rate);
    } else {
        example_complain(&error);
    }
    bacm_user_free(user);
    bacm_client_free(client);
    bacm_credentials_release(credentials);
    return code;
}
