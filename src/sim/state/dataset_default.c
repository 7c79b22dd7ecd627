/* The built-in data set: small, obviously invented, with every outcome in it. */
#include "sim/state/dataset.h"

#include "sim/state/directory.h"

#include <stdio.h>

#define AGENCY       2002002
#define OTHER_AGENCY 2003003
#define CLIENT_A     3001001
#define CLIENT_B     3001002
#define SOLO         3004004

static const struct {
    json_int_t id;
    const char *name;
    bool agency;
} customers[] = {
    {AGENCY, "Demo Agency", true},    {OTHER_AGENCY, "Rival Agency", true},
    {CLIENT_A, "Alder Books", false}, {CLIENT_B, "Birch Bikes", false},
    {SOLO, "Solo Shop", false},
};

static const struct {
    json_int_t id;
    json_int_t customer_id;
    const char *user_name;
    const char *first_name;
    const char *status;
    int roles[2];
    const char *token; /* NULL: none */
} users[] = {
    {7001, AGENCY, "agency.admin", "Ada", "Active", {ROLE_SUPER_ADMIN}, "AGENCY-ADMIN-TOKEN"},
    {7002, AGENCY, "agency.standard", "Stan", "Active", {ROLE_STANDARD}, "AGENCY-STANDARD-TOKEN"},
    {7003, CLIENT_A, "client.admin", "Clara", "Active", {ROLE_SUPER_ADMIN}, "CLIENT-ADMIN-TOKEN"},
    {7004, SOLO, "solo.admin", "Sol", "Active", {ROLE_SUPER_ADMIN}, "SOLO-ADMIN-TOKEN"},
    {7005, OTHER_AGENCY, "rival.admin", "Rita", "Active", {ROLE_SUPER_ADMIN}, "RIVAL-ADMIN-TOKEN"},
    {7006, AGENCY, "agency.viewer", "Vic", "Active", {ROLE_CLIENT_VIEWER}, "AGENCY-VIEWER-TOKEN"},
    {7007,
     AGENCY,
     "agency.campaigns",
     "Cam",
     "Active",
     {ROLE_CAMPAIGN_MANAGER},
     "AGENCY-CAMPAIGN-TOKEN"},
    {7008,
     AGENCY,
     "agency.aggregator",
     "Agnes",
     "Active",
     {ROLE_AGGREGATOR},
     "AGENCY-AGGREGATOR-TOKEN"},
    {7009, AGENCY, "agency.left", "Lee", "Inactive", {ROLE_SUPER_ADMIN}, "INACTIVE-USER-TOKEN"},
    {7010, CLIENT_B, "client.b.admin", "Bea", "Active", {ROLE_SUPER_ADMIN}, "CLIENT-B-ADMIN-TOKEN"},
};

/* Accounts first..last; each is named after its owner. */
static const struct {
    json_int_t first;
    json_int_t last;
    json_int_t customer_id;
    const char *name;
    bool prepaid;
} accounts[] = {
    {1001001, 1001010, CLIENT_A, "Alder Books", false},
    {1001011, 1001020, CLIENT_B, "Birch Bikes", false},
    {1001021, 1001024, CLIENT_B, "Birch Bikes", true},
    {1001025, 1001040, CLIENT_A, "Alder Books", false},
    {1004001, 1004001, SOLO, "Solo Shop", false},
};

/* Held ones keep their state whatever the clock says. */
static const struct {
    json_int_t account_id;
    json_int_t customer_id;
    const char *status;
    bool held;
} links[] = {
    {1001025, AGENCY, "LinkPending", false},       {1001026, AGENCY, "LinkPending", false},
    {1001027, AGENCY, "LinkPending", false},       {1001028, AGENCY, "Active", false},
    {1001029, OTHER_AGENCY, "Active", false},      {1001030, OTHER_AGENCY, "Active", false},
    {1001031, OTHER_AGENCY, "Active", false},      {1001032, AGENCY, "LinkInProgress", true},
    {1001033, AGENCY, "UnlinkInProgress", true},   {1001034, AGENCY, "LinkExpired", false},
    {1001035, AGENCY, "LinkDeclined", false},      {1001036, AGENCY, "LinkCanceled", false},
    {1001037, AGENCY, "Inactive", false},          {1001038, AGENCY, "LinkFailed", false},
    {1001039, OTHER_AGENCY, "LinkPending", false}, {1001040, AGENCY, "UnlinkPending", true},
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static json_t *customer_list(void)
{
    json_t *list = json_array();
    for (size_t i = 0; i < COUNT(customers); i++)
        json_array_append_new(list, json_pack("{s:I,s:s,s:b}", "id", customers[i].id, "name",
                                              customers[i].name, "agency", customers[i].agency));
    return list;
}

static json_t *account_list(void)
{
    json_t *list = json_array();
    for (size_t i = 0; i < COUNT(accounts); i++) {
        for (json_int_t id = accounts[i].first; id <= accounts[i].last; id++) {
            char name[64];
            snprintf(name, sizeof name, "%s %" JSON_INTEGER_FORMAT, accounts[i].name, id);
            json_array_append_new(list, json_pack("{s:I,s:s,s:I,s:b}", "id", id, "name", name,
                                                  "customerId", accounts[i].customer_id, "prepaid",
                                                  accounts[i].prepaid));
        }
    }
    return list;
}

static json_t *user_list(void)
{
    json_t *list = json_array();
    for (size_t i = 0; i < COUNT(users); i++) {
        json_t *roles = json_array();
        for (size_t r = 0; r < COUNT(users[i].roles) && users[i].roles[r]; r++)
            json_array_append_new(roles, json_integer(users[i].roles[r]));
        json_array_append_new(
            list, json_pack("{s:I,s:I,s:s,s:s,s:s,s:s,s:s+,s:s,s:s,s:o}", "id", users[i].id,
                            "customerId", users[i].customer_id, "userName", users[i].user_name,
                            "password", "demo-password", "firstName", users[i].first_name,
                            "lastName", "Example", "email", users[i].user_name, "@sim.example",
                            "phone", "+1 555 0100", "status", users[i].status, "roles", roles));
    }
    return list;
}

static json_t *access_token_list(void)
{
    json_t *list = json_array();
    for (size_t i = 0; i < COUNT(users); i++)
        json_array_append_new(
            list, json_pack("{s:s,s:I}", "token", users[i].token, "userId", users[i].id));
    json_array_append_new(list, json_pack("{s:s,s:I,s:b}", "token", "EXPIRED-TOKEN", "userId",
                                          users[0].id, "expired", 1));
    return list;
}

static json_t *link_list(void)
{
    json_t *list = json_array();
    for (size_t i = 0; i < COUNT(links); i++)
        json_array_append_new(list, json_pack("{s:I,s:I,s:s,s:b}", "accountId", links[i].account_id,
                                              "managingCustomerId", links[i].customer_id, "status",
                                              links[i].status, "held", links[i].held));
    return list;
}

/* Where a native application is sent when it names no page of its own: v11's, v13's. */
static const char native_redirects[] =
    "https://login.live.com/oauth20_desktop.srf "
    "https://login.microsoftonline.com/common/oauth2/nativeclient";

json_t *dataset_default(void)
{
    return json_pack("{s:o,s:o,s:o,s:[{s:s},{s:s,s:I}],s:o,s:[{s:s,s:s},{s:s,s:s,s:s}],"
                     "s:[{s:s,s:s,s:I},{s:s,s:s,s:I},{s:s,s:s,s:I,s:b}],s:o}",
                     "customers", customer_list(), "accounts", account_list(), "users", user_list(),
                     "developerTokens", "token", "DEV-DEMO", "token", "DEV-AGENCY-ADMIN-ONLY",
                     "userId", users[0].id, "accessTokens", access_token_list(), "oauthClients",
                     "clientId", "demo-native-app", "redirectUri", native_redirects, "clientId",
                     "demo-web-app", "secret", "demo-web-secret", "redirectUri",
                     "https://web.sim.example/callback", "refreshTokens", "token",
                     "AGENCY-ADMIN-REFRESH", "clientId", "demo-native-app", "userId", users[0].id,
                     "token", "AGENCY-ADMIN-WEB-REFRESH", "clientId", "demo-web-app", "userId",
                     users[0].id, "token", "REVOKED-REFRESH", "clientId", "demo-native-app",
                     "userId", users[0].id, "revoked", 1, "links", link_list());
}
