/*
 * Where a journal stands in the file system: its path without links, whom its files
 * belong to, and a copy of them for a reader who must change nothing.
 *
 * Nothing here opens the journal itself but the one that makes it: closing any
 * descriptor of a file takes away the locks that the whole process has on it.
 */
#ifndef BACM_BULK_JOURNAL_PLACE_H
#define BACM_BULK_JOURNAL_PLACE_H

#include <sys/types.h>

#include <bacm/error.h>

/* What a path may lead to: a run makes its journal, a reader does not. */
#define BULK_JOURNAL_OR_NEW "Give the path of a journal, or of a file that does not exist yet."
#define BULK_ONLY_A_JOURNAL "Give the path of a journal that a run has made."

/* The same path with its folder free of symbolic links: new text, free() it. */
bacm_status bulk_journal_place(char **place, const char *path, bacm_error *error);

/* Make the file, for its owner alone, where there is none. */
bacm_status bulk_journal_make(const char *place, bacm_error *error);

/*
 * Refuse a journal that somebody else could have written: each of its files must be
 * regular, belong to this user or root, and be closed to all others. *size: of the
 * journal itself.
 */
bacm_status bulk_journal_check(const char *place, off_t *size, bacm_error *error);

/*
 * Copy the journal and what SQLite may have left beside it to a new folder for this user
 * alone. *copy: the path in it, new text, to end with bulk_journal_drop_copy().
 */
bacm_status bulk_journal_copy(char **copy, const char *place, bacm_error *error);

/* Remove the files of a copy, which may still be open, and free its path. */
void bulk_journal_drop_copy(char *copy);

#endif
