/*
 * What bacm says to a person, on stderr.
 */
#ifndef BACM_CLI_TERMINAL_MESSAGE_H
#define BACM_CLI_TERMINAL_MESSAGE_H

#include <stdbool.h>

/* Most bytes of one message; the rest is cut. */
#define MESSAGE_MAX_BYTES 4096

/* Leave out what message_note() says. */
void message_set_quiet(bool quiet);
bool message_is_quiet(void);

/* Leave out everything, errors too. */
void message_set_mute(bool mute);

/* "bacm: TEXT": an error or a warning. */
void message_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* TEXT alone: what is going on. */
void message_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
