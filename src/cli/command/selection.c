#include "cli/command/selection.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <sqlite3.h>

#include "cli/command/rows_of.h"
#include "cli/input/standing.h"
#include "cli/profile/library_error.h"
#include "cli/terminal/exit_code.h"
#include "cli/terminal/message.h"

/* An invitation for this pair was sent, another agency manages it, the account is prepaid. */
#define CODE_INVITED 1410
#define CODE_MANAGED 1424
#define CODE_PREPAID 1471

struct selection {
    sqlite3 *db;
    sqlite3_stmt *add;
    sqlite3_stmt *has;
    uint64_t count;
    uint64_t silent;
    uint64_t customers;
};

bool selection_statuses(struct statuses *statuses, const char *text)
{
    char names[512] = "";
    size_t length = 0;

    for (const char *at = text; *at != '\0';) {
        size_t word = strcspn(at, ",");
        bool is_short = strncasecmp(at, "Link", 4) != 0 && strncasecmp(at, "Unlink", 6) != 0 &&
                        strncasecmp(at, "Inactive", 8) != 0 && strncasecmp(at, "Active", 6) != 0;
        int made = snprintf(names + length, sizeof names - length, "%s%s%.*s",
                            length > 0 ? "," : "", is_short ? "Link" : "", (int)word, at);

        if (made < 0 || (size_t)made >= sizeof names - length)
            break;
        if (is_short)
            names[length + (length > 0) + 4] &= (char)~0x20; /* linkexpired, LinkExpired */
        length += (size_t)made;
        at += word;
        at += *at == ',';
    }
    if (!statuses_parse(statuses, names, "again"))
        return false;
    for (size_t i = 0; i < statuses->count; i++) {
        if (!bacm_link_status_blocks_invitation(statuses->list[i]))
            continue;
        message_error("--again: a pair in status %s cannot be invited again; give expired, "
                      "declined, canceled, failed or Inactive",
                      bacm_link_status_text(statuses->list[i]));
        return false;
    }
    return statuses->count > 0;
}

static bool failed(const struct selection *selection)
{
    message_error("temporary database of the rows: %s; set TMPDIR to a folder with more room",
                  sqlite3_errmsg(selection->db));
    return false;
}

static struct selection *selection_new(void)
{
    struct selection *selection = calloc(1, sizeof *selection);

    if (selection == NULL) {
        message_error("out of memory");
        return NULL;
    }
    if (sqlite3_open("", &selection->db) == SQLITE_OK &&
        sqlite3_exec(selection->db,
                     "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
                     "PRAGMA temp_store = FILE; PRAGMA cache_size = -512;"
                     "CREATE TABLE candidate (idx INTEGER PRIMARY KEY);"
                     "CREATE TABLE picked (idx INTEGER PRIMARY KEY); BEGIN",
                     NULL, NULL, NULL) == SQLITE_OK &&
        sqlite3_prepare_v2(selection->db, "INSERT OR IGNORE INTO picked VALUES (?1)", -1,
                           &selection->add, NULL) == SQLITE_OK &&
        sqlite3_prepare_v2(selection->db, "SELECT 1 FROM picked WHERE idx = ?1", -1,
                           &selection->has, NULL) == SQLITE_OK)
        return selection;
    failed(selection);
    selection_free(selection);
    return NULL;
}

static bool is_there(sqlite3_stmt *statement, uint64_t index)
{
    bool there;

    sqlite3_bind_int64(statement, 1, (sqlite3_int64)index);
    there = sqlite3_step(statement) == SQLITE_ROW;
    sqlite3_reset(statement);
    return there;
}

static bool insert(struct selection *selection, sqlite3_stmt *statement, uint64_t index)
{
    bool ok;

    sqlite3_bind_int64(statement, 1, (sqlite3_int64)index);
    ok = sqlite3_step(statement) == SQLITE_DONE || failed(selection);
    sqlite3_reset(statement);
    return ok;
}

static bool pick(struct selection *selection, const struct row *row)
{
    selection->count++;
    selection->silent += row->link.suppress_notification == BACM_TRUE;
    selection->customers += row_is_customer(row);
    return insert(selection, selection->add, row->index);
}

/* What decides about a row: its link's status, and what it is asked about. */
struct choice {
    const struct statuses *statuses; /* NULL: any that does not block an invitation */
    sqlite3_stmt *candidate;         /* NULL: every row is one */
};

static bool is_wanted(const struct choice *choice, bacm_link_status status)
{
    if (choice->statuses != NULL)
        return statuses_have(choice->statuses, status);
    return !bacm_link_status_blocks_invitation(status);
}

static int choose_row(struct selection *selection, struct session *session,
                      struct standing *standing, const struct choice *choice, const struct row *row)
{
    struct stand stand;
    bacm_error error;
    int64_t manager = row->link.managing_customer_id;

    if (choice->candidate != NULL && !is_there(choice->candidate, row->index))
        return CLI_OK;
    if (manager == 0) {
        int code = session_customer(session, &manager);

        if (code != CLI_OK)
            return code;
    }
    if (!standing_search(standing, session->client, session->version, manager, &error))
        return session_failed(&error);
    if (!standing_look(standing, &row->link, manager, &stand))
        return CLI_FAILED;
    return !is_wanted(choice, stand.status) || pick(selection, row) ? CLI_OK : CLI_FAILED;
}

static int choose(struct selection *selection, struct session *session, struct intake *intake,
                  const struct choice *choice)
{
    struct standing *standing = standing_open();
    struct problem problem;
    struct row row = {0};
    enum input_event event = INPUT_ROW;
    int code = standing != NULL && intake_rewind(intake) ? CLI_OK : CLI_FAILED;

    while (code == CLI_OK && (event = intake_next(intake, &row, &problem)) != INPUT_END) {
        if (event == INPUT_ROW)
            code = choose_row(selection, session, standing, choice, &row);
        else if (event == INPUT_BROKEN)
            code = CLI_USAGE;
    }
    if (event == INPUT_BROKEN)
        problem_report(&problem, input_name(intake->input));
    row_free(&row);
    standing_close(standing);
    return code;
}

static int hand_out(struct selection **out, struct selection *selection, int code)
{
    *out = code == CLI_OK ? selection : NULL;
    if (code != CLI_OK)
        selection_free(selection);
    return code;
}

int selection_again(struct selection **out, struct session *session, struct intake *intake,
                    const struct statuses *statuses)
{
    const struct choice choice = {statuses, NULL};
    struct selection *selection = selection_new();

    *out = NULL;
    if (selection == NULL)
        return CLI_FAILED;
    return hand_out(out, selection, choose(selection, session, intake, &choice));
}

/* By its class, or because it is about the client and the client can change it. */
static bool may_pass(const bacm_service_error *error)
{
    const bacm_service_code *known =
        error->has_code ? bacm_service_code_find(error->channel, error->code) : NULL;

    return known != NULL && (known->retry_class != BACM_RETRY_NEVER ||
                             (known->operation_channel &&
                              (error->code == CODE_INVITED || error->code == CODE_MANAGED ||
                               error->code == CODE_PREPAID)));
}

struct candidates {
    struct selection *selection;
    sqlite3_stmt *add;
    bool broken;
};

static bool take_candidate(const bacm_journal_entry *entry, void *user)
{
    struct candidates *candidates = user;
    bool all = entry->error_count > 0;

    for (size_t i = 0; i < entry->error_count; i++)
        all = all && may_pass(&entry->errors[i]);
    if (entry->state == BACM_JOURNAL_LATER || (entry->state == BACM_JOURNAL_FAILED && all))
        candidates->broken = !insert(candidates->selection, candidates->add, entry->index);
    return !candidates->broken;
}

/* Rows are known by their places, which mean nothing in the journal of another list. */
static bacm_status check_list(bacm_journal *journal, const struct intake *intake, bacm_error *error)
{
    bacm_journal_info info = BACM_JOURNAL_INFO_INIT;
    bacm_status status = bacm_journal_inspect(journal, &info, error);
    char digest[SOURCE_DIGEST_BYTES];

    input_digest(intake->input, digest);
    if (status != BACM_OK || strcmp(info.input_digest, digest) == 0)
        return status;
    *error = (bacm_error){.status = BACM_E_JOURNAL_MISMATCH,
                          .message = "the journal belongs to another list",
                          .hint = "Give the list that it was made for."};
    return error->status;
}

/* The rows that the journal has as refused for such a reason. */
static int find_candidates(struct selection *selection, const struct intake *intake,
                           const char *path)
{
    struct candidates candidates = {.selection = selection};
    bacm_journal *journal = NULL;
    bacm_error error;
    bacm_status status = bacm_journal_open(&journal, path, &error);

    if (sqlite3_prepare_v2(selection->db, "INSERT INTO candidate VALUES (?1)", -1, &candidates.add,
                           NULL) != SQLITE_OK)
        candidates.broken = !failed(selection);
    if (status == BACM_OK)
        status = check_list(journal, intake, &error);
    if (status == BACM_OK && !candidates.broken)
        status = bacm_journal_export(journal, take_candidate, &candidates, &error);
    bacm_journal_close(journal);
    sqlite3_finalize(candidates.add);
    if (candidates.broken)
        return CLI_FAILED;
    if (status == BACM_OK)
        return CLI_OK;
    message_library(&error);
    return CLI_PRECONDITION;
}

int selection_retry(struct selection **out, struct session *session, struct intake *intake,
                    const char *journal)
{
    struct choice choice = {NULL, NULL};
    struct selection *selection = selection_new();
    int code;

    *out = NULL;
    if (selection == NULL)
        return CLI_FAILED;
    code = find_candidates(selection, intake, journal);
    if (code == CLI_OK &&
        sqlite3_prepare_v2(selection->db, "SELECT 1 FROM candidate WHERE idx = ?1", -1,
                           &choice.candidate, NULL) != SQLITE_OK)
        code = failed(selection) ? CLI_OK : CLI_FAILED;
    if (code == CLI_OK)
        code = choose(selection, session, intake, &choice);
    sqlite3_finalize(choice.candidate);
    return hand_out(out, selection, code);
}

uint64_t selection_count(const struct selection *selection, uint64_t *silent, uint64_t *customers)
{
    *silent = selection->silent;
    *customers = selection->customers;
    return selection->count;
}

bool selection_has(struct selection *selection, uint64_t index)
{
    return is_there(selection->has, index);
}

static bacm_status open_rows(struct selection *selection, bacm_journal *journal, bacm_error *error)
{
    sqlite3_stmt *all = NULL;
    bacm_status status = BACM_OK;

    if (sqlite3_prepare_v2(selection->db, "SELECT idx FROM picked", -1, &all, NULL) != SQLITE_OK)
        status = BACM_E_NO_MEMORY;
    if (status != BACM_OK)
        *error = (bacm_error){.status = status, .message = "out of memory"};
    while (status == BACM_OK && sqlite3_step(all) == SQLITE_ROW)
        status = bacm_journal_send_anew(journal, (uint64_t)sqlite3_column_int64(all, 0), error);
    sqlite3_finalize(all);
    return status == BACM_OK ? bacm_journal_keep(journal, error) : status;
}

bool selection_open_rows(struct selection *selection, const struct intake *intake, const char *path)
{
    bacm_journal *journal = NULL;
    bacm_error error;
    bacm_status status;

    if (path == NULL || !is_journal(path))
        return true;
    status = bacm_journal_edit(&journal, path, &error);
    if (status == BACM_OK)
        status = check_list(journal, intake, &error);
    if (status == BACM_OK)
        status = open_rows(selection, journal, &error);
    bacm_journal_close(journal);
    if (status != BACM_OK)
        message_library(&error);
    return status == BACM_OK;
}

void selection_free(struct selection *selection)
{
    if (selection == NULL)
        return;
    sqlite3_finalize(selection->add);
    sqlite3_finalize(selection->has);
    sqlite3_close(selection->db);
    free(selection);
}
