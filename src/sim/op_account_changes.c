/* UpdateAccount, DeleteAccount */
#include "account_xml.h"
#include "change_call.h"
#include "operations.h"

#include "v11H.h"

#include <string.h>

/* The elements of an Account that matter here, whether it came as the derived type or not. */
struct sent_account {
    const LONG64 *id;
    const char *name;
    const char *timestamp;
};

static struct sent_account sent_account(const struct ent__Account *account)
{
    const struct ent__AdvertiserAccount *derived = account->ent__AdvertiserAccount;
    if (derived)
        return (struct sent_account){derived->Id, derived->Name, derived->TimeStamp};
    return (struct sent_account){account->Id, account->Name, account->TimeStamp};
}

/* Own accounts only: an agency does not change a client's account here. */
static bool changeable(struct call *call, const LONG64 *account_id, const char *timestamp,
                       struct account *out)
{
    if (!call_require_super_admin(call) || !account_usable(call, account_id, out))
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
    struct sent_account sent = sent_account(wanted->Account);
    if (!changeable(call, sent.id, sent.timestamp, &account))
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
    if (!changeable(call, wanted->AccountId, wanted->TimeStamp, &account))
        return false;
    state_run(call->state,
              "UPDATE accounts SET status = 'Inactive', version = version + 1 WHERE id = ?1", "i",
              account.id);
    return true;
}
