#include <stdsoap2.h>

#include <bacm/operations_v11.h>

#define VERSION         "v11"
#define OTHER_API       bacm_api_v13
#define OPERATION(name) bacm_v11_##name

#include "wire/typed_operations.h"

static void check_roles(const struct _cm__GetUserResponse *response)
{
    assert_int_equal(response->Roles->__sizeint_, 2);
    assert_int_equal(response->Roles->int_[0], BACM_ROLE_STANDARD);
    assert_int_equal(response->Roles->int_[1], BACM_ROLE_SUPER_ADMIN);
}
