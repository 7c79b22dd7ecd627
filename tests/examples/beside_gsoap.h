/*
 * Three users of gSOAP in one process, each with an engine of its own.
 */
#ifndef EXAMPLE_BESIDE_GSOAP_H
#define EXAMPLE_BESIDE_GSOAP_H

/* The company's own service: asks itself for a rate. 0 and the rate, or -1. */
int rates_ask(double *rate);

/* The bare stubs of Customer Management: the id of the caller, or -1. */
long long stubs_user_id(const char *endpoint, const char *ca_file);

#endif
