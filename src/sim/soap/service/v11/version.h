/* What the front for v11 is made of. Each version has a header of this name. */
#ifndef BACM_SIM_SOAP_SERVICE_VERSION_H
#define BACM_SIM_SOAP_SERVICE_VERSION_H

#include "v11/v11H.h"

#define VERSION_NAME     "v11"
#define VERSION_API      sim_api_v11
#define VERSION_TABLE    bacm_generated_v11
#define XML_NS_CUSTOMER  "https://bingads.microsoft.com/Customer/" VERSION_NAME
#define XML_NS_ENTITIES  XML_NS_CUSTOMER "/Entities"
#define XML_NS_EXCEPTION XML_NS_CUSTOMER "/Exception"
/* The values of OrderByField. */
#define VERSION_ORDER_FIELDS "Id", "Name", "Number", "LifeCycleStatus"

extern const struct link_rules version_link_rules;
extern const struct user_rules version_user_rules;

#endif
