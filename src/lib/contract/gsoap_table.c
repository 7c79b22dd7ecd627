/*
 * The names under which the engine calls generated code, each handed on to the
 * version of the context. The two that have no context do nothing: they serve
 * C++ classes and copies in depth, which nobody here makes.
 */
#include "lib/contract/gsoap_table.h"

/* Places in struct soap that the engine leaves to its user. */
enum { TABLE = 0, SINK = 1 };

/* Not declared by the engine's header. */
void soap_delelement(const void *element, int type);
void *soap_dupelement(struct soap *soap, const void *element, int type);
void *soap_getelement(struct soap *soap, const char *tag, int *type);
void soap_markelement(struct soap *soap, const void *element, int type);
int soap_putelement(struct soap *soap, const void *element, const char *tag, int id, int type);

/* Each context is given a table of its own before it is used. */
struct Namespace namespaces[] = {{NULL, NULL, NULL, NULL}};

void bacm_generated_use(struct soap *soap, const struct bacm_generated *generated)
{
    soap->data[TABLE] = (void *)generated;
}

static const struct bacm_generated *table_of(const struct soap *soap)
{
    return soap->data[TABLE];
}

/* Where a context without SOAP writes the words of an error that nobody reads. */
static const char **sink(struct soap *soap)
{
    return (const char **)&soap->data[SINK];
}

void soap_delelement(const void *element, int type)
{
    (void)element;
    (void)type;
}

void *soap_dupelement(struct soap *soap, const void *element, int type)
{
    (void)soap;
    (void)element;
    (void)type;
    return NULL;
}

void *soap_getelement(struct soap *soap, const char *tag, int *type)
{
    const struct bacm_generated *table = table_of(soap);

    return table ? table->getelement(soap, tag, type) : NULL;
}

void soap_markelement(struct soap *soap, const void *element, int type)
{
    const struct bacm_generated *table = table_of(soap);

    if (table)
        table->markelement(soap, element, type);
}

int soap_putelement(struct soap *soap, const void *element, const char *tag, int id, int type)
{
    const struct bacm_generated *table = table_of(soap);

    return table ? table->putelement(soap, element, tag, id, type) : SOAP_OK;
}

const char *soap_fault_detail(struct soap *soap)
{
    const struct bacm_generated *table = table_of(soap);

    return table ? table->fault_detail(soap) : NULL;
}

const char *soap_fault_string(struct soap *soap)
{
    const struct bacm_generated *table = table_of(soap);

    return table ? table->fault_string(soap) : NULL;
}

const char *soap_fault_subcode(struct soap *soap)
{
    const struct bacm_generated *table = table_of(soap);

    return table ? table->fault_subcode(soap) : NULL;
}

const char **soap_faultcode(struct soap *soap)
{
    const struct bacm_generated *table = table_of(soap);

    return table ? table->faultcode(soap) : sink(soap);
}

const char **soap_faultdetail(struct soap *soap)
{
    const struct bacm_generated *table = table_of(soap);

    return table ? table->faultdetail(soap) : sink(soap);
}

const char **soap_faultstring(struct soap *soap)
{
    const struct bacm_generated *table = table_of(soap);

    return table ? table->faultstring(soap) : sink(soap);
}

const char **soap_faultsubcode(struct soap *soap)
{
    const struct bacm_generated *table = table_of(soap);

    return table ? table->faultsubcode(soap) : sink(soap);
}

int soap_getfault(struct soap *soap)
{
    const struct bacm_generated *table = table_of(soap);

    return table ? table->getfault(soap) : (soap->error = SOAP_NO_TAG);
}

int soap_getheader(struct soap *soap)
{
    const struct bacm_generated *table = table_of(soap);

    return table ? table->getheader(soap) : (soap->error = SOAP_NO_TAG);
}

int soap_putfault(struct soap *soap)
{
    const struct bacm_generated *table = table_of(soap);

    return table ? table->putfault(soap) : SOAP_OK;
}

int soap_putheader(struct soap *soap)
{
    const struct bacm_generated *table = table_of(soap);

    return table ? table->putheader(soap) : SOAP_OK;
}

void soap_serializefault(struct soap *soap)
{
    const struct bacm_generated *table = table_of(soap);

    if (table)
        table->serializefault(soap);
}

void soap_serializeheader(struct soap *soap)
{
    const struct bacm_generated *table = table_of(soap);

    if (table)
        table->serializeheader(soap);
}
