/*
 * An allocator for bacm_set_allocator() whose k-th call fails. For programs that are linked
 * with the libraries as users have them: only there the allocator is replaceable.
 */
#ifndef TESTS_SUPPORT_FAILING_ALLOCATOR_H
#define TESTS_SUPPORT_FAILING_ALLOCATOR_H

#include <stdbool.h>

#include <bacm/alloc.h>

/* What this program's libraries are to use, from the start; fails the program otherwise. */
void failing_allocator_use(void);

/* Let the k-th call from now on fail, counted from 0. */
void failing_allocator_arm(long k);

/*
 * Let none fail any more, and fail the test when there are more blocks than before
 * failing_allocator_arm(). Whether the k-th call came at all.
 */
bool failing_allocator_disarm(void);

#endif
