"""All operations: each answers, each reply fits the contract's schema."""

import re
import unittest

import schema
from harness import (AGENCY, AGENCY_ADMIN, API, ARR, CLIENT_ADMIN, CM, ENT, SimulatorTest, V13,
                     invite, search_body)

CLIENT = 3001001
UNDOCUMENTED = (
    "AddAccount", "AddPrepayAccount", "UpdatePrepayAccount", "GetAccessibleCustomer",
    "GetCurrentUser", "GetPilotFeaturesCountries", "MapAccountIdToExternalAccountIds",
    "MapCustomerIdToExternalCustomerId", "UpgradeCustomerToAgency")
TOP = "<TopN>100</TopN>"
SCOPE = "<ApplicationScope>Advertiser</ApplicationScope>" if API.v11 else ""
ACCOUNT_ITEM = "Account" if API.v11 else "AdvertiserAccount"


def entity(tag, **fields):
    return (f'<{tag} xmlns:e="{ENT}">'
            + "".join(f"<e:{name}>{value}</e:{name}>" for name, value in fields.items())
            + f"</{tag}>")


class OperationTest(SimulatorTest):
    def ask(self, operation, body="", **keywords):
        """The reply, after its check against the schema."""
        reply = self.sim.call(operation, body, **keywords)
        self.assertEqual(schema.problems(reply.data, API.name), [], operation)
        return reply

    def change_roles(self, body, token=AGENCY_ADMIN):
        """By v13: in v11 nobody may."""
        if API.v11:
            self.assertEqual(self.ask("UpdateUserRoles", body, token=token).fault_code(),
                             ("adapi", 106))
        reply = self.sim.speaking(V13 if API.v11 else API).call("UpdateUserRoles", body, token)
        self.assertEqual(reply.fault_code(), None)

    def texts(self, reply, path):
        return [element.text for element in reply.response.findall(path)]

    def value(self, reply, name):
        return reply.response.find(f"{{{CM}}}{name}").text

    def part(self, reply, tag, name):
        return reply.response.find(f"{{{CM}}}{tag}/{{{ENT}}}{name}").text

    def infos(self, reply, array, item, name="Id"):
        return self.texts(reply, f"{{{CM}}}{array}/{{{ENT}}}{item}/{{{ENT}}}{name}")


class ClientLinks(OperationTest):
    def test_replies_fit_the_schema(self):
        for reply in (self.sim.add(invite(1001001), invite(1001021), invite(5)),
                      self.sim.search(("ManagingCustomerId", "Equals", AGENCY)),
                      self.sim.add(), self.sim.call("GetUser"),
                      self.sim.call("GetUser", token="x"),
                      self.sim.update({**self.sim.find(1001025), "Status": "LinkCanceled"})):
            self.assertEqual(schema.problems(reply.data, API.name), [])


class Undocumented(OperationTest):
    def test_they_are_refused_as_documented(self):
        for operation in UNDOCUMENTED:
            self.assertEqual(self.ask(operation).fault_code(), ("adapi", 204), operation)


class Accounts(OperationTest):
    def account_ids(self, operation="GetAccountsInfo", body="", token="AGENCY-ADMIN-TOKEN"):
        return self.infos(self.ask(operation, body, token=token), "AccountsInfo", "AccountInfo")

    def test_an_agency_sees_the_accounts_that_it_manages(self):
        self.assertEqual(self.account_ids(), ["1001028", "1001033", "1001040"])
        own = "<OnlyParentAccounts>true</OnlyParentAccounts>"
        self.assertEqual(self.account_ids(body=own), [])
        self.assertEqual(len(self.account_ids(token=CLIENT_ADMIN)), 26)
        self.assertEqual(self.ask("GetAccountsInfo", "<CustomerId>3001001</CustomerId>")
                         .fault_code(), ("api", 1001))

    def test_a_user_may_be_limited_to_accounts(self):
        body = (f'<CustomerId>{CLIENT}</CustomerId><UserId>7003</UserId><NewAccountIds xmlns:b='
                f'"{ARR}"><b:long>1001002</b:long></NewAccountIds>')
        self.change_roles(body, CLIENT_ADMIN)
        self.assertEqual(self.account_ids(token=CLIENT_ADMIN), ["1001002"])
        path = (f"{{{CM}}}Accounts/{{{ARR}}}long" if API.v11 else
                f"{{{CM}}}CustomerRoles/{{{ENT}}}CustomerRole/{{{ENT}}}AccountIds/{{{ARR}}}long")
        self.assertEqual(self.texts(self.ask("GetUser", token=CLIENT_ADMIN), path), ["1001002"])

    def test_find(self):
        def find(text, top=TOP):
            return f"<AccountFilter>{text}</AccountFilter>{top}"

        self.assertEqual(self.account_ids("FindAccounts", find("X1001028")), ["1001028"])
        self.assertEqual(len(self.account_ids("FindAccounts", find("alder"), CLIENT_ADMIN)), 26)
        self.assertEqual(self.account_ids("FindAccounts", find("alder", "<TopN>1</TopN>"),
                                          CLIENT_ADMIN), ["1001001"])
        self.assertEqual(self.account_ids("FindAccounts", find("books"), CLIENT_ADMIN), [])
        self.assertEqual(self.account_ids("FindAccounts", find("nothing"), CLIENT_ADMIN), [])
        self.assertEqual(self.ask("FindAccounts", find("ab")).fault_code(), ("api", 2180))
        self.assertEqual(self.ask("FindAccounts").fault_code(), ("api", 201))

    def test_find_accounts_or_customers(self):
        reply = self.ask("FindAccountsOrCustomersInfo", f"<Filter>Alder Books</Filter>{TOP}")
        self.assertEqual(self.infos(reply, "AccountInfoWithCustomerData",
                                    "AccountInfoWithCustomerData", "AccountId"),
                         ["1001028", "1001033", "1001040"])
        self.assertEqual(set(self.infos(reply, "AccountInfoWithCustomerData",
                                        "AccountInfoWithCustomerData", "CustomerName")),
                         {"Alder Books"})

    def test_get(self):
        reply = self.ask("GetAccount", "<AccountId>1001028</AccountId>")
        account = reply.response.find(f"{{{CM}}}Account")
        self.assertEqual(account.find(f"{{{ENT}}}Number").text, "X1001028")
        agencies = account.findall(f"{{{ENT}}}LinkedAgencies/{{{ENT}}}CustomerInfo/{{{ENT}}}Id")
        self.assertEqual([agency.text for agency in agencies], [str(AGENCY)])
        if API.v11:
            self.assertIn(b'i:type="a:AdvertiserAccount"', reply.data)
        for account_id, code in ((1001001, 1001), (5, 2108), (1001033, 1472)):
            self.assertEqual(self.ask("GetAccount", f"<AccountId>{account_id}</AccountId>")
                             .fault_code(), ("api", code), account_id)

    def test_search(self):
        def search(*predicates, page=(0, 100), **keywords):
            return self.ask("SearchAccounts", search_body(predicates, "", page), **keywords)

        reply = search(("AccountId", "In", "1001001,1001002,1001011"), token=CLIENT_ADMIN)
        self.assertEqual(self.infos(reply, "Accounts", ACCOUNT_ITEM), ["1001001", "1001002"])
        for predicate in (("AccountNumber", "Equals", "X1001003"), ("AccountName", "Contains",
                                                                  "1001003")):
            self.assertEqual(self.infos(search(predicate, token=CLIENT_ADMIN), "Accounts",
                                        ACCOUNT_ITEM), ["1001003"])
        self.assertEqual(len(self.infos(search(("CustomerId", "Equals", CLIENT), page=(1, 20),
                                               token=CLIENT_ADMIN), "Accounts", ACCOUNT_ITEM)), 6)
        self.assertEqual(search(("UserId", "Equals", "7001")).status, 200)
        self.assertEqual(search(("Cat", "Equals", "x")).fault_code(), ("api", 3030))
        self.assertEqual(search(("AccountId", "Contains", "100")).fault_code(), ("api", 3030))
        self.assertEqual(search().fault_code(), ("api", 3079))
        self.assertEqual(search(("AccountId", "Equals", "1"), page=None).fault_code(),
                         ("api", 3080))

    def test_update_and_delete(self):
        def get(part):
            return self.part(self.ask("GetAccount", "<AccountId>1001002</AccountId>",
                                      token=CLIENT_ADMIN), "Account", part)

        def update(timestamp, attributes="", token=CLIENT_ADMIN, account=1001002):
            body = entity("Account", Id=account, Name="New", TimeStamp=timestamp)
            body = body.replace("<Account ", f"<Account {attributes} ")
            return self.ask("UpdateAccount", body, token=token)

        old = get("TimeStamp")
        self.assertEqual(update("AAAAAAAAA/8=").fault_code(), ("adapi", 209))
        self.assertEqual(update(old, token="AGENCY-ADMIN-TOKEN").fault_code(), ("api", 1001))
        self.assertEqual(update(old).status, 200)
        self.assertEqual(get("Name"), "New")
        self.assertNotEqual(get("TimeStamp"), old)
        derived = ('xmlns:i="http://www.w3.org/2001/XMLSchema-instance"'
                   ' i:type="e:AdvertiserAccount"' if API.v11 else "")
        self.assertEqual(update(get("TimeStamp"), derived).status, 200)
        body = f"<AccountId>1001002</AccountId><TimeStamp>{get('TimeStamp')}</TimeStamp>"
        self.assertEqual(self.ask("DeleteAccount", body, token=CLIENT_ADMIN).status, 200)
        self.assertEqual(get("AccountLifeCycleStatus"), "Inactive")
        self.assertEqual(update(get("TimeStamp")).fault_code(), ("api", 2192))
        self.assertEqual(self.ask("UpdateAccount").fault_code(), ("api", 203))


class Customers(OperationTest):
    def test_get_and_list(self):
        reply = self.ask("GetCustomer", f"<CustomerId>{AGENCY}</CustomerId>")
        self.assertEqual(self.part(reply, "Customer", "Number"), "C2002002")
        self.assertEqual(self.ask("GetCustomer", f"<CustomerId>{CLIENT}</CustomerId>")
                         .fault_code(), ("api", 1001))
        for text, found in (("", 1), ("demo", 1), ("alder", 0)):
            body = f"<CustomerNameFilter>{text}</CustomerNameFilter>{TOP}{SCOPE}"
            self.assertEqual(len(self.infos(self.ask("GetCustomersInfo", body), "CustomersInfo",
                                            "CustomerInfo")), found, text)

    def test_search(self):
        def search(predicate, page=(0, 10)):
            body = SCOPE + search_body([predicate], "", page)
            return self.infos(self.ask("SearchCustomers", body), "Customers", "Customer")

        self.assertEqual(search(("CustomerId", "Equals", AGENCY)), [str(AGENCY)])
        self.assertEqual(search(("CustomerNumber", "In", "C1,C2002002")), [str(AGENCY)])
        self.assertEqual(search(("CustomerName", "Contains", "demo")), [str(AGENCY)])
        self.assertEqual(search(("CustomerId", "Equals", CLIENT)), [])
        self.assertEqual(search(("CustomerId", "Equals", AGENCY), (1, 10)), [])

    def test_update_and_delete(self):
        def timestamp():
            return self.part(self.ask("GetCustomer", f"<CustomerId>{AGENCY}</CustomerId>"),
                             "Customer", "TimeStamp")

        body = entity("Customer", Id=AGENCY, Name="Renamed", TimeStamp=timestamp())
        self.assertEqual(self.ask("UpdateCustomer", body, token="AGENCY-STANDARD-TOKEN")
                         .fault_code(), ("adapi", 106))
        self.assertEqual(self.ask("UpdateCustomer", body).status, 200)
        self.assertEqual(self.ask("UpdateCustomer", body).fault_code(), ("adapi", 209))
        body = f"<CustomerId>{AGENCY}</CustomerId><TimeStamp>{timestamp()}</TimeStamp>"
        self.assertEqual(self.ask("DeleteCustomer", body).fault_code(), ("adapi", 106))
        self.assertEqual(self.ask("UpdateCustomer").fault_code(), ("api", 310))

    def test_sign_up_is_for_resellers(self):
        body = (entity("Customer", Name="New Client") + entity("Account", Name="New Account")
                + SCOPE)
        self.assertEqual(self.ask("SignupCustomer", body).fault_code(), ("adapi", 106))
        reply = self.ask("SignupCustomer", body, token="AGENCY-AGGREGATOR-TOKEN")
        self.assertEqual(self.sim.add(invite(int(self.value(reply, "AccountId")))).codes(), [[]])

    def test_pilot_features(self):
        self.assertEqual(self.ask("GetCustomerPilotFeatures", f"<CustomerId>{AGENCY}</CustomerId>")
                         .status, 200)


class Users(OperationTest):
    def user(self, user_id):
        return self.ask("GetUser", f"<UserId>{user_id}</UserId>")

    def test_list(self):
        def ids(status=""):
            return self.infos(self.ask("GetUsersInfo", f"<CustomerId>{AGENCY}</CustomerId>{status}"),
                              "UsersInfo", "UserInfo")

        self.assertEqual(ids(), ["7001", "7002", "7006", "7007", "7008", "7009"])
        self.assertEqual(ids("<StatusFilter>Inactive</StatusFilter>"), ["7009"])
        self.assertEqual(self.ask("GetUsersInfo", f"<CustomerId>{AGENCY}</CustomerId>"
                                  "<StatusFilter>Lost</StatusFilter>").fault_code(), API.unreadable)
        self.assertEqual(self.ask("GetUsersInfo", f"<CustomerId>{CLIENT}</CustomerId>")
                         .fault_code(), ("api", 1001))

    def test_roles_take_effect(self):
        self.assertEqual(self.sim.add(invite(1001001), token="AGENCY-VIEWER-TOKEN").fault_code(),
                         ("adapi", 106))
        body = (f"<CustomerId>{AGENCY}</CustomerId><UserId>7006</UserId><NewRoleId>41</NewRoleId>"
                "<DeleteRoleId>100</DeleteRoleId>")
        self.assertEqual(self.ask("UpdateUserRoles", body, token="AGENCY-VIEWER-TOKEN")
                         .fault_code(), ("adapi", 106))
        self.change_roles(body)
        self.assertEqual(self.user(7006).roles(), ["41"])
        self.assertEqual(self.sim.add(invite(1001001), token="AGENCY-VIEWER-TOKEN").codes(), [[]])
        if not API.v11:
            self.assertEqual(self.ask("UpdateUserRoles", body.replace("41", "42")).fault_code(),
                             ("api", 201))

    def test_a_standard_user_makes_no_super_admin(self):
        standard = {"token": "AGENCY-STANDARD-TOKEN"}
        for user, new, code in ((7006, 203, None), (7006, 41, ("adapi", 106)),
                                (7001, 203, ("adapi", 106))):
            body = (f"<CustomerId>{AGENCY}</CustomerId><UserId>{user}</UserId>"
                    f"<NewRoleId>{new}</NewRoleId>")
            self.assertEqual(self.ask("UpdateUserRoles", body, **standard).fault_code(),
                             ("adapi", 106) if API.v11 else code)

    def test_update_and_delete(self):
        def timestamp():
            return self.part(self.user(7002), "User", "TimeStamp")

        body = (f'<User xmlns:e="{ENT}"><e:ContactInfo><e:Email>new@sim.example</e:Email>'
                f"<e:Phone1>1</e:Phone1></e:ContactInfo><e:Id>7002</e:Id><e:Name><e:FirstName>New"
                f"</e:FirstName></e:Name><e:TimeStamp>{timestamp()}</e:TimeStamp></User>")
        self.assertEqual(self.ask("UpdateUser", body, token="AGENCY-VIEWER-TOKEN").fault_code(),
                         ("adapi", 106))
        self.assertEqual(self.ask("UpdateUser", body, token="AGENCY-STANDARD-TOKEN").status, 200)
        self.assertEqual(self.ask("UpdateUser", body).fault_code(), ("adapi", 209))
        user = self.user(7002).response.find(f"{{{CM}}}User")
        self.assertEqual(user.find(f"{{{ENT}}}ContactInfo/{{{ENT}}}Email").text, "new@sim.example")
        self.assertEqual(user.find(f"{{{ENT}}}Name/{{{ENT}}}LastName").text, "Example")
        body = f"<UserId>7002</UserId><TimeStamp>{timestamp()}</TimeStamp>"
        self.assertEqual(self.ask("DeleteUser", body).status, 200)
        self.assertEqual(self.ask("GetUser", token="AGENCY-STANDARD-TOKEN").fault_code(),
                         ("adapi", 105))

    def test_invitations(self):
        role, standard, unknown = (("Role", "StandardUser", "King") if API.v11
                                   else ("RoleId", "203", "42"))
        def body(**fields):
            return entity("UserInvitation", **{
                "FirstName": "Ina", "LastName": "Vited", "Email": "ina@sim.example",
                "CustomerId": AGENCY, role: standard, "Lcid": "EnglishUS",
                **fields})

        reply = self.ask("SendUserInvitation", body())
        self.assertEqual(self.value(reply, "UserInvitationId"), "1")
        self.assertEqual(self.ask("SendUserInvitation", body(CustomerId=CLIENT)).fault_code(),
                         ("api", 1001))
        self.assertEqual(self.ask("SendUserInvitation", body(Email="x")).fault_code(),
                         ("api", 201))
        self.assertEqual(self.ask("SendUserInvitation", body(**{role: unknown})).fault_code(),
                         API.unreadable if API.v11 else ("api", 201))
        self.assertEqual(self.ask("SendUserInvitation").fault_code(), ("api", 3086))
        for needed in ("FirstName", "LastName", "Lcid"):
            text = re.sub(f"<e:{needed}>.*?</e:{needed}>", "", body())
            self.assertEqual(self.ask("SendUserInvitation", text).fault_code(), ("api", 203))
        admin = body(**{role: "SuperAdmin" if API.v11 else "41"})
        for text, code in ((admin, ("adapi", 106)), (body(), ("adapi", 106) if API.v11 else None)):
            self.assertEqual(self.ask("SendUserInvitation", text, token="AGENCY-STANDARD-TOKEN")
                             .fault_code(), code)

        def found(name):
            predicates = search_body([("CustomerId", "Equals", AGENCY)], "", None)
            return self.infos(self.ask("SearchUserInvitations", predicates), "UserInvitations",
                              "UserInvitation", name)

        self.assertEqual(set(found("Email")), {"ina@sim.example"})
        self.assertEqual(set(found(role)), {standard})
        self.sim.control("clock", {"step": 31 * 24 * 3600})
        self.assertEqual(found("Email"), [])


if __name__ == "__main__":
    unittest.main()
