/*
 * The parts in which the versions differ. Everything else of service/ is one
 * source for all; each of these has one source a version, of the same name.
 */
#ifndef BACM_SIM_SOAP_SERVICE_SHAPE_H
#define BACM_SIM_SOAP_SERVICE_SHAPE_H

#include "sim/api.h"
#include "sim/rules/call.h"
#include "sim/state/sent_link.h"

#include "version.h"

void version_read_credentials(const struct soap *soap, struct credentials *out);

/* The elements of a client link that are another version's by name or type. */
void version_read_link(const struct ent__ClientLink *sent, struct sent_link *out);
void version_write_link(struct buffer *out, const struct link *link, const char *status);

/* Account is the response's element, an item of the list has its own name. */
void version_write_account(struct call *call, const char *tag, const struct account *account);
extern const char version_account_item[];

/* The elements of an account that matter here. */
struct sent_account {
    const LONG64 *id;
    const char *name;
    const char *timestamp;
};

struct sent_account version_update_account(const struct _cm__UpdateAccountRequest *request);
/* Its name, NULL when there is none. */
const char *version_signup_account(const struct _cm__SignupCustomerRequest *request);

void version_write_customer(struct call *call, const char *tag, const struct customer *customer);

void version_write_user(struct buffer *out, const struct user *user);
/* What the response says after the user: roles and where they hold. */
void version_write_roles(struct call *call, const struct user *user);

/* The role of an invitation is a name or a number; it is kept as the name, NULL: none was sent. */
bool version_invitation_readable(struct call *call, const struct ent__UserInvitation *sent);
bool version_invitation_role(struct call *call, const struct ent__UserInvitation *sent,
                             const char **out);
void version_write_invitation_role(struct buffer *out, const char *role);

/* After the pause reason of an account with its customer. */
void version_write_account_mode(struct buffer *out);

#endif
