/*
 * The table of namespaces that the engine starts every context with.
 */
#include "BasicHttpBinding_USCOREICustomerManagementService.nsmap"
