/*
 * The generated types of any operation: who owns what, and a type that is
 * derived from another one, whose own fields must survive in both directions.
 */
#include <string.h>

#include <bacm/operations_v11.h>

#include "support/fixture.h"

#define CM  "https://bingads.microsoft.com/Customer/v11"
#define XSI "http://www.w3.org/2001/XMLSchema-instance"

#define BASE_FIELDS                                                                                \
    "<e:AccountType>Advertiser</e:AccountType><e:CurrencyType>ZWD</e:CurrencyType>"                \
    "<e:Id>77</e:Id><e:Name>K\xc3\xbc"                                                             \
    "che &amp; Bad</e:Name><e:Number>X1234567</e:Number>"                                          \
    "<e:ParentCustomerId>2002002</e:ParentCustomerId><e:TimeStamp>AAAAAAsmQHk=</e:TimeStamp>"
#define OWN_FIELDS                                                                                 \
    "<e:LinkedAgencies><e:CustomerInfo><e:Id>9</e:Id><e:Name>Agency</e:Name></e:CustomerInfo>"     \
    "</e:LinkedAgencies><e:SalesHouseCustomerId>5</e:SalesHouseCustomerId>"                        \
    "<e:BillingThresholdAmount>12.50</e:BillingThresholdAmount><e:BusinessAddress><e:City>Ulm"     \
    "</e:City><e:Id>3</e:Id></e:BusinessAddress>"

static const char *account_reply(struct fixture *f)
{
    return soap_reply(f, "<GetAccountResponse xmlns=\"" CM "\"><Account xmlns:e=\"" CM
                         "/Entities\" xmlns:i=\"" XSI
                         "\" i:type=\"e:AdvertiserAccount\">" BASE_FIELDS OWN_FIELDS
                         "</Account></GetAccountResponse>");
}

static bacm_reply *get_account(struct fixture *f, const struct _cm__GetAccountResponse **response)
{
    LONG64 id = 77;
    struct _cm__GetAccountRequest request = {.AccountId = &id};
    bacm_reply *reply = NULL;

    assert_status(bacm_v11_get_account(&reply, response, f->client, &request, &f->error), BACM_OK);
    assert_non_null(reply);
    assert_non_null(*response);
    return reply;
}

static void derived_fields_are_read(void **state)
{
    struct fixture *f = *state;
    const struct _cm__GetAccountResponse *response = NULL;
    const struct ent__AdvertiserAccount *account;
    bacm_reply *reply;

    PLAY(f, READ, SEND(account_reply(f)));
    reply = get_account(f, &response);
    fixture_stop(f); /* the response does not need the client */
    assert_string_equal(bacm_reply_tracking_id(reply), TEST_TRACKING_ID);
    assert_non_null(response->Account);
    account = response->Account->ent__AdvertiserAccount;
    assert_non_null(account);
    assert_string_equal(account->Name, "K\xc3\xbc"
                                       "che & Bad");
    assert_string_equal(account->CurrencyType, "ZWD"); /* a value that v11 does not know */
    assert_string_equal(account->TimeStamp, "AAAAAAsmQHk=");
    assert_int_equal(*account->SalesHouseCustomerId, 5);
    assert_string_equal(account->BillingThresholdAmount, "12.50");
    assert_string_equal(account->BusinessAddress->City, "Ulm");
    assert_int_equal(account->LinkedAgencies->__sizeCustomerInfo, 1);
    bacm_reply_free(reply);
}

/* What was read goes back as it came. */
static void derived_fields_are_written(void **state)
{
    struct fixture *f = *state;
    const struct _cm__GetAccountResponse *response = NULL;
    const struct _cm__UpdateAccountResponse *updated = NULL;
    struct _cm__UpdateAccountRequest request = {.Account = NULL};
    bacm_reply *reply;
    bacm_reply *second = NULL;
    const char *body;

    PLAY(f, READ, SEND(account_reply(f)), READ,
         SEND(soap_reply(f, "<UpdateAccountResponse xmlns=\"" CM "\"/>")));
    reply = get_account(f, &response);
    request.Account = response->Account;
    assert_status(bacm_v11_update_account(&second, &updated, f->client, &request, &f->error),
                  BACM_OK);
    assert_non_null(updated);
    assert_null(updated->LastModifiedTime);
    body = script_server_request(f->server, 1).body;
    assert_non_null(strstr(body, " xsi:type=\"ent:AdvertiserAccount\""));
    assert_non_null(strstr(body, "<ent:TimeStamp>AAAAAAsmQHk=</ent:TimeStamp>"));
    assert_non_null(strstr(body, "<ent:SalesHouseCustomerId>5</ent:SalesHouseCustomerId>"));
    assert_non_null(strstr(body, "<ent:BillingThresholdAmount>12.50</ent:BillingThresholdAmount>"));
    assert_non_null(strstr(body, "<ent:City>Ulm</ent:City>"));
    assert_null(strstr(body, "TimeZone"));
    bacm_reply_free(second);
    bacm_reply_free(reply);
}

static void derived_fields_as_xml(void **state)
{
    static const char request[] =
        "<GetAccountRequest xmlns=\"" CM "\"><AccountId>77</AccountId></GetAccountRequest>";
    static const char update[] =
        "<UpdateAccountRequest xmlns=\"" CM "\" xmlns:e=\"" CM "/Entities\" xmlns:i=\"" XSI
        "\"><Account i:type=\"e:AdvertiserAccount\">" BASE_FIELDS OWN_FIELDS
        "</Account></UpdateAccountRequest>";
    struct fixture *f = *state;
    char *out = NULL;

    PLAY(f, READ, SEND(account_reply(f)), READ,
         SEND(soap_reply(f, "<UpdateAccountResponse xmlns=\"" CM "\"/>")));
    assert_status(bacm_operation_call_xml(&out, f->client, "GetAccount", request,
                                          sizeof request - 1, &f->error),
                  BACM_OK);
    assert_non_null(strstr(out, "AdvertiserAccount\""));
    assert_non_null(strstr(out, ">12.50<"));
    assert_non_null(strstr(out, ">Ulm<"));
    bacm_text_free(out);
    assert_status(bacm_operation_call_xml(&out, f->client, "UpdateAccount", update,
                                          sizeof update - 1, &f->error),
                  BACM_OK);
    bacm_text_free(out);
    assert_non_null(strstr(script_server_request(f->server, 1).body, ">12.50<"));
    assert_non_null(
        strstr(script_server_request(f->server, 1).body, " xsi:type=\"ent:AdvertiserAccount\""));
}

/* --- statuses --- */

static void reads_and_writes_differ(void **state)
{
    struct fixture *f = *state;
    const struct _cm__GetAccountResponse *account = NULL;
    const struct _cm__DeleteAccountResponse *deleted = NULL;
    struct _cm__GetAccountRequest read = {.AccountId = NULL};
    struct _cm__DeleteAccountRequest write = {.AccountId = NULL};
    bacm_reply *reply = NULL;

    PLAY(f, READ, CLOSE, READ, CLOSE);
    assert_status(bacm_v11_get_account(&reply, &account, f->client, &read, &f->error),
                  BACM_E_NETWORK);
    assert_null(reply);
    assert_null(account);
    assert_status(bacm_v11_delete_account(&reply, &deleted, f->client, &write, &f->error),
                  BACM_E_UNKNOWN_OUTCOME);
    assert_status(f->error.cause, BACM_E_NETWORK);
    assert_null(reply);
    assert_null(deleted);
}

static void arguments_are_checked(void **state)
{
    struct fixture *f = *state;
    const struct _cm__GetAccountResponse *account = NULL;
    struct _cm__GetAccountRequest request = {.AccountId = NULL};
    bacm_reply *reply = NULL;

    PLAY(f, READ);
    assert_status(bacm_v11_get_account(NULL, &account, f->client, &request, &f->error),
                  BACM_E_ARGUMENT);
    assert_status(bacm_v11_get_account(&reply, &account, NULL, &request, &f->error),
                  BACM_E_ARGUMENT);
    assert_status(bacm_v11_get_account(&reply, &account, f->client, NULL, NULL), BACM_E_ARGUMENT);
    assert_null(reply);
    assert_string_equal(bacm_reply_tracking_id(NULL), "");
    bacm_reply_free(NULL);
    assert_int_equal(script_server_connections(f->server), 0);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(derived_fields_are_read), TEST(derived_fields_are_written),
        TEST(derived_fields_as_xml),   TEST(reads_and_writes_differ),
        TEST(arguments_are_checked),
    };

    return cmocka_run_group_tests_name("typed", tests, NULL, NULL);
}
