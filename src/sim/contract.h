/* The service's own page and its WSDL. */
#ifndef SIM_CONTRACT_H
#define SIM_CONTRACT_H

#include "exchange.h"

/* GET of the service's address: ?wsdl and ?singleWsdl, else a page that says what it is. */
void contract_answer(struct exchange *exchange);

#endif
