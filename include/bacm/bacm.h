/**
 * @file bacm/bacm.h
 * Client for the Bing Ads Customer Management service, versions 11 and 13.
 *
 * The way of an invitation:
 *
 *   bacm_credentials_new_access_token()   who calls; bacm/oauth.h for tokens that last
 *   bacm_client_new()                     one connection, one thread; options.api chooses the
 *                                         version: bacm_api_v13 for accounts that exist today
 *   bacm_links_add()                      at most 10 links; result i is link i
 *   bacm_links_search()                   what became of them
 *   bacm_links_update()                   cancel, unlink, accept, decline
 *
 * The generated types of all operations are in bacm/operations_v11.h and
 * bacm/operations_v13.h, which need gSOAP's header; nothing else here does.
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
