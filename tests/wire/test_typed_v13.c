#include <stdsoap2.h>

#include <bacm/operations_v13.h>

#define VERSION         "v13"
#define OTHER_API       bacm_api_v11
#define OPERATION(name) bacm_v13_##name

#include "wire/typed_operations.h"

static void check_roles(const struct _cm__GetUserResponse *response)
{
    assert_int_equal(response->CustomerRoles->__sizeCustomerRole, 2);
    assert_int_equal(*response->CustomerRoles->CustomerRole[0].RoleId, BACM_ROLE_STANDARD);
    assert_int_equal(*response->CustomerRoles->CustomerRole[1].RoleId, BACM_ROLE_SUPER_ADMIN);
}
