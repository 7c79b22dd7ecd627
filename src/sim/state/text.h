/* Which texts replies can carry. */
#ifndef BACM_SIM_STATE_TEXT_H
#define BACM_SIM_STATE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* UTF-8 without the characters that XML forbids: what is stored must go out again. */
bool text_can_be_sent(const char *text, size_t length);

#endif
