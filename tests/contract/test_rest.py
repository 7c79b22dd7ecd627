"""The tables of REST: each member, type, enumeration and address in gen/v13/v13Rest.c equals
the WSDL and an independent table of what the service's clients send.

data/rest-v13-operations.json was made from the public reference and four clients of others.
"""

import json
import re
import unittest

import support

from contract import ComplexType, SimpleType, all_fields, load

ROOT = support.ROOT
SOURCE = (ROOT / "gen" / "v13" / "v13Rest.c").read_text(encoding="utf-8")
FACTS = json.loads((ROOT / "tests/contract/data/rest-v13-operations.json").read_text("utf-8"))

MEMBER = re.compile(
    r'\{"(\w+)", (NULL|"\w+"), BACM_JSON_(\w+),\s+BACM_JSON_FIELD\((\w+), (\w+), [^)]*\), '
    r"(NULL|&\w+_type), (\w+)\},")
TYPE = re.compile(r'static const struct bacm_json_type (\w+)_type = \{\s+"(\w+)", '
                  r"sizeof\(struct (\w+)\), (\w+), (\d+)\};")
MEMBERS = re.compile(r"bacm_json_member (\w+)_members\[\] = \{\n(.*?)\n\};", re.DOTALL)
VALUES = re.compile(r"const char \*const (\w+)_values\[\] = \{(.*?)NULL\};", re.DOTALL)
ROW = re.compile(r'\{"(\w+)", "([\w/]+)", &(\w+)_type,\s+&(\w+)_type, (\w+)_template\},')

SCALARS = {
    "TEXT": "string", "TIME": "datetime-string", "BASE64": "base64-string", "DECIMAL": "number",
    "LONG": "int64-string", "INT": "number", "BYTE": "number", "BOOL": "boolean",
}
XSD_KINDS = {
    "string": "TEXT", "dateTime": "TIME", "base64Binary": "BASE64", "decimal": "DECIMAL",
    "long": "LONG", "int": "INT", "unsignedByte": "BYTE", "boolean": "BOOL",
}


class Tables:
    """What the generated source says."""

    def __init__(self, source):
        self.names = {match[0]: match[1] for match in TYPE.findall(source)}
        self.counts = {match[0]: int(match[4]) for match in TYPE.findall(source)}
        self.members = {name: MEMBER.findall(body) for name, body in MEMBERS.findall(source)}
        self.values = {name: re.findall(r'"(\w+)"', body) for name, body in VALUES.findall(source)}
        self.rows = {match[4]: match[:4] for match in ROW.findall(source)}

    def form(self, member):
        """The kind of a member in the words of the table of facts."""
        _, _, kind, _, _, target, values = member
        struct = target.removeprefix("&").removesuffix("_type")
        if kind == "LIST":
            return f"array<{self.form(self.members[struct][0])}>"
        if kind == "OBJECT":
            return f"object:{self.names[struct]}"
        if kind in ("ENUM", "FLAGS"):
            return f"{kind.lower()}:{values.split('__')[1].removesuffix('_values')}"
        return SCALARS[kind]

    def fields(self, struct):
        return [(member[0], self.form(member)) for member in self.members.get(struct, [])]


class TestRestTables(unittest.TestCase):
    def setUp(self):
        self.tables = Tables(SOURCE)
        self.contract = load(ROOT / "wsdl" / "v13" / "CustomerManagementService.wsdl")

    def test_nothing_in_the_source_is_passed_over_here(self):
        self.assertEqual(SOURCE.count("BACM_JSON_FIELD("),
                         sum(map(len, self.tables.members.values())))
        for struct, count in self.tables.counts.items():
            self.assertEqual(count, len(self.tables.members.get(struct, [])), struct)
            for member in self.tables.members.get(struct, []):
                self.assertEqual(member[3], struct, member)

    def test_each_operation_has_the_address_and_members_that_others_send(self):
        self.assertEqual(sorted(self.tables.rows), sorted(self.contract.operations))
        self.assertEqual(len(FACTS["operations"]), 39)
        for fact in FACTS["operations"]:
            name = fact["operation"]
            method, path, request, response = self.tables.rows[name]
            self.assertEqual((method, path), (fact["method"], fact["path"]), name)
            for struct, part in ((request, "request"), (response, "response")):
                self.assertEqual(sorted(self.tables.fields(struct)),
                                 sorted((each["name"], each["json"]) for each in fact[part]),
                                 f"{name} {part}")

    def test_rows_stand_in_the_order_of_the_operations(self):
        operations = (ROOT / "gen/v13/v13Operations.c").read_text("utf-8")
        self.assertEqual(list(self.tables.rows), re.findall(r'^    \{"(\w+)", "', operations,
                                                            re.MULTILINE))

    def test_each_type_has_the_members_that_others_send(self):
        by_name = {}
        for struct, name in self.tables.names.items():
            by_name.setdefault(name, []).append(struct)
        faults = {fact["type"]: [each for each in fact["members"] if each["name"] != "Type"]
                  for fact in FACTS["faults"]}  # with what both have of one base
        for fact in FACTS["types"]:
            (struct,) = by_name[fact["name"]]
            fact["members"] = faults.get(fact["name"], fact["members"])
            self.assertEqual(sorted(self.tables.fields(struct)),
                             sorted((each["name"], each["json"]) for each in fact["members"]),
                             fact["name"])
            for member, each in ((member, each) for member in self.tables.members[struct]
                                 for each in fact["members"] if each["name"] == member[0]):
                other = each.get("otherSpelling")
                self.assertEqual(member[1], f'"{other}"' if other else "NULL", fact["name"])

    def test_each_enumeration_has_the_values_of_the_contract(self):
        found = {name.split("__")[1]: values for name, values in self.tables.values.items()}
        self.assertEqual(found, {fact["name"]: fact["values"] + fact["restOnly"]
                                 for fact in FACTS["enums"]})
        for name, kind in self.contract.types.items():
            if isinstance(kind, SimpleType) and kind.values:
                values = found[name.local.split("/")[0]]
                self.assertEqual(values[:len(kind.values)], list(kind.values))

    def test_each_type_of_the_contract_is_there_with_its_members_in_order(self):
        found = {}
        for struct, name in self.tables.names.items():
            found[(struct.lstrip("_").split("__")[0], name)] = struct
        prefixes = dict(re.findall(r'^(\w+)\s*=\s*"([^"]+)"',
                                   (ROOT / "wsdl/v13/typemap.dat").read_text("utf-8"), re.MULTILINE))
        prefix_of = {uri: prefix for prefix, uri in prefixes.items()}
        types = [(name, kind) for name, kind in self.contract.types.items()
                 if isinstance(kind, ComplexType)]
        self.assertEqual(len(found), len(types))
        for name, kind in types:
            struct = found[(prefix_of[name.namespace], name.local.lstrip("/"))]
            members = self.tables.members.get(struct, [])
            fields = [field for field in all_fields(self.contract.types, kind)
                      if not field.attribute]
            self.assertEqual([member[0].lower() for member in members],
                             [field.name.local.lower() for field in fields], struct)
            for member, field in zip(members, fields):
                if field.type.local in XSD_KINDS:
                    self.assertEqual(member[2], XSD_KINDS[field.type.local], (struct, member))


if __name__ == "__main__":
    unittest.main()
