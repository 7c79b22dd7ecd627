/* The prefixes of v11, for reading its requests. */
#include "version.h"

#include "v11/BasicHttpBinding_USCOREICustomerManagementService.nsmap"
