/*
 * The engine calls functions that soapcpp2 makes anew for each contract, always by
 * the same names. Here they stand as a table a version, so that contracts can live
 * side by side: each context is told whose functions its calls mean.
 */
#ifndef BACM_LIB_CONTRACT_GSOAP_TABLE_H
#define BACM_LIB_CONTRACT_GSOAP_TABLE_H

#include <stdsoap2.h>

struct bacm_generated {
    const char *(*fault_detail)(struct soap *);
    const char *(*fault_string)(struct soap *);
    const char *(*fault_subcode)(struct soap *);
    const char **(*faultcode)(struct soap *);
    const char **(*faultdetail)(struct soap *);
    const char **(*faultstring)(struct soap *);
    const char **(*faultsubcode)(struct soap *);
    void *(*getelement)(struct soap *, const char *, int *);
    int (*getfault)(struct soap *);
    int (*getheader)(struct soap *);
    void (*markelement)(struct soap *, const void *, int);
    int (*putelement)(struct soap *, const void *, const char *, int, int);
    int (*putfault)(struct soap *);
    int (*putheader)(struct soap *);
    void (*serializefault)(struct soap *);
    void (*serializeheader)(struct soap *);
};

/* What a file writes that includes a version's generated header. */
#define BACM_GENERATED_FUNCTIONS                                                                   \
    {                                                                                              \
        soap_fault_detail, soap_fault_string, soap_fault_subcode, soap_faultcode,                  \
            soap_faultdetail, soap_faultstring, soap_faultsubcode, soap_getelement, soap_getfault, \
            soap_getheader, soap_markelement, soap_putelement, soap_putfault, soap_putheader,      \
            soap_serializefault, soap_serializeheader                                              \
    }

extern const struct bacm_generated bacm_generated_v11;
extern const struct bacm_generated bacm_generated_v13;

/* From now on the context speaks this version; NULL: it reads and writes no SOAP. */
void bacm_generated_use(struct soap *soap, const struct bacm_generated *generated);

#endif
