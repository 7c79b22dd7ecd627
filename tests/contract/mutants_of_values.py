"""Mutants of values, limits and of elements at the top."""

from contract_editor import COMPATIBLE, CUSTOMER, ENTITIES, SERIALIZATION, WIRE, mutant
from support import wsdl_document


# Enumerations and other simple types.


@mutant((COMPATIBLE, "enumeration value", "added", "ClientLinkStatus.LinkPaused", ""))
def value_added(e):
    node = e.value("ClientLinkStatus", "Active")
    e.add(node.parentNode, '<xs:enumeration value="LinkPaused"/>', node)


@mutant((WIRE, "enumeration value", "removed", "ClientLinkStatus.UnlinkRequested", ""))
def value_removed(e):
    e.remove(e.value("ClientLinkStatus", "UnlinkRequested"))


@mutant(
    (WIRE, "enumeration value", "removed", "PredicateOperator.In", ""),
    (COMPATIBLE, "enumeration value", "added", "PredicateOperator.OneOf", ""),
)
def value_renamed(e):
    e.set(e.value("PredicateOperator", "In"), value="OneOf")


@mutant(
    (WIRE, "enumeration value", "removed", "SortOrder.Ascending", ""),
    (COMPATIBLE, "enumeration value", "added", "SortOrder.ascending", ""),
)
def value_in_another_case(e):
    e.set(e.value("SortOrder", "Ascending"), value="ascending")


@mutant((COMPATIBLE, "type", "changed", "ClientLinkStatus", "order"))
def values_reordered(e):
    node = e.value("ClientLinkStatus", "Active")
    node.parentNode.insertBefore(node, e.value("ClientLinkStatus", "LinkPending"))


def open_values(e):
    kind = e.top(ENTITIES, "simpleType", "ClientLinkStatus")
    for node in kind.getElementsByTagNameNS(wsdl_document.XSD, "enumeration"):
        e.remove(node)


@mutant((COMPATIBLE, "type", "changed", "ClientLinkStatus", "values"))
def enumeration_opened(e):
    open_values(e)


@mutant((WIRE, "type", "changed", "ClientLinkStatus", "values"), reverse=True)
def enumeration_closed(e):
    open_values(e)


@mutant((WIRE, "type", "changed", "SortOrder", "definition"))
def enumeration_base_changed(e):
    kind = e.top(ENTITIES, "simpleType", "SortOrder")
    e.set(wsdl_document.children(kind, wsdl_document.XSD, "restriction")[0], base="xs:token")


@mutant((COMPATIBLE, "type", "changed", "guid", "definition"))
def pattern_of_an_unused_type(e):
    e.root.getElementsByTagNameNS(wsdl_document.XSD, "pattern")[1].setAttribute("value", ".*")


@mutant((WIRE, "type", "changed", "SortOrder", "kind"))
def simple_type_becomes_complex(e):
    e.remove(e.top(ENTITIES, "simpleType", "SortOrder"))
    e.add(e.schema(ENTITIES), '<xs:complexType name="SortOrder"><xs:sequence/></xs:complexType>')


@mutant((COMPATIBLE, "type", "added", "Color", ""))
def enumeration_added(e):
    e.add(
        e.schema(ENTITIES),
        '<xs:simpleType name="Color"><xs:restriction base="xs:string">'
        '<xs:enumeration value="Red"/></xs:restriction></xs:simpleType>',
    )


# Elements that no message has.


@mutant((COMPATIBLE, "element", "added", "Unused", ""))
def unused_element_added(e):
    e.add(e.schema(ENTITIES), '<xs:element name="Unused" type="xs:string"/>')


@mutant((COMPATIBLE, "element", "removed", "SortOrder", ""))
def unused_element_removed(e):
    e.remove(e.top(ENTITIES, "element", "SortOrder"))


@mutant((COMPATIBLE, "element", "changed", "SortOrder", "nillability"))
def unused_element_no_longer_nillable(e):
    e.set(e.top(ENTITIES, "element", "SortOrder"), nillable="false")


@mutant((WIRE, "element", "changed", "DeveloperToken", "value"))
def header_with_a_default(e):
    e.set(e.top(CUSTOMER, "element", "DeveloperToken"), default="none")


@mutant((COMPATIBLE, "attribute", "changed", "FactoryType", "type"))
def attribute_at_the_top_changed(e):
    e.set(e.top(SERIALIZATION, "attribute", "FactoryType"), type="xs:string")
