"""The model of a service contract: operations, types, elements.

Every name is resolved to (namespace, local name), so that prefixes, white space
and the order of components no longer matter.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.dom import minidom

from wsdl_nodes import QName


@dataclass(frozen=True)
class Field:
    """One child element or attribute of a complex type."""

    name: QName
    type: QName
    minimum: int
    maximum: int | None  # None: unbounded
    nillable: bool
    attribute: bool = False
    value: str | None = None  # the default or fixed value, "default=x"


@dataclass(frozen=True)
class ComplexType:
    base: QName | None
    abstract: bool
    structure: str  # "sequence", "all", or the nesting: "sequence(choice)"
    fields: tuple


@dataclass(frozen=True)
class SimpleType:
    base: QName | None
    item: QName | None  # of a list
    members: tuple  # of a union
    values: tuple  # of an enumeration
    facets: tuple  # (name, value) pairs, sorted


@dataclass(frozen=True)
class Element:
    type: QName
    nillable: bool
    value: str | None = None  # the default or fixed value, "default=x"


@dataclass(frozen=True)
class Message:
    """One direction of an operation, as its binding puts it on the wire."""

    body: QName | None  # None: the binding puts nothing into the body
    headers: tuple  # elements
    header_faults: tuple = ()  # elements


@dataclass(frozen=True)
class Fault:
    """What comes in the detail of a fault, and whether port type and binding agree on it."""

    detail: QName | None  # None: the binding has a name that the port type does not declare
    bound: bool  # the binding has the fault
    body: bool  # ... and says soap:fault
    name: str = ""  # of one that is not declared


@dataclass(frozen=True)
class Operation:
    action: str
    style: str
    input: Message
    output: Message | None
    faults: tuple = ()  # Fault, sorted by the element

    def details(self):
        """The elements of faults that port type and binding both have."""
        return tuple(fault.detail for fault in self.faults if fault.detail and fault.bound)


@dataclass
class Contract:
    location: str
    data: bytes
    document: minidom.Document
    service: str
    port: str
    port_type: str
    binding: str
    address: str
    namespace: str
    transport: str = ""
    operations: dict = field(default_factory=dict)  # name -> Operation, in the contract's order
    types: dict = field(default_factory=dict)  # QName -> ComplexType or SimpleType
    elements: dict = field(default_factory=dict)  # QName -> Element
    attributes: dict = field(default_factory=dict)  # QName -> Element, declared at the top

    def enumerations(self):
        """Names of the simple types that list their values, anonymous ones by their owner."""
        return sorted(
            {
                QName(name.namespace, name.local.split("/")[0])
                for name, kind in self.types.items()
                if isinstance(kind, SimpleType) and kind.values
            }
        )

    def counts(self):
        named = {name: kind for name, kind in self.types.items() if "/" not in name.local}
        return {
            "operations": len(self.operations),
            "complex types": sum(isinstance(kind, ComplexType) for kind in named.values()),
            "enumerations": len(self.enumerations()),
        }

    def namespaces(self):
        return {name.namespace for name in (*self.types, *self.elements, *self.attributes)}


def all_fields(types, kind):
    """The fields of a complex type, inherited ones first: the order of wire and C struct."""
    base = types.get(kind.base)
    inherited = all_fields(types, base) if isinstance(base, ComplexType) else ()
    return (*inherited, *kind.fields)
