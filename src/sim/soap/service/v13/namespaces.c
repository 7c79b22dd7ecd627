/* The prefixes of v13, for reading its requests. */
#include "version.h"

#include "v13/BasicHttpBinding_USCOREICustomerManagementService.nsmap"
