/* UpdateAccount, DeleteAccount */
#include "sim/rules/account_call.h"
#include "sim/rules/change_call.h"
#include "sim/soap/service/operations.h"
#include "sim/soap/service/shape.h"

#include "version.h"

#include <string.h>

/* Own accounts only: an agency does not change a client's account here. */
static bool changeable(struct call *call, const LONG64 *account_id, const char *timestamp,
                       struct account *out)
{
    if (!account_usable(call, account_id, out))
        return false;
    if (out->customer_id != call->customer.id)
        return call_fail(call, FAULT_API, CODE_USER_NOT_AUTHORIZED);
    return change_check_timestamp(call, timestamp, out->version);
}

bool run_update_account(struct call *call, const void *request)
{
    const struct _cm__UpdateAccountRequest *wanted = request;
    struct account account;
    if (!wanted->Account)
        return call_fail_text(call, FAULT_API, CODE_NULL_PARAMETER, "Account");
    const struct sent_account sent = version_update_account(wanted);
    if (!call_require_standard(call) || !changeable(call, sent.id, sent.timestamp, &account))
        return false;
    if (strcmp(account.status, "Active") != 0)
        return call_fail(call, FAULT_API, CODE_ACCOUNT_STATE);
    state_run(call->state,
              "UPDATE accounts SET name = coalesce(?2, name), version = version + 1 WHERE id = ?1",
              "it", account.id, sent.name);
    change_write_time(call);
    return true;
}

bool run_delete_account(struct call *call, const void *request)
{
    const struct _cm__DeleteAccountRequest *wanted = request;
    struct account account;
    if (!call_require_super_admin(call) ||
        !changeable(call, wanted->AccountId, wanted->TimeStamp, &account))
        return false;
    state_run(call->state,
              "UPDATE accounts SET status = 'Inactive', version = version + 1 WHERE id = ?1", "i",
              account.id);
    return true;
}
