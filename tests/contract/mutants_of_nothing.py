"""Other texts of the same contract: what makes no difference."""

import re

from contract_editor import (
    ADAPI,
    ARRAYS,
    CUSTOMER,
    ENTITIES,
    EXCEPTION,
    GENERIC,
    SERIALIZATION,
    neutral,
)
from support import wsdl_document


# What makes no difference.


def shuffled(parent, *kinds):
    """The reverse order: another one for whatever has more than one component."""
    for node in reversed(
        wsdl_document.children(parent, wsdl_document.WSDL, *kinds)
        + wsdl_document.children(parent, wsdl_document.XSD, *kinds)
    ):
        parent.appendChild(node)


@neutral
def prefixes(e):
    text = e.text().decode()
    for old, new in (
        ("wsdl", "w"),
        ("xs", "schema"),
        ("tns", "ns1"),
        ("ent", "q7"),
        ("exc", "a"),
        ("adapi", "b"),
        ("gen", "c"),
        ("arr", "d"),
        ("ser", "cm"),
        ("soap", "ent"),
    ):
        text = re.sub(rf"(?<![\w.]){old}:(?=\w)", f"@{new}:", text)
        text = text.replace(f"xmlns:{old}=", f"xmlns:@{new}=")
    return text.replace("@", "")


@neutral
def default_namespace(e):
    text = re.sub(r"(</?)wsdl:", r"\1", e.text().decode())
    return text.replace("xmlns:wsdl=", "xmlns=")


@neutral
def white_space(e):
    return re.sub(r">\s*<", ">\n\n\t\t<", re.sub(r" (?=\w+=\")", "\n    ", e.text().decode()))


@neutral
def no_white_space(e):
    return re.sub(r">\s+<", "><", e.text().decode())


@neutral
def order_of_types(e):
    for namespace in (CUSTOMER, ENTITIES, EXCEPTION, ADAPI, GENERIC, ARRAYS, SERIALIZATION):
        shuffled(e.schema(namespace), "element", "complexType", "simpleType")


@neutral
def order_of_schemas(e):
    shuffled(wsdl_document.children(e.root, wsdl_document.WSDL, "types")[0], "schema")


@neutral
def order_of_messages(e):
    shuffled(e.root, "message")


@neutral
def order_of_operations(e):
    for part in wsdl_document.children(e.root, wsdl_document.WSDL, "portType", "binding"):
        shuffled(part, "operation")


@neutral
def order_of_the_rest(e):
    shuffled(e.root, "types", "message", "portType", "binding", "service")


@neutral
def comments(e):
    for node in list(e.root.childNodes):
        e.root.insertBefore(e.document.createComment(" generated 2018-01-01 "), node)


@neutral
def documentation(e):
    e.add(
        e.type("ClientLink"),
        "<xs:annotation><xs:documentation>A link.</xs:documentation>" "</xs:annotation>",
        e.sequence("ClientLink"),
    )
    e.add(
        e.operations("GetUser")[0],
        "<wsdl:documentation>Reads.</wsdl:documentation>",
        e.operations("GetUser")[0].firstChild,
    )


@neutral
def name_of_definitions(e):
    e.root.removeAttribute("name")


@neutral
def names_of_messages(e):
    text = e.text().decode()
    return text.replace("GetUserRequest_Headers", "Headers_17")


@neutral
def names_of_parts(e):
    e.message("GetUserRequest").getElementsByTagNameNS(wsdl_document.WSDL, "part")[0].setAttribute(
        "name", "body"
    )


@neutral
def names_of_faults(e):
    return e.text().decode().replace('name="AdApiFaultDetailFault"', 'name="GeneralFault"')


@neutral
def policy(e):
    for node in e.root.getElementsByTagName("wsp:Policy")[:1]:
        e.remove(node)
    for node in e.root.getElementsByTagName("wsp:PolicyReference"):
        e.remove(node)


@neutral
def soap12_prefix(e):
    e.root.setAttribute("xmlns:soap12", "http://schemas.xmlsoap.org/wsdl/soap12/")


@neutral
def numbers_of_values(e):
    for node in e.root.getElementsByTagNameNS(wsdl_document.XSD, "annotation"):
        if node.parentNode.localName == "enumeration":
            e.remove(node)


@neutral
def schema_in_two_parts(e):
    schema = e.schema(ENTITIES)
    e.add(
        schema.parentNode,
        f'<xs:schema elementFormDefault="qualified" ' f'targetNamespace="{ENTITIES}"/>',
    )
    second = schema.parentNode.lastChild
    for node in wsdl_document.children(schema, wsdl_document.XSD, "complexType")[:10]:
        second.appendChild(node)


@neutral
def occurrence_written_out(e):
    e.set(e.field("ClientLink", "Note"), maxOccurs="1")
    e.set(e.field("ClientLink", "IsBillToClient"), nillable="0")
