/*
 * The other service: client and server of rates.wsdl. Its stubs are made by
 * soapcpp2 in the usual way, with the usual names, and it is linked with plain
 * libgsoap, whose struct soap is not the one of libgsoapssl.
 */
#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "Rates.nsmap"
#include "soapH.h"

#include "../beside_gsoap.h"

static const double the_rate = 1.25;

int __ns1__GetRate(struct soap *soap, struct _ns1__GetRate *request,
                   struct _ns1__GetRateResponse *response)
{
    if (strcmp(request->Currency, "EUR") != 0 || !soap->header || !soap->header->ns1__Client ||
        strcmp(soap->header->ns1__Client, "example") != 0)
        return soap_sender_fault(soap, "no such rate, or an unknown client", NULL);
    response->Rate = the_rate;
    return SOAP_OK;
}

static void *serve_one(void *user)
{
    struct soap *soap = (struct soap *)user;

    if (soap_valid_socket(soap_accept(soap)))
        soap_serve(soap);
    soap_destroy(soap);
    soap_end(soap);
    return NULL;
}

static void release(struct soap *soap)
{
    soap_destroy(soap);
    soap_end(soap);
    soap_free(soap);
}

static int ask(const char *endpoint, double *rate)
{
    struct soap *soap = soap_new();
    struct SOAP_ENV__Header header = {0};
    struct _ns1__GetRate request = {0};
    struct _ns1__GetRateResponse response = {0};
    int failed;

    if (!soap)
        return -1;
    soap->connect_timeout = soap->recv_timeout = soap->send_timeout = 10;
    header.ns1__Client = "example";
    soap->header = &header; // cppcheck-suppress autoVariables ; the context ends first
    request.Currency = "EUR";
    failed = soap_call___ns1__GetRate(soap, endpoint, NULL, &request, &response);
    if (failed)
        soap_print_fault(soap, stderr);
    else
        *rate = response.Rate;
    release(soap);
    return failed ? -1 : 0;
}

int rates_ask(double *rate)
{
    struct soap *server = soap_new();
    struct sockaddr_in address;
    socklen_t size = sizeof address;
    char endpoint[64];
    pthread_t thread;
    int failed = -1;

    if (!server)
        return -1;
    server->accept_timeout = server->recv_timeout = server->send_timeout = 10;
    if (soap_valid_socket(soap_bind(server, "127.0.0.1", 0, 1)) &&
        getsockname(server->master, (struct sockaddr *)&address, &size) == 0 &&
        pthread_create(&thread, NULL, serve_one, server) == 0) {
        snprintf(endpoint, sizeof endpoint, "http://127.0.0.1:%u/rates", ntohs(address.sin_port));
        failed = ask(endpoint, rate);
        pthread_join(thread, NULL);
    }
    release(server);
    return failed;
}
