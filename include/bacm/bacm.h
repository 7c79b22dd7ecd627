/**
 * @file bacm/bacm.h
 * Client for the Bing Ads Customer Management service, version 11.
 *
 * The way of an invitation:
 *
 *   bacm_credentials_new_access_token()   who calls; bacm/oauth.h for tokens that last
 *   bacm_client_new()                     one connection, one thread
 *   bacm_links_add()                      at most 10 links; result i is link i
 *   bacm_links_search()                   what became of them
 *   bacm_links_update()                   cancel, unlink, accept, decline
 *
 * The generated types of all operations are in bacm/operations_v11.h, which is
 * the only header that needs gSOAP's.
 */
#ifndef BACM_BACM_H
#define BACM_BACM_H

#include <bacm/alloc.h>
#include <bacm/client.h>
#include <bacm/credentials.h>
#include <bacm/error.h>
#include <bacm/links.h>
#include <bacm/network.h>
#include <bacm/oauth.h>
#include <bacm/user.h>
#include <bacm/version.h>

#endif
