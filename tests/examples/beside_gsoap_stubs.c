/*
 * A call by the bare stubs. Compiled with `pkg-config --cflags libbacm-stubs`;
 * the plain names of gSOAP mean libbacm-stubs in this file.
 */
#include <bacm/stubs_v11.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "beside_gsoap.h"

static int call(struct soap *soap, const char *endpoint, const char *ca_file, long long *id)
{
    struct SOAP_ENV__Header header = {0};
    struct _cm__GetUserRequest request = {0};
    struct _cm__GetUserResponse response = {0};
    bool failed;

    header.cm__DeveloperToken = getenv("BACM_DEVELOPER_TOKEN");
    header.cm__AuthenticationToken = getenv("BACM_ACCESS_TOKEN");
    soap->header = &header; // cppcheck-suppress autoVariables ; it is taken back below
    failed = soap_ssl_client_context(soap, SOAP_SSL_DEFAULT, NULL, NULL, ca_file, NULL, NULL) ||
             soap_call___cm__GetUser(soap, endpoint, "GetUser", &request, &response);
    soap->header = NULL;
    if (failed)
        soap_print_fault(soap, stderr);
    if (failed || !response.User || !response.User->Id)
        return -1;
    *id = *response.User->Id;
    return 0;
}

long long stubs_user_id(const char *endpoint, const char *ca_file)
{
    const char *refusal = BACM_STUBS_V11_CHECK();
    struct soap *soap;
    long long id = -1;

    if (refusal) {
        fprintf(stderr, "%s\n", refusal);
        return -1;
    }
    soap = soap_new();
    if (!soap)
        return -1;
    soap_set_namespaces(soap, namespaces);
    if (call(soap, endpoint, ca_file, &id) != 0)
        id = -1;
    soap_destroy(soap);
    soap_end(soap);
    soap_free(soap);
    return id;
}
