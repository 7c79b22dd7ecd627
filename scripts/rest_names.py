"""How REST calls what the contract has: routes of operations, kinds of JSON values."""

from __future__ import annotations

import re

from contract_model import ComplexType, SimpleType
from wsdl_nodes import XSD

# Verb of an operation -> method, and what comes behind the noun; all others: /Noun/Verb.
VERBS = {
    "Add": ("POST", ""),
    "Update": ("PUT", ""),
    "Delete": ("DELETE", ""),
    "Get": ("POST", "Query"),
}
READS = ("Get", "Find", "Search", "Validate")
OPERATION = re.compile(r"([A-Z][a-z]+)(\w+?)((?:To|By)[A-Z]\w*)?$")
KINDS = {
    "boolean": "boolean",
    "long": "int64-string",
    "unsignedLong": "int64-string",
    "dateTime": "datetime-string",
    "base64Binary": "base64-string",
    **dict.fromkeys(
        ("int", "short", "byte", "unsignedByte", "unsignedShort", "unsignedInt"), "number"
    ),
    **dict.fromkeys(("decimal", "double", "float", "integer"), "number"),
}


def route(operation):
    """(method, path) by the rule that all known operations follow."""
    verb, noun, rest = OPERATION.match(operation).groups(default="")
    method, last = VERBS.get(verb, ("POST", verb))
    last += rest
    return method, f"/{noun}" + (f"/{last}" if last else "")


def writes(operation):
    """Whether it changes something, by its name."""
    return not operation.startswith(READS)


def is_array(kind):
    """Whether a type is one that REST has no name for: a list of one kind of element."""
    fields = kind.fields if isinstance(kind, ComplexType) else ()
    return len(fields) == 1 and fields[0].maximum is None


def json_kind(types, name):
    """A type as REST has it: "int64-string", "enum:X", "object:X", "array<...>"."""
    kind = types.get(name)
    if isinstance(kind, SimpleType):
        if kind.item:
            return f"flags:{name.local}"
        if kind.values:
            return f"enum:{name.local}"
        return json_kind(types, kind.base) if kind.base else "string"
    if kind is None:
        return KINDS.get(name.local, "string") if name.namespace == XSD else "string"
    if is_array(kind):
        return f"array<{json_kind(types, kind.fields[0].type)}>"
    return f"object:{name.local.lstrip('/')}"
