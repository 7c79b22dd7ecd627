/* The service's own page and its WSDL. */
#ifndef BACM_SIM_SOAP_CONTRACT_H
#define BACM_SIM_SOAP_CONTRACT_H

#include "sim/exchange.h"

/* GET of the service's address: ?wsdl and ?singleWsdl, else a page that says what it is. */
void contract_answer(struct exchange *exchange);

#endif
