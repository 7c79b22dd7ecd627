/*
 * What a ClientLink must be in v13, which links accounts and customers; and what
 * v11 cannot express.
 */
#include <string.h>

#include "lib/contract/contract.h"
#include "lib/links/rules.h"
#include "support/check.h"

static bacm_client_link account_link(void)
{
    bacm_client_link link = BACM_CLIENT_LINK_INIT;

    link.client_account_id = 1001001;
    link.managing_customer_id = 2002002;
    link.is_bill_to_client = BACM_TRUE;
    return link;
}

static bacm_client_link customer_link(void)
{
    bacm_client_link link = BACM_CLIENT_LINK_INIT;

    link.type = BACM_CUSTOMER_LINK;
    link.client_customer_id = 3003003;
    link.managing_customer_id = 2002002;
    return link;
}

static void expect(bacm_api *api, const bacm_client_link *link, bacm_status wanted,
                   const char *field, int line)
{
    bacm_error error;
    bacm_status status = bacm_client_link_check(api, link, &error);

    if (status != wanted || (status != BACM_OK && strcmp(error.field, field) != 0) ||
        (status != BACM_OK && !strstr(error.message, field)))
        fail_msg("line %d: %s for %s: %s", line, bacm_status_name(status), error.field,
                 error.message);
    assert_status(bacm_client_link_check(api, link, NULL), wanted);
}

#define EXPECT(api, link, status, field) expect(api, &(link), status, field, __LINE__)

static void good_links(void **state)
{
    bacm_client_link link = account_link();

    (void)state;
    EXPECT(bacm_api_v13, link, BACM_OK, "");
    EXPECT(bacm_api_v11, link, BACM_OK, "");
    EXPECT(NULL, link, BACM_OK, "");
    link.type = BACM_ACCOUNT_LINK;
    link.is_bill_to_client = BACM_FALSE;
    EXPECT(bacm_api_v13, link, BACM_OK, "");
    link.client_account_id = 0;
    link.client_account_number = "X1234567";
    EXPECT(bacm_api_v13, link, BACM_OK, "");
    link = customer_link();
    EXPECT(bacm_api_v13, link, BACM_OK, "");
    link.customer_link_permission = "Administrative";
    EXPECT(bacm_api_v13, link, BACM_OK, "");
    link.customer_link_permission = "Standard";
    EXPECT(bacm_api_v13, link, BACM_OK, "");
    link.client_customer_id = 0;
    link.client_customer_number = "C3003003";
    EXPECT(bacm_api_v13, link, BACM_OK, "");
}

/* Errors name the element of the version. */
static void names_of_the_version(void **state)
{
    bacm_client_link link = account_link();

    (void)state;
    link.client_account_id = 0;
    EXPECT(bacm_api_v11, link, BACM_E_INVALID_LINK, "ClientAccountId");
    EXPECT(bacm_api_v13, link, BACM_E_INVALID_LINK, "ClientEntityId");
    link.client_account_number = "12";
    EXPECT(bacm_api_v11, link, BACM_E_INVALID_LINK, "ClientAccountNumber");
    EXPECT(bacm_api_v13, link, BACM_E_INVALID_LINK, "ClientEntityNumber");
    link = customer_link();
    link.client_customer_id = 0;
    EXPECT(bacm_api_v13, link, BACM_E_INVALID_LINK, "ClientEntityId");
    link.client_customer_number = "X1234567";
    EXPECT(bacm_api_v13, link, BACM_E_INVALID_LINK, "ClientEntityNumber");
    link = customer_link();
    link.client_customer_id = link.managing_customer_id;
    EXPECT(bacm_api_v13, link, BACM_E_INVALID_LINK, "ClientEntityId");
    link.client_customer_id = -1;
    EXPECT(bacm_api_v13, link, BACM_E_INVALID_LINK, "ClientEntityId");
}

/* As announced for v13: a client may be named by two identities, and is where it can be. */
static void two_identities(void **state)
{
    static const char *const bad[] = {"",         "C",        "3003003",
                                      "X1234567", "C300300A", "C12345678901234567890"};
    bacm_client_link link = customer_link();

    (void)state;
    link.client_customer_number = "C3003003";
    EXPECT(bacm_api_v13, link, BACM_OK, "");
    EXPECT(bacm_api_v13_rest, link, BACM_OK, "");
    link.client_customer_number = "X1234567";
    EXPECT(bacm_api_v13, link, BACM_E_INVALID_LINK, "ClientEntityNumber");
    link = customer_link();
    link.client_entity_customer_number = "C3003003";
    EXPECT(bacm_api_v13, link, BACM_E_INVALID_LINK, "ClientEntityCustomerNumber");
    link = account_link();
    link.client_entity_customer_number = "C3003003";
    EXPECT(bacm_api_v13, link, BACM_OK, "");
    EXPECT(bacm_api_v13_rest, link, BACM_OK, "");
    EXPECT(bacm_api_v11, link, BACM_E_UNSUPPORTED_FIELD, "ClientEntityCustomerNumber");
    for (size_t i = 0; i < COUNT(bad); i++) {
        link.client_entity_customer_number = bad[i];
        EXPECT(bacm_api_v13, link, BACM_E_INVALID_LINK, "ClientEntityCustomerNumber");
    }
    link = account_link();
    link.client_account_number = "X1234567";
    EXPECT(bacm_api_v13, link, BACM_E_INVALID_LINK, "ClientEntityNumber");
    link = customer_link();
    link.client_customer_number = "C3003003";
    link.managing_customer_number = "C2002002";
    EXPECT(bacm_api_v13, link, BACM_E_INVALID_LINK, "ManagingCustomerNumber");
}

static void kinds_that_do_not_agree(void **state)
{
    bacm_client_link link = account_link();

    (void)state;
    link.type = BACM_CUSTOMER_LINK;
    link.is_bill_to_client = BACM_ABSENT;
    EXPECT(bacm_api_v13, link, BACM_E_INVALID_LINK, "Type");
    link = customer_link();
    link.type = BACM_ACCOUNT_LINK;
    EXPECT(bacm_api_v13, link, BACM_E_INVALID_LINK, "Type");
    link.type = BACM_LINK_TYPE_ABSENT;
    EXPECT(bacm_api_v13, link, BACM_E_INVALID_LINK, "Type");
    link = customer_link();
    link.client_account_number = "X1234567";
    EXPECT(bacm_api_v13, link, BACM_E_INVALID_LINK, "Type");
    link = account_link();
    link.type = BACM_LINK_TYPE_UNKNOWN;
    EXPECT(bacm_api_v13, link, BACM_E_INVALID_LINK, "Type");
    link.type = (bacm_link_type)9;
    EXPECT(bacm_api_v13, link, BACM_E_INVALID_LINK, "Type");
}

/* An account's bill must be spoken of, a customer's cannot. */
static void what_goes_with_which_kind(void **state)
{
    bacm_client_link link = account_link();

    (void)state;
    link.is_bill_to_client = BACM_ABSENT;
    EXPECT(bacm_api_v11, link, BACM_OK, "");
    EXPECT(bacm_api_v13, link, BACM_E_INVALID_LINK, "IsBillToClient");
    link = account_link();
    link.customer_link_permission = "Standard";
    EXPECT(bacm_api_v13, link, BACM_E_INVALID_LINK, "CustomerLinkPermission");
    link = customer_link();
    link.is_bill_to_client = BACM_FALSE;
    EXPECT(bacm_api_v13, link, BACM_E_INVALID_LINK, "IsBillToClient");
    link = customer_link();
    link.customer_link_permission = "standard";
    EXPECT(bacm_api_v13, link, BACM_E_INVALID_LINK, "CustomerLinkPermission");
    link.customer_link_permission = "";
    EXPECT(bacm_api_v13, link, BACM_E_INVALID_LINK, "CustomerLinkPermission");
}

static void v11_cannot_say(void **state)
{
    bacm_client_link link = account_link();

    (void)state;
    link.type = BACM_ACCOUNT_LINK;
    EXPECT(bacm_api_v11, link, BACM_E_UNSUPPORTED_FIELD, "Type");
    EXPECT(NULL, link, BACM_E_UNSUPPORTED_FIELD, "Type");
    link = customer_link();
    EXPECT(bacm_api_v11, link, BACM_E_UNSUPPORTED_FIELD, "Type");
    link.type = BACM_LINK_TYPE_ABSENT;
    EXPECT(bacm_api_v11, link, BACM_E_UNSUPPORTED_FIELD, "ClientEntityId");
    link.client_customer_id = 0;
    link.client_customer_number = "C1";
    EXPECT(bacm_api_v11, link, BACM_E_UNSUPPORTED_FIELD, "ClientEntityNumber");
    link = account_link();
    link.customer_link_permission = "Standard";
    EXPECT(bacm_api_v11, link, BACM_E_UNSUPPORTED_FIELD, "CustomerLinkPermission");
}

static void what_the_service_sets(void **state)
{
    bacm_client_link links[3] = {account_link(), account_link(), account_link()};

    (void)state;
    links[0].type_text = "AccountLink";
    links[1].client_entity_name = "name";
    links[2].managing_customer_name = "name";
    EXPECT(bacm_api_v13, links[0], BACM_E_INVALID_LINK, "Type");
    EXPECT(bacm_api_v13, links[1], BACM_E_INVALID_LINK, "ClientEntityName");
    EXPECT(bacm_api_v13, links[2], BACM_E_INVALID_LINK, "ManagingCustomerName");
}

/* An account and a customer may have one id; two of a kind are the same client. */
static void repeats_in_a_call(void **state)
{
    bacm_client_link links[3] = {account_link(), customer_link(), customer_link()};
    const bacm_client_link *pointers[] = {&links[0], &links[1], &links[2]};
    bacm_error error;

    (void)state;
    links[1].client_customer_id = links[0].client_account_id;
    assert_status(bacm_links_check_add(bacm_api_v13(), pointers, 3, &error), BACM_OK);
    assert_int_equal(bacm_links_kind(pointers, 1), BACM_CLIENT_ACCOUNT);
    assert_int_equal(bacm_links_kind(pointers, 3), BACM_CLIENT_CUSTOMER);
    links[2].client_customer_id = links[1].client_customer_id;
    assert_status(bacm_links_check_add(bacm_api_v13(), pointers, 3, &error), BACM_E_INVALID_LINK);
    assert_int_equal(error.link_index, 2);
    assert_string_equal(error.field, "ClientEntityId");
    links[1].client_customer_id = links[2].client_customer_id = 0;
    links[1].client_customer_number = links[2].client_customer_number = "C1";
    assert_status(bacm_links_check_add(bacm_api_v13(), pointers, 3, &error), BACM_E_INVALID_LINK);
    assert_int_equal(error.link_index, 2);
}

static void updates(void **state)
{
    bacm_client_link links[2] = {account_link(), customer_link()};
    const bacm_client_link *pointers[] = {&links[0], &links[1]};
    bacm_error error;

    (void)state;
    links[0].status = links[1].status = BACM_STATUS_ACTIVE;
#define UPDATE(api, n)                                                                             \
    bacm_links_check_update(api(), pointers, n, BACM_SIDE_AGENCY, BACM_STATUS_UNLINK_REQUESTED,    \
                            &error)
    assert_status(UPDATE(bacm_api_v13, 2), BACM_OK);
    assert_status(UPDATE(bacm_api_v11, 1), BACM_OK);
    assert_status(UPDATE(bacm_api_v11, 2), BACM_E_UNSUPPORTED_FIELD);
    assert_int_equal(error.link_index, 1);
    /* Of a link whose type is not known nobody can say whose id it has. */
    links[1] = (bacm_client_link)BACM_CLIENT_LINK_INIT;
    links[1].type = BACM_LINK_TYPE_UNKNOWN;
    links[1].managing_customer_id = 2002002;
    links[1].status = BACM_STATUS_ACTIVE;
    assert_status(UPDATE(bacm_api_v13, 2), BACM_E_INVALID_LINK);
    assert_string_equal(error.field, "ClientEntityId");
}

static void types(void **state)
{
    (void)state;
    assert_string_equal(bacm_link_type_text(BACM_LINK_TYPE_ABSENT), "");
    assert_string_equal(bacm_link_type_text(BACM_LINK_TYPE_UNKNOWN), "unknown");
    assert_string_equal(bacm_link_type_text(BACM_ACCOUNT_LINK), "AccountLink");
    assert_string_equal(bacm_link_type_text(BACM_CUSTOMER_LINK), "CustomerLink");
    assert_string_equal(bacm_link_type_text((bacm_link_type)77), "unknown");
    assert_int_equal(bacm_link_type_parse(NULL), BACM_LINK_TYPE_ABSENT);
    assert_int_equal(bacm_link_type_parse(""), BACM_LINK_TYPE_ABSENT);
    assert_int_equal(bacm_link_type_parse("AccountLink"), BACM_ACCOUNT_LINK);
    assert_int_equal(bacm_link_type_parse("CustomerLink"), BACM_CUSTOMER_LINK);
    assert_int_equal(bacm_link_type_parse("customerlink"), BACM_LINK_TYPE_UNKNOWN);
    assert_int_equal(bacm_link_type_parse("unknown"), BACM_LINK_TYPE_UNKNOWN);
}

static void role_rules(void **state)
{
    const struct {
        int role;
        bool accounts_in_v11, accounts_in_v13, customers_in_v13;
    } cases[] = {
        {BACM_ROLE_SUPER_ADMIN, true, true, true},
        {BACM_ROLE_STANDARD, false, true, false},
        {BACM_ROLE_AGGREGATOR, false, false, false},
        {BACM_ROLE_CAMPAIGN_MANAGER, false, false, false},
        {BACM_ROLE_VIEWER, false, false, false},
        {0, false, false, false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const int roles[] = {BACM_ROLE_VIEWER, cases[i].role};
        bacm_user user = {.roles = roles, .role_count = 2, .life_cycle_status = "Active"};

        assert_int_equal(bacm_user_may_manage_links(&user, bacm_api_v11, BACM_ACCOUNT_LINK),
                         cases[i].accounts_in_v11);
        assert_false(bacm_user_may_manage_links(&user, bacm_api_v11, BACM_CUSTOMER_LINK));
        assert_int_equal(bacm_user_may_manage_links(&user, bacm_api_v13, BACM_ACCOUNT_LINK),
                         cases[i].accounts_in_v13);
        assert_int_equal(bacm_user_may_manage_links(&user, bacm_api_v13, BACM_CUSTOMER_LINK),
                         cases[i].customers_in_v13);
        assert_int_equal(bacm_user_may_manage_links(&user, NULL, BACM_LINK_TYPE_ABSENT),
                         cases[i].accounts_in_v11);
        user.life_cycle_status = "Inactive";
        assert_false(bacm_user_may_manage_links(&user, bacm_api_v13, BACM_ACCOUNT_LINK));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_links),
        cmocka_unit_test(names_of_the_version),
        cmocka_unit_test(two_identities),
        cmocka_unit_test(what_goes_with_which_kind),
        cmocka_unit_test(kinds_that_do_not_agree),
        cmocka_unit_test(v11_cannot_say),
        cmocka_unit_test(what_the_service_sets),
        cmocka_unit_test(repeats_in_a_call),
        cmocka_unit_test(updates),
        cmocka_unit_test(types),
        cmocka_unit_test(role_rules),
    };

    return cmocka_run_group_tests_name("kinds of links", tests, NULL, NULL);
}
