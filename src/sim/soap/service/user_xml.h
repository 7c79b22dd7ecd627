/* The parts of a user that the versions write alike. */
#ifndef BACM_SIM_SOAP_SERVICE_USER_XML_H
#define BACM_SIM_SOAP_SERVICE_USER_XML_H

#include "sim/rules/call.h"

void user_write_contact(struct buffer *out, const struct user *user);
/* Name to UserName, with the version's own elements around it. */
void user_write_name(struct buffer *out, const struct user *user);
/* Rows of one number each, as an array of the serialisation namespace. */
void user_write_numbers(struct call *call, const char *tag, const char *item, sqlite3_stmt *row);

#endif
