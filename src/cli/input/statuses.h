/*
 * Lists of link statuses, and sides of a link, as options have them.
 */
#ifndef BACM_CLI_INPUT_STATUSES_H
#define BACM_CLI_INPUT_STATUSES_H

#include <stdbool.h>
#include <stddef.h>

#include <bacm/links.h>

struct statuses {
    bacm_link_status list[BACM_LINK_STATUS_END_];
    size_t count;
};

/*
 * Read names with commas between; NULL gives an empty list. option names the
 * option in the message that an unknown name gives; then false.
 */
bool statuses_parse(struct statuses *statuses, const char *text, const char *option);

/* Side of the option --as; NULL: the agency. */
bacm_side side_parse(const char *text);

/* Whether it is in the list. */
bool statuses_have(const struct statuses *statuses, bacm_link_status status);

#endif
