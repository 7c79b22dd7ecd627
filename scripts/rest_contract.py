"""A contract as REST has it: routes, members of JSON objects, enumerations, faults.

read_table() takes a table that somebody wrote from the reference pages ("rest-operations/1"),
of_contract() makes the same from a WSDL and what REST has beside it: wsdl/VERSION/rest.json.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from contract_model import ComplexType, all_fields
from rest_names import is_array, json_kind, route, writes
from wsdl_document import MAX_BYTES
from wsdl_nodes import ContractError

FORMAT = "rest-operations/1"
DRIFT_FORMAT = "bacm-rest-drift/1"
DRIFT_NAME = "rest.json"


@dataclass(frozen=True)
class Member:
    name: str
    kind: str
    nullable: bool


@dataclass(frozen=True)
class RestOperation:
    method: str
    path: str
    documented: bool
    writes: bool
    request: tuple  # Member
    response: tuple


@dataclass(frozen=True)
class Values:
    listed: tuple
    rest_only: tuple  # what the WSDL does not have
    flags: bool


@dataclass
class RestTable:
    location: str
    service: str
    base: dict
    operations: dict = field(default_factory=dict)  # name -> RestOperation
    types: dict = field(default_factory=dict)  # name -> Members
    enums: dict = field(default_factory=dict)  # name -> Values
    faults: dict = field(default_factory=dict)  # name -> names of members

    def counts(self):
        return {
            "operations": len(self.operations),
            "types": len(self.types),
            "enumerations": len(self.enums),
        }

    def reached(self, members):
        """The names of types and enumerations behind members."""
        found, waiting = set(), [member.kind for member in members]
        while waiting:
            name = inner_name(waiting.pop())
            if name and name not in found:
                found.add(name)
                waiting += [member.kind for member in self.types.get(name, ())]
        return found


def inner_name(kind):
    """The type or enumeration that a kind names, "" for a scalar."""
    return kind.replace("array<", "").rstrip(">").partition(":")[2]


class _Reader:
    """Takes values out of parsed JSON; says where one is missing or of another form."""

    def __init__(self, location):
        self.location = location

    def refuse(self, where, reason):
        raise ContractError(f"{self.location}: {where}: {reason}")

    def take(self, value, where, name, kind, default=None):
        if not isinstance(value, dict):
            self.refuse(where, "is no object")
        found = value.get(name, default)
        if not isinstance(found, kind):
            self.refuse(where, f"has no {name} that is {kind.__name__}")
        return found

    def named(self, value, where, name, key):
        """A list of objects with names, none of them twice."""
        found = {}
        for number, each in enumerate(self.take(value, where, name, list)):
            place = f"{name}[{number}]"
            own = self.take(each, place, key, str)
            if own in found:
                self.refuse(place, f"{own} is there twice")
            found[own] = each
        return found

    def texts(self, value, where, name):
        texts = self.take(value, where, name, list)
        if not all(isinstance(each, str) for each in texts) or len(set(texts)) < len(texts):
            self.refuse(where, f"{name} is no list of different texts")
        return tuple(texts)

    def members(self, value, where, name):
        return tuple(
            Member(
                own,
                self.take(each, f"{where}.{own}", "json", str),
                self.take(each, f"{where}.{own}", "nullable", bool),
            )
            for own, each in self.named(value, where, name, "name").items()
        )


def parsed(path, form):
    """The JSON object in a file of this format."""
    try:
        with open(path, "rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise ContractError(f"cannot read {path}: {error.strerror}") from error
    if len(data) > MAX_BYTES:
        raise ContractError(f"{path}: more than {MAX_BYTES >> 20} MiB, not a table")

    def once(pairs):
        names = [name for name, _ in pairs]
        if len(set(names)) < len(names):
            raise ValueError(f"a name is there twice: {', '.join(names[:6])}")
        return dict(pairs)

    try:
        value = json.loads(data.decode("utf-8"), object_pairs_hook=once)
    except (ValueError, RecursionError) as error:
        raise ContractError(f"{path} is not JSON: {error}") from error
    if not isinstance(value, dict) or value.get("format") != form:
        raise ContractError(f"{path} is not of the format {form}")
    return value


def read_table(path):
    """A table that was written by hand; raises ContractError."""
    value, read = parsed(path, FORMAT), _Reader(path)
    table = RestTable(str(path), read.take(value, "table", "service", str), {})
    table.base = read.take(value, "table", "baseUrl", dict)
    for name, each in read.named(value, "table", "operations", "operation").items():
        table.operations[name] = RestOperation(
            *(read.take(each, name, key, str) for key in ("method", "path")),
            *(read.take(each, name, key, bool) for key in ("documented", "writes")),
            *(read.members(each, name, key) for key in ("request", "response")),
        )
    for name, each in read.named(value, "table", "types", "name").items():
        table.types[name] = read.members(each, name, "members")
    for name, each in read.named(value, "table", "enums", "name").items():
        table.enums[name] = Values(
            read.texts(each, name, "values"),
            read.texts(each, name, "restOnly"),
            read.take(each, name, "flags", bool),
        )
    for name, each in read.named(value, "table", "faults", "type").items():
        table.faults[name] = tuple(read.named(each, name, "members", "name"))
    _check_kinds(table, read)
    return table


def _check_kinds(table, read):
    """What a kind names is there."""
    owners = {name: members for name, members in table.types.items()}
    for name, operation in table.operations.items():
        owners[name] = (*operation.request, *operation.response)
    for owner, members in owners.items():
        for member in members:
            name = inner_name(member.kind)
            if name and name not in table.types and name not in table.enums:
                read.refuse(f"{owner}.{member.name}", f"{name} is not in the table")


def drift_of(path):
    """What REST has beside the WSDL at a path; empty where nothing is known."""
    place = Path(path).parent / DRIFT_NAME
    return parsed(place, DRIFT_FORMAT) if place.is_file() else {}


def of_contract(contract, drift):
    """The table that a WSDL gives."""
    names = drift.get("names", {})
    service = contract.service.removesuffix("Service")
    table = RestTable(contract.location, service, drift.get("base", {}))

    def members(kind, fields):
        return tuple(
            Member(names.get(each.name.local, each.name.local), kind(each), each.nillable)
            for each in fields
            if not each.attribute
        )

    def body(element):
        kind = contract.types.get(contract.elements[element].type) if element else None
        fields = all_fields(contract.types, kind) if isinstance(kind, ComplexType) else ()
        return members(lambda each: json_kind(contract.types, each.type), fields)

    for name, operation in contract.operations.items():
        table.operations[name] = RestOperation(
            *route(name),
            name not in drift.get("undocumented", ()),
            writes(name),
            body(operation.input.body),
            body(operation.output.body if operation.output else None),
        )
    for name, kind in contract.types.items():
        if isinstance(kind, ComplexType) and "/" not in name.local and not is_array(kind):
            table.types[name.local] = members(
                lambda each: json_kind(contract.types, each.type), kind.fields
            )
    for name in contract.enumerations():
        kind = contract.types[name]
        listed = contract.types[kind.item].values if kind.item else kind.values
        extra = tuple(drift.get("enumerationValues", {}).get(name.local, ()))
        table.enums[name.local] = Values(listed, extra, bool(kind.item))
    table.faults = {name: tuple(each) for name, each in drift.get("faults", {}).items()}
    return table
