/*
 * The two ways that checked rows can go: to the service, or to stdout as the
 * messages that would be sent.
 */
#ifndef BACM_CLI_ADD_H
#define BACM_CLI_ADD_H

#include "intake.h"
#include "session.h"

/* Send the rows and write a record a row. Returns the exit status. */
int add_send(struct session *session, struct intake *intake);

/* Write the messages that would be sent. Returns the exit status. */
int add_preview(struct session *session, struct intake *intake);

#endif
