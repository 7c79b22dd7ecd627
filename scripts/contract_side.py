"""One contract with what follows from it: directions, C types, shapes."""

from __future__ import annotations

import dataclasses

from contract_change import renamed
from contract_model import ComplexType, SimpleType
from wsdl_nodes import XSD, QName

# C types of scalars that wsdl2h keeps by value; all other simple types are text.
SCALARS = {
    "boolean": "enum xsd__boolean",
    "byte": "char",
    "short": "short",
    "int": "int",
    "long": "LONG64",
    "unsignedByte": "unsigned char",
    "unsignedShort": "unsigned short",
    "unsignedInt": "unsigned int",
    "unsignedLong": "ULONG64",
    "float": "float",
    "double": "double",
    "hexBinary": "struct xsd__hexBinary",
}
BUILTIN_BASES = {
    "byte": "short",
    "short": "int",
    "int": "long",
    "long": "integer",
    "integer": "decimal",
    "unsignedByte": "unsignedShort",
    "unsignedShort": "unsignedInt",
    "unsignedInt": "unsignedLong",
    "unsignedLong": "nonNegativeInteger",
    "positiveInteger": "nonNegativeInteger",
    "nonNegativeInteger": "integer",
    "negativeInteger": "nonPositiveInteger",
    "nonPositiveInteger": "integer",
    "normalizedString": "string",
    "token": "normalizedString",
    "Name": "token",
    "NCName": "Name",
    "NMTOKEN": "token",
    "language": "token",
}


def at_least(maximum, other):
    """Whether an upper bound allows as many as another; None has no bound."""
    return maximum is None or (other is not None and maximum >= other)


def many(field):
    return field.maximum is None or field.maximum > 1


class Side:
    @classmethod
    def of(cls, contract, namespaces):
        """A contract with its namespaces replaced as namespaces says."""
        return cls(
            *(
                renamed(part, namespaces)
                for part in (
                    contract.types,
                    contract.elements,
                    contract.attributes,
                    contract.operations,
                )
            )
        )

    def __init__(self, types, elements, attributes, operations):
        self.types, self.elements, self.operations = types, elements, operations
        self.attributes = attributes
        ends = operations.values()
        outputs = [o.output for o in ends if o.output]
        self.request_headers = {h for o in ends for h in o.input.headers}
        self.reply_headers = {h for o in outputs for h in o.headers}
        self.faults = {detail for o in ends for detail in o.details()}
        requests = {o.input.body for o in ends} - {None}
        replies = {o.body for o in outputs} - {None}
        self.bodies = requests | replies
        self.in_requests = self.reached(requests | self.request_headers)
        self.in_replies = self.reached(replies | self.reply_headers | self.faults)

    def reached(self, elements):
        derived = {}
        for name, kind in self.types.items():
            if isinstance(kind, ComplexType) and kind.base:
                derived.setdefault(kind.base, []).append(name)
        found = set()
        waiting = [self.elements[name].type for name in elements]
        while waiting:
            name = waiting.pop()
            if name in found:
                continue
            found.add(name)
            kind = self.types.get(name)
            if isinstance(kind, ComplexType):
                waiting += [field.type for field in kind.fields]
                waiting += derived.get(name, [])
                waiting += [kind.base] if kind.base else []
            elif isinstance(kind, SimpleType):
                waiting += [part for part in (kind.base, kind.item, *kind.members) if part]
        return found

    def chain(self, name):
        """A type and its bases."""
        while name is not None:
            yield name
            kind = self.types.get(name)
            if kind is not None:
                name = kind.base
            elif name.namespace == XSD and name.local in BUILTIN_BASES:
                name = QName(XSD, BUILTIN_BASES[name.local])
            else:
                name = None

    def c_type(self, name):
        kind = self.types.get(name)
        if isinstance(kind, ComplexType):
            return f"struct {name.namespace} {name.local}"
        if kind is None:
            return SCALARS.get(name.local, "char *")
        if kind.base is None or kind.values:
            return "char *"
        return self.c_type(kind.base)

    def member(self, field):
        """How the generated struct holds a field: enough to tell a change of its C type."""
        c_type = self.c_type(field.type)
        if many(field) and not field.attribute:
            return "array of " + c_type
        scalar = c_type in SCALARS.values() and c_type != SCALARS["hexBinary"]
        by_value = field.minimum > 0 and not field.nillable
        return c_type + (" *" if scalar and not by_value else "")

    def nil_fails(self, field):
        """Whether the generated reader refuses, or misreads, a nil in this field."""
        if many(field):
            return True
        return self.c_type(field.type) in SCALARS.values() and not self.member(field).endswith("*")

    def shape(self, name, outer=()):
        """The content of a type without the names of types."""
        if name in outer:
            return len(outer) - outer.index(name)
        kind = self.types.get(name)
        if kind is None:
            return name
        outer = (*outer, name)
        base = self.shape(kind.base, outer) if kind.base else None
        if isinstance(kind, SimpleType):
            return (
                base,
                kind.item and self.shape(kind.item, outer),
                tuple(self.shape(part, outer) for part in kind.members),
                frozenset(kind.values),
                kind.facets,
            )
        return (
            base,
            kind.abstract,
            kind.structure,
            tuple(
                dataclasses.replace(field, type=self.shape(field.type, outer))
                for field in kind.fields
            ),
        )
