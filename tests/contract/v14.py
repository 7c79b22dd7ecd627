"""A version that does not exist: v14, made from v13 by changes of the kinds that versions had.

    python3 tests/contract/v14.py FILE

And the lines that a person writes for it after scripts/new-version (LINES).
"""

import sys
from pathlib import Path

from contract_editor import Editor
from support import V13, wsdl_document

CUSTOMER_V13 = "https://bingads.microsoft.com/Customer/v13"
CUSTOMER_V14 = "https://bingads.microsoft.com/Customer/v14"
EXCEPTION_V14 = CUSTOMER_V14 + "/Exception"


def renamed_text():
    """Two changes in one: the namespaces and the service's address are of v14."""
    text = V13.read_text("utf-8").replace("Customer/v13", "Customer/v14")
    return text.replace("CustomerManagement/v13/", "CustomerManagement/v14/")


def added(e, owner, text):
    e.add(e.sequence(owner), text)


def new_value(e, enumeration, like, text):
    node = e.value(enumeration, like)
    e.add(node.parentNode, f'<xs:enumeration value="{text}"/>', node)


def link_type(e):
    """The type of a link is no longer any text, and there is a third one."""
    values = "".join(
        f'<xs:enumeration value="{name}"/>' for name in ("AccountLink", "CustomerLink", "OwnerLink")
    )
    e.add(
        e.schema(e.entities),
        f'<xs:simpleType name="ClientLinkType"><xs:restriction base="xs:string">{values}'
        "</xs:restriction></xs:simpleType>",
    )
    e.set(e.field("ClientLink", "Type"), type="ent:ClientLinkType")


def operation_removed(e, name):
    for node in e.operations(name):
        e.remove(node)


def operation_added(e, like, name):
    """An operation as another one, with messages of its own."""
    port_type = wsdl_document.children(e.root, wsdl_document.WSDL, "portType")[0]
    for end in ("Request", "Response"):
        e.add(
            e.schema(e.customer),
            f'<xs:element name="{name}{end}"><xs:complexType><xs:sequence/></xs:complexType>'
            "</xs:element>",
        )
        message = (
            f'<wsdl:message name="{name}{end}"><wsdl:part name="parameters" '
            f'element="tns:{name}{end}"/></wsdl:message>'
        )
        e.add(e.root, message, port_type)
    for node in e.operations(like):
        copy = node.cloneNode(True)
        copy.setAttribute("name", name)
        for child in wsdl_document.children(copy, wsdl_document.WSDL, "input", "output"):
            end = {"input": "Request", "output": "Response"}[child.localName]
            if child.hasAttribute("message"):
                child.setAttribute("message", f"tns:{name}{end}")
        for soap in copy.getElementsByTagNameNS(wsdl_document.WSDL_SOAP11, "operation"):
            soap.setAttribute("soapAction", name)
        node.parentNode.insertBefore(copy, node)


def first(e, owner, name):
    sequence = e.sequence(owner)
    sequence.insertBefore(e.field(owner, name), sequence.firstChild)


def type_renamed(e, old, new):
    for node in e.root.getElementsByTagName("*"):
        for key in ("name", "type"):
            if node.getAttribute(key) in (old, "ent:" + old):
                node.setAttribute(key, node.getAttribute(key).replace(old, new))


# Eighteen more; the number counts.
CHANGES = (
    lambda e: e.set(e.field("ClientLink", "ClientEntityId"), name="LinkedEntityId"),
    lambda e: e.set(e.field("ClientLink", "ClientEntityNumber"), name="LinkedEntityNumber"),
    link_type,
    lambda e: operation_removed(e, "MapCustomerIdToExternalCustomerId"),
    lambda e: operation_added(e, "GetCurrentUser", "GetCallingUser"),
    lambda e: added(e, "ClientLink", '<xs:element name="Purpose" type="xs:string"/>'),
    lambda e: added(e, "ClientLink",
                    '<xs:element minOccurs="0" name="Reference" type="xs:string"/>'),
    lambda e: new_value(e, "ClientLinkStatus", "Active", "LinkPaused"),
    lambda e: e.remove(e.value("TimeZoneType", "Kathmandu")),
    lambda e: type_renamed(e, "PersonName", "HumanName"),
    lambda e: e.remove(e.field("Address", "BusinessName")),
    lambda e: first(e, "AccountTaxCertificate", "Status"),
    lambda e: e.set(e.field("AccountInfo", "PauseReason"), type="xs:int"),
    lambda e: e.set(e.field("Predicate", "Value"), nillable="false"),
    lambda e: e.set(e.field("ArrayOfPredicate", "Predicate"), maxOccurs="10"),
    lambda e: added(e, "/AddClientLinksResponse",
                    '<xs:element minOccurs="0" name="Accepted" type="xs:int"/>'),
    lambda e: e.set(e.soap("GetUserMFAStatus", "operation")[0], soapAction="GetMfaStatus"),
    lambda e: new_value(e, "LanguageType", "Slovenian", "Welsh"),
)  # fmt: skip
MADE = 2 + len(CHANGES)

# What a person writes: (file, what stands there, what is to stand there); every occurrence.
LIB = "src/lib/contract/v14.c"
SIM = "src/sim/soap/service/v14/"
TESTS = "tests/sim/harness.py"
LINES = (
    (LIB, "to->ClientEntityId", "to->LinkedEntityId"),
    (LIB, "to->ClientEntityNumber", "to->LinkedEntityNumber"),
    (LIB, "from->ClientEntityId ? *from->ClientEntityId",
     "from->LinkedEntityId ? *from->LinkedEntityId"),
    (LIB, "from->ClientEntityNumber", "from->LinkedEntityNumber"),
    ("src/lib/contract/v14.h", '"ClientEntityId"', '"LinkedEntityId"'),
    ("src/lib/contract/v14.h", '"ClientEntityNumber"', '"LinkedEntityNumber"'),
    (LIB, '#include "lib/contract/shared.h"',
     '#define ent__PersonName ent__HumanName\n#include "lib/contract/shared.h"'),
    (LIB, "    to->CustomerLinkPermission =",
     '    to->Purpose = (char *)"Management";\n    to->CustomerLinkPermission ='),
    ("src/cli/profile/version.c", '"ClientEntityId"', '"LinkedEntityId"'),
    ("src/cli/profile/version.c", '"ClientEntityNumber"', '"LinkedEntityNumber"'),
    (SIM + "shape_links.c", "ClientEntityId", "LinkedEntityId"),
    (SIM + "shape_links.c", "ClientEntityNumber", "LinkedEntityNumber"),
    (SIM + "shape_links.c", '    xml_close(out, "a:ClientLink");',
     '    xml_element(out, "a:Purpose", "Management");\n    xml_close(out, "a:ClientLink");'),
    (SIM + "version.h", "#define VERSION_NAME",
     "#define ent__PersonName ent__HumanName\n#define VERSION_NAME"),
    (SIM + "op_address.c", '    xml_element(out, "a:BusinessName", address->BusinessName);\n', ""),
    (TESTS, 'Api("v13-rest")', 'Api("v13-rest")\nV14 = Api("v14")'),
    (TESTS, "(V11, V13, REST)}", "(V11, V13, REST, V14)}"),
    (TESTS, 'else "ClientEntityId"',
     'else "LinkedEntityId" if name == "v14" else "ClientEntityId"'),
    (TESTS, 'else "ClientEntityNumber"',
     'else "LinkedEntityNumber" if name == "v14" else "ClientEntityNumber"'),
    (TESTS, '"Type", "ClientEntityId", "ClientEntityNumber"',
     '"Type", self.client_id, self.client_number'),
    (TESTS, 'else ("CustomerLinkPermission", "ClientEntityCustomerNumber"))',
     'else ("CustomerLinkPermission", "ClientEntityCustomerNumber"))\n'
     '        self.link_order += ("Purpose",) if name == "v14" else ()'),
    (TESTS, "self.ready[url]).path", 'self.ready[url]).path.replace("/v13/", f"/{api.name}/")'),
    ("tests/sim/test_operations.py", '"MapCustomerIdToExternalCustomerId",', '"GetCallingUser",'),
    (SIM + "operation_list.h", "    X(MapCustomerIdToExternalCustomerId", "    X(GetCallingUser"),
)  # fmt: skip


def v14():
    editor = Editor(renamed_text(), CUSTOMER_V14)
    for change in CHANGES:
        change(editor)
    return editor.text()


def write_lines(tree):
    """Writes what a person writes into a tree; the number of lines."""
    written = {}
    for name, old, new in LINES:
        path = tree / name
        lines = path.read_text("utf-8").splitlines(keepends=True)
        start = 0
        if name == "src/cli/profile/version.c":  # the block of v14 only
            start = next(i for i, line in enumerate(lines) if '.name = "v14"' in line)
        found = [i for i, line in enumerate(lines) if i >= start and old in line]
        if not found:
            raise ValueError(f"{name} has no {old}")
        for number in found[:1] if start else found:
            lines[number] = lines[number].replace(old, new)
            written[name, new] = written.get((name, new), 0) + 1
        path.write_text("".join(lines), "utf-8")
    return sum(written.values())


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(v14())
