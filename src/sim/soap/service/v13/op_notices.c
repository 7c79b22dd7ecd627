/* Notifications, and whether the caller signed in with a second factor. */
#include "operation_list.h"
#include "version.h"

#include "sim/soap/service/shape.h"

#include "sim/xml.h"

/* The user that is asked about is the caller; nil or absent means that too. */
static bool own_user(struct call *call, const int *user_id)
{
    return !user_id || *user_id == call->user.id ||
           call_fail(call, FAULT_API, CODE_USER_NOT_AUTHORIZED);
}

/* The simulated service has nothing to tell anybody. */
bool run_get_notifications(struct call *call, const void *request)
{
    const struct _cm__GetNotificationsRequest *wanted = request;
    if (!own_user(call, wanted->UserId))
        return false;
    buffer_text(call->reply, "<Notifications xmlns:a=\"" XML_NS_ENTITIES "\"/>");
    return true;
}

bool run_dismiss_notifications(struct call *call, const void *request)
{
    const struct _cm__DismissNotificationsRequest *wanted = request;
    const struct ent__ArrayOfKeyValueEntityOflongint *pairs = wanted->NotificationTypePairs;
    if (!own_user(call, wanted->UserId))
        return false;
    if (!pairs || pairs->__sizeKeyValueEntityOflongint <= 0)
        return call_fail_text(call, FAULT_API, CODE_LIST_EMPTY, "NotificationTypePairs");
    return call_fail_text(call, FAULT_API, CODE_ENTITY_NOT_EXISTENT, "Notification");
}

bool run_get_user_mfa_status(struct call *call, const void *request)
{
    (void)request;
    xml_element_bool(call->reply, "MFAStatus", true);
    return true;
}
