/* Large data sets: agencies with a token each, and client accounts to invite. */
#include "sim/state/dataset.h"

#include "sim/state/directory.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_AGENCY        2100001
#define FIRST_CLIENT        3100001
#define FIRST_ACCOUNT       5000001
#define FIRST_USER          8000001
#define ACCOUNTS_PER_CLIENT 10
#define MAX_AGENCIES        1000
#define MAX_CLIENTS         5000000

static void add_customer(struct state *state, int64_t id, const char *name, bool agency)
{
    char number[24];
    snprintf(number, sizeof number, "C%" PRId64, id);
    state_run(state, "INSERT INTO customers(id, number, name, agency) VALUES(?1, ?2, ?3, ?4)",
              "itti", id, number, name, (int64_t)agency);
}

/* Agency N gets the access token GENERATED-AGENCY-N-TOKEN. */
static void add_agency(struct state *state, int64_t index)
{
    char name[64];
    char token[64];
    snprintf(name, sizeof name, "Generated Agency %" PRId64, index + 1);
    snprintf(token, sizeof token, "GENERATED-AGENCY-%" PRId64 "-TOKEN", index + 1);
    add_customer(state, FIRST_AGENCY + index, name, true);
    state_run(state,
              "INSERT INTO users(id, customer_id, user_name, status) VALUES(?1, ?2, ?3, 'Active')",
              "iit", FIRST_USER + index, FIRST_AGENCY + index, token);
    state_run(state, "INSERT INTO user_roles(user_id, role_id) VALUES(?1, ?2)", "ii",
              FIRST_USER + index, (int64_t)ROLE_SUPER_ADMIN);
    state_run(state, "INSERT INTO access_tokens(token, user_id) VALUES(?1, ?2)", "ti", token,
              FIRST_USER + index);
}

static void add_account(struct state *state, int64_t index)
{
    char number[24];
    char name[64];
    int64_t owner = FIRST_CLIENT + index / ACCOUNTS_PER_CLIENT;
    if (index % ACCOUNTS_PER_CLIENT == 0) {
        snprintf(name, sizeof name, "Generated Client %" PRId64, owner);
        add_customer(state, owner, name, false);
    }
    snprintf(number, sizeof number, "X%07" PRId64, FIRST_ACCOUNT + index);
    snprintf(name, sizeof name, "Generated Account %" PRId64, FIRST_ACCOUNT + index);
    state_run(state,
              "INSERT INTO accounts(id, number, name, customer_id, prepaid, status)"
              " VALUES(?1, ?2, ?3, ?4, 0, 'Active')",
              "itti", FIRST_ACCOUNT + index, number, name, owner);
}

/* NAME=COUNT at *spec, with a comma or the end behind it. */
static bool read_count(const char **spec, const char *name, long max, long *out)
{
    size_t length = strlen(name);
    if (strncmp(*spec, name, length) != 0 || (*spec)[length] != '=')
        return false;
    char *end;
    long value = strtol(*spec + length + 1, &end, 10);
    if (end == *spec + length + 1 || value < 0 || value > max || (*end != ',' && *end != '\0'))
        return false;
    *spec = *end == ',' ? end + 1 : end;
    *out = value;
    return true;
}

bool dataset_generate(struct state *state, const char *spec, char error[DATASET_ERROR_SIZE])
{
    long agencies = 1;
    long clients = 0;
    while (*spec) {
        if (!read_count(&spec, "agencies", MAX_AGENCIES, &agencies) &&
            !read_count(&spec, "clients", MAX_CLIENTS, &clients)) {
            snprintf(error, DATASET_ERROR_SIZE,
                     "write agencies=N,clients=N with at most %d agencies and %d clients",
                     MAX_AGENCIES, MAX_CLIENTS);
            return false;
        }
    }
    for (long i = 0; i < agencies; i++)
        add_agency(state, i);
    for (long i = 0; i < clients; i++)
        add_account(state, i);
    if (state->failed)
        snprintf(error, DATASET_ERROR_SIZE, "the generated rows do not fit the data set");
    return !state->failed;
}
