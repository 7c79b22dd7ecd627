/*
 * What the versions have in common on the SOAP wire: namespaces, header, fault. Compiled
 * once a version, against its generated types, by the VERSION_soap.c that includes it.
 *
 * Before it are defined: CUSTOMER_NAMESPACE, OPERATIONS and OPERATION(name), the index of
 * one.
 */
#ifndef BACM_LIB_CONTRACT_SHARED_SOAP_H
#define BACM_LIB_CONTRACT_SHARED_SOAP_H

#include <string.h>

#include "lib/contract/contract.h"

/* User name and password of a header, where the version has them. */
static void write_password(struct SOAP_ENV__Header *part, const struct bacm_secrets *secrets);

/*
 * What requests declare. The engine sends every namespace of its table with
 * each message, so each table holds no more than the operation writes.
 */
#define ENVELOPE_NAMESPACE                                                                         \
    {"SOAP-ENV", "http://schemas.xmlsoap.org/soap/envelope/", NULL, NULL},                         \
    {                                                                                              \
        "SOAP-ENC", NULL, NULL, NULL                                                               \
    }
#define XSI_NAMESPACE                                                                              \
    {                                                                                              \
        "xsi", "http://www.w3.org/2001/XMLSchema-instance", NULL, NULL                             \
    }
#define NO_XSI                                                                                     \
    {                                                                                              \
        "xsi", NULL, NULL, NULL                                                                    \
    }
#define NO_XSD                                                                                     \
    {                                                                                              \
        "xsd", NULL, NULL, NULL                                                                    \
    }
#define CM_NAMESPACE                                                                               \
    {                                                                                              \
        "cm", CUSTOMER_NAMESPACE, NULL, NULL                                                       \
    }
#define ENT_NAMESPACE                                                                              \
    {                                                                                              \
        "ent", CUSTOMER_NAMESPACE "/Entities", NULL, NULL                                          \
    }
#define GEN_NAMESPACE                                                                              \
    {                                                                                              \
        "gen", "http://schemas.datacontract.org/2004/07/System.Collections.Generic", NULL, NULL    \
    }
#define ARR_NAMESPACE                                                                              \
    {                                                                                              \
        "arr", "http://schemas.microsoft.com/2003/10/Serialization/Arrays", NULL, NULL             \
    }
#define END_OF_TABLE                                                                               \
    {                                                                                              \
        NULL, NULL, NULL, NULL                                                                     \
    }

static const struct Namespace user_namespaces[] = {ENVELOPE_NAMESPACE, NO_XSI, NO_XSD, CM_NAMESPACE,
                                                   END_OF_TABLE};
static const struct Namespace link_namespaces[] = {ENVELOPE_NAMESPACE, NO_XSI,       NO_XSD,
                                                   ENT_NAMESPACE,      CM_NAMESPACE, END_OF_TABLE};
/* A key or value that is nil is required, so it is written as nil. */
static const struct Namespace map_namespaces[] = {ENVELOPE_NAMESPACE, XSI_NAMESPACE, NO_XSD,
                                                  ENT_NAMESPACE,      GEN_NAMESPACE, CM_NAMESPACE,
                                                  END_OF_TABLE};
static const struct Namespace any_namespaces[] = {ENVELOPE_NAMESPACE, XSI_NAMESPACE, NO_XSD,
                                                  ARR_NAMESPACE,      ENT_NAMESPACE, GEN_NAMESPACE,
                                                  CM_NAMESPACE,       END_OF_TABLE};

static const struct Namespace *links_namespaces(const struct ent__ArrayOfClientLink *links)
{
    for (int i = 0; links && links->ClientLink && i < links->__sizeClientLink; i++) {
        if (links->ClientLink[i].ForwardCompatibilityMap)
            return map_namespaces;
    }
    return link_namespaces;
}

static const struct Namespace *request_namespaces(const struct bacm_operation *operation,
                                                  const void *request)
{
    switch (operation - OPERATIONS) {
    case OPERATION(GetUser):
        return user_namespaces;
    case OPERATION(SearchClientLinks):
        return link_namespaces;
    case OPERATION(AddClientLinks):
        return links_namespaces(((const struct _cm__AddClientLinksRequest *)request)->ClientLinks);
    case OPERATION(UpdateClientLinks):
        return links_namespaces(
            ((const struct _cm__UpdateClientLinksRequest *)request)->ClientLinks);
    default:
        return any_namespaces;
    }
}

/* --- header and faults -------------------------------------------------------- */

static int set_header(struct soap *soap, const struct bacm_header *header)
{
    const struct bacm_secrets *secrets = header->secrets;
    struct SOAP_ENV__Header *part = soap_new_SOAP_ENV__Header(soap, 1);

    if (!part)
        return -1;
    if (header->action) {
        part->cm__Action = soap_new__cm__Action(soap, 1);
        if (!part->cm__Action)
            return -1;
        part->cm__Action->__item = (char *)header->action;
        part->cm__Action->mustUnderstand_ = (char *)"1";
    }
    part->cm__DeveloperToken = secrets->developer_token;
    part->cm__AuthenticationToken = secrets->access_token;
    write_password(part, secrets);
    soap->header = part;
    return 0;
}

static const char *tracking_id(struct soap *soap)
{
    return soap->header && soap->header->cm__TrackingId ? soap->header->cm__TrackingId : "";
}

static void read_soap_fault(struct soap *soap, struct bacm_fault *fault, const void **ad_api_fault,
                            const void **api_fault)
{
    const struct SOAP_ENV__Fault *from = soap->fault;

    fault->tracking_id = tracking_id(soap);
    if (!from)
        return;
    if (from->faultcode)
        fault->fault_code = from->faultcode;
    if (from->faultstring)
        fault->fault_string = from->faultstring;
    if (from->detail) {
        *ad_api_fault = from->detail->adapi__AdApiFaultDetail;
        *api_fault = from->detail->cm__ApiFault;
    }
}

/* The functions in the struct bacm_soap of a version. */
#define SHARED_SOAP                                                                                \
    .reply_namespaces = namespaces, .request_namespaces = request_namespaces,                      \
    .set_header = set_header, .tracking_id = tracking_id, .fault = read_soap_fault

#endif
