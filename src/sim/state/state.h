/*
 * The data of the simulated service in SQLite, in memory or in a file. One
 * connection, one lock: a call holds the lock from its first look at the data
 * to its commit, so calls are serial and each one is a transaction.
 */
#ifndef BACM_SIM_STATE_STATE_H
#define BACM_SIM_STATE_STATE_H

#include <pthread.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#define STATE_MAX_STATEMENTS 256

struct state {
    sqlite3 *db;
    pthread_mutex_t lock;
    bool failed; /* a statement failed since state_begin: the call must not be answered as done */
    char reason[128];                               /* why the last one did */
    sqlite3_stmt *statements[STATE_MAX_STATEMENTS]; /* prepared ones, kept for the next use */
};

/* Path NULL: in memory. False after a message on stderr. */
bool state_open(struct state *state, const char *path);
void state_close(struct state *state);

/* True when no data set was loaded yet (a new file, or in memory). */
bool state_is_empty(struct state *state);

/* Removes all rows, between state_begin and state_end. */
void state_clear(struct state *state);

void state_begin(struct state *state);
/* Commits (or rolls back when `keep` is false or a statement failed) and unlocks. */
bool state_end(struct state *state, bool keep);

/*
 * A prepared statement, reset and bound: 'i' int64_t, 't' const char * (NULL is
 * null). NULL after a failure, which state_end() then reports.
 */
sqlite3_stmt *state_query(struct state *state, const char *sql, const char *types, ...);

/* Steps to the next row; false at the end (the statement is reset then). */
bool state_row(struct state *state, sqlite3_stmt *statement);

/* Runs a statement that returns no row; the number of changed rows. */
int state_run(struct state *state, const char *sql, const char *types, ...);

/* The first column of the first row, or `fallback` when there is none. */
int64_t state_number(struct state *state, int64_t fallback, const char *sql, const char *types,
                     ...);

const char *state_text(sqlite3_stmt *statement, int column);

#endif
