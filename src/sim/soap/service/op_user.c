/* GetUser */
#include "sim/soap/service/operations.h"
#include "sim/soap/service/shape.h"

/* Other users than oneself are seen by a Super Admin, within the own customer. */
static bool find_user(struct call *call, const LONG64 *wanted, struct user *out)
{
    if (!wanted || *wanted == call->user.id) {
        *out = call->user;
        return true;
    }
    if (!call_require_super_admin(call))
        return false;
    if (!user_by_id(call->state, call->soap, *wanted, out) ||
        out->customer_id != call->user.customer_id)
        return call_fail(call, FAULT_API, CODE_ENTITY_NOT_EXISTENT);
    return true;
}

bool run_get_user(struct call *call, const void *request)
{
    const struct _cm__GetUserRequest *get_user = request;
    struct user user;
    if (!find_user(call, get_user->UserId, &user))
        return false;
    version_write_user(call->reply, &user);
    version_write_roles(call, &user);
    return true;
}
