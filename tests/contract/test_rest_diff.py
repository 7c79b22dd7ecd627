"""Both wires: tables of REST operations, and what a change of the WSDL is in JSON."""

import copy
import json
import random
import tempfile
import unittest
from pathlib import Path

from support import DATA, PRESENT_V13, V13, contract, run, wsdl_document
from mutants import CUSTOMER, Editor

import contract_changes
import rest_changes
import rest_contract
import rest_effects

TABLE = DATA / "rest-v13-operations.json"
WIRE, COMPATIBLE = "wire-breaking", "compatible"
CUSTOMER_V13 = CUSTOMER.replace("v11", "v13")
FUZZED = 300


def named(values, name, key="name"):
    (found,) = [each for each in values if each[key] == name]
    return found


def operation(table, name):
    return named(table["operations"], name, "operation")


def member(table, owner, name):
    return named(named(table["types"], owner)["members"], name)


def replaced(values, old, new):
    values[values.index(old)] = new


# What is done to a table, and the (class, kind, action, name, aspect) that is told.
MUTANTS = (
    (lambda t: operation(t, "GetUser").update(path="/Users/Query"),
     (WIRE, "route", "changed", "GetUser route", "")),
    (lambda t: operation(t, "UpdateClientLinks").update(method="PATCH"),
     (WIRE, "route", "changed", "UpdateClientLinks route", "")),
    (lambda t: t["operations"].remove(operation(t, "DeleteUser")),
     (WIRE, "operation", "removed", "DeleteUser", "")),
    (lambda t: t["operations"].append({**operation(t, "GetUser"), "operation": "GetMe"}),
     (COMPATIBLE, "operation", "added", "GetMe", "")),
    (lambda t: operation(t, "AddPrepayAccount").update(documented=True),
     (COMPATIBLE, "operation", "changed", "AddPrepayAccount", "documented")),
    (lambda t: operation(t, "ValidateAddress").update(writes=True),
     (COMPATIBLE, "operation", "changed", "ValidateAddress", "writes")),
    (lambda t: t["baseUrl"].update(production="https://ads.example/v13"),
     (WIRE, "address", "changed", "production", "")),
    (lambda t: operation(t, "AddClientLinks")["response"].pop(),
     (WIRE, "member", "removed", "AddClientLinksResponse.PartialErrors", "")),
    (lambda t: operation(t, "GetUser")["request"].append(
        {"name": "Scope", "json": "string", "nullable": True}),
     (COMPATIBLE, "member", "added", "GetUserRequest.Scope", "")),
    (lambda t: operation(t, "GetUser")["request"].append(
        {"name": "Scope", "json": "string", "nullable": False}),
     (WIRE, "member", "added", "GetUserRequest.Scope", "")),
    (lambda t: operation(t, "GetUser")["response"].append(
        {"name": "Scope", "json": "string", "nullable": False}),
     (COMPATIBLE, "member", "added", "GetUserResponse.Scope", "")),
    (lambda t: member(t, "ClientLink", "ClientEntityId").update(json="number"),
     (WIRE, "member", "changed", "ClientLink.ClientEntityId", "type")),
    (lambda t: member(t, "OperationError", "Code").update(json="int64-string"),
     (COMPATIBLE, "member", "changed", "OperationError.Code", "type")),
    (lambda t: member(t, "OperationError", "Code").update(json="string"),
     (WIRE, "member", "changed", "OperationError.Code", "type")),
    (lambda t: member(t, "ClientLink", "Status").update(json="string"),
     (COMPATIBLE, "member", "changed", "ClientLink.Status", "type")),
    (lambda t: member(t, "ClientLink", "Note").update(nullable=False),
     (WIRE, "member", "changed", "ClientLink.Note", "nullability")),
    (lambda t: member(t, "OperationError", "Message").update(nullable=False),
     (COMPATIBLE, "member", "changed", "OperationError.Message", "nullability")),
    (lambda t: named(t["enums"], "ClientLinkStatus")["values"].append("LinkPaused"),
     (COMPATIBLE, "enumeration value", "added", "ClientLinkStatus.LinkPaused", "")),
    (lambda t: named(t["enums"], "LCID")["restOnly"].append("Welsh"),
     (COMPATIBLE, "enumeration value", "added", "LCID.Welsh (REST only)", "")),
    (lambda t: named(t["enums"], "ClientLinkStatus")["values"].remove("UnlinkRequested"),
     (WIRE, "enumeration value", "removed", "ClientLinkStatus.UnlinkRequested", "")),
    (lambda t: named(t["enums"], "AccountAdditionalField").update(flags=False),
     (WIRE, "type", "changed", "AccountAdditionalField", "form")),
    (lambda t: named(t["faults"], "ApiFault", "type")["members"].pop(),
     (WIRE, "fault", "changed", "ApiFault OperationErrors", "member")),
    (lambda t: t["faults"].append({"type": "ApiBatchFault", "members": []}),
     (COMPATIBLE, "fault", "added", "ApiBatchFault", "")),
)  # fmt: skip

BROKEN = (
    (lambda t: t.update(format="rest-operations/2"), "not of the format rest-operations/1"),
    (lambda t: t.update(operations={}), "table: has no operations that is list"),
    (lambda t: operation(t, "GetUser").pop("path"), "GetUser: has no path that is str"),
    (lambda t: t["operations"].append(operation(t, "GetUser")), "GetUser is there twice"),
    (lambda t: member(t, "ClientLink", "Note").update(nullable="no"), "Link.Note: .*nullable"),
    (lambda t: member(t, "ClientLink", "Note").update(json="object:Gone"), "Gone is not in the"),
    (lambda t: named(t["enums"], "LCID").update(values=["a", "a"]), "LCID: values is no list"),
)  # fmt: skip


class Tables(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.data = json.loads(TABLE.read_text("utf-8"))
        cls.table = rest_contract.read_table(TABLE)

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="bacm-rest-")
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "table.json"

    def mutant(self, change):
        data = copy.deepcopy(self.data)
        change(data)
        self.path.write_text(json.dumps(data), "utf-8")
        return self.path

    def test_the_wsdl_and_its_drift_give_the_table_of_the_reference(self):
        made = rest_contract.of_contract(
            contract.load(PRESENT_V13), rest_contract.drift_of(PRESENT_V13)
        )
        self.assertEqual(rest_changes.compare_tables(made, self.table), [])
        self.assertEqual(rest_changes.compare_tables(self.table, made), [])
        self.assertEqual(made.operations, self.table.operations)
        self.assertEqual(made.enums, self.table.enums)

    def test_each_mutant_is_named_with_its_class(self):
        for change, expected in MUTANTS:
            with self.subTest(expected[3]):
                other = rest_contract.read_table(self.mutant(change))
                found = [
                    (c.classification, c.kind, c.action, c.name, c.aspect)
                    for c in rest_changes.compare_tables(self.table, other)
                ]
                self.assertEqual(found, [expected])

    def test_broken_tables_are_refused(self):
        for change, words in BROKEN:
            with self.subTest(words), self.assertRaisesRegex(wsdl_document.ContractError, words):
                rest_contract.read_table(self.mutant(change))
        for text, words in (("", "not JSON"), ("[]", "format"), ('{"a":1,"a":2}', "there twice")):
            self.path.write_text(text)
            with self.assertRaisesRegex(wsdl_document.ContractError, words):
                rest_contract.read_table(self.path)

    def test_random_damage_is_refused_or_compared(self):
        text = TABLE.read_bytes()
        for number in range(FUZZED):
            chance = random.Random(f"29.{number}")
            spoilt, place = bytearray(text), chance.randrange(len(text))
            spoilt[place : place + chance.choice((0, 1, 20))] = chance.choice(
                (b'"', b"{}", b"null", b"[", b"1e999", b"\xff", b"-", b",")
            )
            self.path.write_bytes(spoilt)
            try:
                rest_changes.compare_tables(self.table, rest_contract.read_table(self.path))
            except wsdl_document.ContractError:
                continue

    def test_command(self):
        done = run("contract-diff", "--rest", PRESENT_V13, TABLE)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        path = self.mutant(lambda t: operation(t, "GetUser").update(path="/Me/Query"))
        done = run("contract-diff", "--rest", TABLE, path)
        self.assertEqual(done.returncode, 2)
        self.assertIn(
            "* route GetUser route changed POST /User/Query -> POST /Me/Query\n", done.stdout
        )
        done = run("contract-diff", "--rest", "--html", TABLE, path)
        self.assertIn("<code>GetUser route</code>", done.stdout)
        done = run("contract-diff", "--rest", TABLE, TABLE.with_name("v13.wsdl.json"))
        self.assertEqual(done.returncode, 3)
        self.assertIn("cannot read", done.stderr)


class Effects(unittest.TestCase):
    maxDiff = None

    """A change of the WSDL, and what it is over REST."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="bacm-effects-")
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "new.wsdl"
        self.editor = Editor(V13.read_bytes(), CUSTOMER_V13)

    def effects(self):
        self.path.write_bytes(self.editor.text())
        old, new = contract.load(V13), contract.load(self.path)
        return {
            (change.kind, change.name, change.aspect): rest_effects.json_effect(change, old, new)
            for change in contract_changes.compare(old, new)
        }

    def test_fields(self):
        e = self.editor
        e.set(e.field("ClientLink", "ClientEntityId"), type="xs:int")
        e.set(e.field("ClientLink", "Note"), form="unqualified")
        e.set(e.field("Address", "City"), minOccurs="1")
        e.remove(e.field("AdvertiserAccount", "AutoTagType"))
        e.set(e.field("ArrayOfClientLink", "ClientLink"), name="Link")
        e.add(e.sequence("/GetUserRequest"), '<xs:element name="Since" type="xs:dateTime"/>')
        self.assertEqual(
            self.effects(),
            {
                ("field", "ClientLink.ClientEntityId", "type"):
                    "member ClientEntityId int64-string -> number",
                ("field", "ClientLink.Note", "namespace"):
                    "none: JSON has no namespaces and no names of types",
                ("field", "Address.City", "occurrence"): "member City: the same occurrence",
                ("field", "AdvertiserAccount.AutoTagType", ""):
                    "member AutoTagType (enum:AutoTagType) removed",
                ("field", "ArrayOfClientLink.ClientLink", ""): "items object:ClientLink -> none",
                ("field", "ArrayOfClientLink.Link", ""): "items none -> object:ClientLink",
                ("field", "GetUserRequest.Since", ""): "member Since (datetime-string) added",
            },
        )  # fmt: skip

    def test_operations_and_their_binding(self):
        e = self.editor
        for node in e.operations("DeleteUser"):
            e.remove(node)
        e.set(e.soap("GetUser", "operation")[0], soapAction="urn:GetUser")
        for node in e.operations("SendUserInvitation"):
            e.set(node, name="SendUserInvitationToCustomer")
        effects = self.effects()
        self.assertEqual(
            effects["operation", "DeleteUser", ""],
            "route DELETE /User removed, by the rule of names",
        )
        self.assertIn(
            "route POST /UserInvitation/SendToCustomer added",
            effects["operation", "SendUserInvitationToCustomer", ""],
        )
        self.assertTrue(effects["SOAPAction", "GetUser SOAPAction", ""].startswith("none: "))

    def test_drift_is_named_and_what_the_wsdl_takes_over(self):
        drift = rest_contract.drift_of(PRESENT_V13)
        lines = list(rest_effects.drift_lines(drift, contract.load(V13)))
        self.assertIn("value LCID.SpanishSpainModernSort: REST only", lines)
        self.assertIn("fault type ApiBatchFault: REST only", lines)
        node = self.editor.top(CUSTOMER_V13 + "/Entities", "simpleType", "LCID")
        self.editor.add(
            wsdl_document.children(node, wsdl_document.XSD, "restriction")[0],
            '<xs:enumeration value="SpanishSpainModernSort"/>',
        )
        self.path.write_bytes(self.editor.text())
        lines = list(rest_effects.drift_lines(drift, contract.load(self.path)))
        self.assertIn(
            "value LCID.SpanishSpainModernSort: now in the WSDL as well: take it out of rest.json",
            lines,
        )


if __name__ == "__main__":
    unittest.main()
