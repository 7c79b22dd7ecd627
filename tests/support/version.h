/*
 * The version of the contract that a test program speaks: TEST_API, v11 when it is not
 * set. The tests are written in the words of v11, and said in those of the version.
 */
#ifndef TESTS_SUPPORT_VERSION_H
#define TESTS_SUPPORT_VERSION_H

#include <stdbool.h>
#include <stddef.h>

#include <bacm/client.h>
#include <bacm/oauth.h>

bool test_is_v13(void);
bool test_is_rest(void);
bacm_api *test_api(void);
/* Who issues the tokens that the version takes. */
bacm_oauth_platform test_oauth_platform(void);
/* "v11" or "v13". */
const char *test_version(void);

/*
 * A message in the words of the version, in its place: neither the namespace nor an
 * element's tag becomes longer or shorter (XML allows white space behind a name).
 */
void test_translate(char *text, size_t size);

/* The same for an element's tags that are written without that white space; to be freed. */
char *test_translated_tags(const char *text);

#endif
