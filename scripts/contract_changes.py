"""What differs between two contracts, and what each difference means for a caller.

The caller is a C program that was built with the bindings of the old contract.

  wire    a program as it is, talking to a service of the new contract, can be
          refused, misread a reply, or lose a value
  source  the program no longer compiles, or means something else, once it is
          built with the bindings of the new contract

Whether a difference hurts depends on the direction that a type travels. What
the generated readers do was measured with gSOAP 2.8.124 in its lenient mode:
they take elements in any order, skip the ones they do not know, keep the first
of two where one is expected, leave a missing one NULL or zero, read an unknown
xsi:type as its base, and refuse the whole reply for a nil in a member that is
no pointer or for a nil number in an array.
"""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from contract import ComplexType, SimpleType, all_fields
from wsdl_document import XSD, QName

WIRE = "wire-breaking"
SOURCE = "source-breaking"
COMPATIBLE = "compatible"
SAME_NAME = 0.5  # share of common words from which a removed and an added field may be one
SAME_NAMESPACE = 0.5  # share of common names from which two namespaces are versions of one

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


@dataclass(frozen=True)
class Change:
    """One difference. key names the old item, as wrapper_uses does; None for a new one."""

    kind: str
    action: str  # added, removed, changed
    owner: str  # the operation or type it belongs to, "" if it stands alone
    item: str
    aspect: str  # of what changed: type, order, occurrence, ...
    old: str | None
    new: str | None
    wire: bool
    source: bool
    meaning: str
    key: tuple | None

    @property
    def name(self):
        joint = "." if self.kind in ("field", "enumeration value") else " "
        return self.owner + joint + self.item if self.owner else self.item

    @property
    def classification(self):
        return WIRE if self.wire else SOURCE if self.source else COMPATIBLE


def renamed(value, namespaces):
    """The same value with every QName's namespace replaced as namespaces says."""
    if isinstance(value, QName):
        return QName(namespaces.get(value.namespace, value.namespace), value.local)
    if isinstance(value, tuple):
        return tuple(renamed(part, namespaces) for part in value)
    if isinstance(value, dict):
        return {renamed(key, namespaces): renamed(part, namespaces) for key, part in value.items()}
    if dataclasses.is_dataclass(value):
        return dataclasses.replace(
            value,
            **{
                each.name: renamed(getattr(value, each.name), namespaces)
                for each in dataclasses.fields(value)
            },
        )
    return value


def paired_namespaces(old, new):
    """Old namespace -> new one, for those that came in another version."""

    def names(contract, namespace):
        return {
            name.local
            for name in (*contract.types, *contract.elements)
            if name.namespace == namespace
        }

    scores = []
    for before in old.namespaces() - new.namespaces():
        for after in new.namespaces() - old.namespaces():
            left, right = names(old, before), names(new, after)
            scores.append((len(left & right) / len(left | right), before, after))
    pairs = {}
    for score, before, after in sorted(scores, reverse=True):
        if score >= SAME_NAMESPACE and before not in pairs and after not in pairs.values():
            pairs[before] = after
    return pairs


def type_text(name):
    local = name.local[1:] if name.local.startswith("/") else name.local
    return f"xs:{local}" if name.namespace == XSD else local


def occurrence_text(field):
    maximum = "unbounded" if field.maximum is None else field.maximum
    return f"{field.minimum}..{maximum}"


def field_text(field):
    return ", ".join(
        [type_text(field.type), occurrence_text(field)]
        + (["nillable"] if field.nillable else [])
        + (["attribute"] if field.attribute else [])
    )


def at_least(maximum, other):
    """Whether an upper bound allows as many as another; None has no bound."""
    return maximum is None or (other is not None and maximum >= other)


def many(field):
    return field.maximum is None or field.maximum > 1


def alike(one, other):
    """The share of words that two names have in common."""
    left, right = (set(re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+", name)) for name in (one, other))
    return len(left & right) / len(left | right)


def successor(position, field, added):
    """The added (position, field) that is the removed one but for its name, if any."""
    found = [
        (place == position, alike(field.name.local, other.name.local), other)
        for place, other in added
        if dataclasses.replace(other, name=field.name) == field
    ]
    found = [each for each in found if each[0] or each[1] >= SAME_NAME]
    return max(found, key=lambda each: each[:2])[2] if found else None


class _Side:
    """One contract with what follows from it: directions, C types, shapes."""

    def __init__(self, types, elements, operations):
        self.types, self.elements, self.operations = types, elements, operations
        ends = operations.values()
        outputs = [o.output for o in ends if o.output]
        self.request_headers = {h for o in ends for h in o.input.headers}
        self.reply_headers = {h for o in outputs for h in o.headers}
        self.bodies = {o.input.body for o in ends} | {o.body for o in outputs}
        self.faults = {f for o in ends for f in o.faults}
        self.in_requests = self._reached({o.input.body for o in ends} | self.request_headers)
        self.in_replies = self._reached(
            {o.body for o in outputs} | self.reply_headers | self.faults
        )

    def _reached(self, elements):
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


class Comparison:
    """Collects the changes from one contract to another."""

    def __init__(self, old, new):
        self.namespaces = paired_namespaces(old, new)
        self.original = {after: before for before, after in self.namespaces.items()}
        self.old = _Side(
            renamed(old.types, self.namespaces),
            renamed(old.elements, self.namespaces),
            renamed(old.operations, self.namespaces),
        )
        self.new = _Side(new.types, new.elements, new.operations)
        self.changes = []
        self._service(old, new)
        self._operations()
        self._types()
        self._elements()

    def _add(self, kind, action, owner, item, effects, *, aspect="", old=None, new=None, key=None):
        """effects: (flag, text) pairs, flag being "wire", "source" or "" for a harmless one."""
        if key is not None:
            key = renamed(key, self.original)
        self.changes.append(
            Change(
                kind,
                action,
                owner,
                item,
                aspect,
                old,
                new,
                any(flag == "wire" for flag, _ in effects),
                any(flag == "source" for flag, _ in effects),
                "; ".join(dict.fromkeys(text for _, text in effects)),
                key,
            )
        )

    # The service as a whole.

    def _service(self, old, new):
        for before, after in sorted(self.namespaces.items()):
            self._add(
                "namespace",
                "changed",
                "",
                before,
                [("wire", "every element of it has another name on the wire")],
                old=before,
                new=after,
                key=("namespace", before),
            )
        for item, before, after, effect in (
            (
                "address",
                old.address,
                new.address,
                ("wire", "programs built with the old default address call the old one"),
            ),
            (
                "binding",
                old.binding,
                new.binding,
                ("source", "the generated .nsmap file has another name"),
            ),
            ("service", old.service, new.service, ("", "not on the wire and not in the C names")),
            ("port", old.port, new.port, ("", "not on the wire and not in the C names")),
            (
                "portType",
                old.port_type,
                new.port_type,
                ("", "not on the wire and not in the C names"),
            ),
        ):
            if before != after:
                self._add(item, "changed", "", "", [effect], old=before, new=after, key=(item,))

    # Operations.

    def _operations(self):
        old, new = self.old.operations, self.new.operations
        for name in sorted(old.keys() | new.keys()):
            if name not in new:
                self._add(
                    "operation",
                    "removed",
                    "",
                    name,
                    [
                        ("wire", "the service no longer has it"),
                        ("source", "its functions and structs are gone"),
                    ],
                    key=("operation", name),
                )
            elif name not in old:
                self._add("operation", "added", "", name, [("", "old callers do not call it")])
            else:
                self._operation(name, old[name], new[name])

    def _operation(self, name, old, new):
        key = ("operation", name)
        if old.action != new.action:
            self._add(
                "SOAPAction",
                "changed",
                name,
                "SOAPAction",
                [("wire", "the service finds the operation by it")],
                old=old.action,
                new=new.action,
                key=key,
            )
        if old.style != new.style:
            self._add(
                "operation",
                "changed",
                "",
                name,
                [("wire", "the body has another form")],
                aspect="style",
                old=old.style,
                new=new.style,
                key=key,
            )
        self._body(name, "request", old.input, new.input, key)
        self._body(name, "reply", old.output, new.output, key)
        self._headers(
            name, "request", old.input, new.input, self.new.request_headers | self.new.reply_headers
        )
        if old.output and new.output:
            self._headers(
                name,
                "reply",
                old.output,
                new.output,
                self.new.request_headers | self.new.reply_headers,
            )
        self._faults(name, old.faults, new.faults)

    def _body(self, name, direction, old, new, key):
        before = old.body if old else None
        after = new.body if new else None
        if before != after:
            self._add(
                "operation",
                "changed",
                "",
                name,
                [
                    ("wire", f"the {direction} is another element"),
                    ("source", "its struct is another"),
                ],
                aspect=f"{direction} element",
                key=key,
                old=before and before.local,
                new=after and after.local,
            )

    def _headers(self, name, direction, old, new, still_used):
        for part in old.headers:
            if part not in new.headers:
                effects = [
                    (
                        "wire",
                        "the service no longer reads it"
                        if direction == "request"
                        else "old readers do not find it any more",
                    )
                ]
                if part not in still_used:
                    effects.append(("source", "no operation has it: its C member is gone"))
                self._add(
                    "header part",
                    "removed",
                    name,
                    f"{direction} header {part.local}",
                    effects,
                    key=("header", part),
                )
        for part in new.headers:
            if part not in old.headers:
                if direction == "reply":
                    effect = ("", "old readers skip it")
                elif self.new.elements[part].nillable:
                    effect = ("", "nillable: old callers leave it out")
                else:
                    effect = ("wire", "not nillable: old callers do not send it")
                self._add(
                    "header part", "added", name, f"{direction} header {part.local}", [effect]
                )
        before = [part.local for part in old.headers if part in new.headers]
        after = [part.local for part in new.headers if part in old.headers]
        if before != after:
            self._add(
                "header part",
                "changed",
                name,
                f"{direction} headers",
                [("", "the order of header elements has no meaning")],
                aspect="order",
                old=", ".join(before),
                new=", ".join(after),
            )

    def _faults(self, name, old, new):
        for fault in old:
            if fault not in new:
                effects = [("", "the service no longer throws it here")]
                if fault not in self.new.faults:
                    effects.append(("source", "no operation has it: its C member is gone"))
                self._add(
                    "fault", "removed", name, f"fault {fault.local}", effects, key=("fault", fault)
                )
        for fault in new:
            if fault not in old:
                known = fault in self.old.faults
                self._add(
                    "fault",
                    "added",
                    name,
                    f"fault {fault.local}",
                    [
                        (
                            "",
                            "old readers know its detail from other operations"
                            if known
                            else "old readers get a fault without a detail that they know",
                        )
                    ],
                )

    # Types.

    def _named(self, side):
        return {name for name in side.types if "/" not in name.local}

    def _types(self):
        old, new = self._named(self.old), self._named(self.new)
        for name in sorted(old - new):
            self._type_removed(name, new - old)
        for name in sorted(new - old):
            effects = [("", "old callers do not know it")]
            kind = self.new.types[name]
            if isinstance(kind, ComplexType) and kind.base in self.old.in_replies:
                effects = [
                    ("", f"where it comes in a reply, old readers read it as {kind.base.local}")
                ]
            self._add("type", "added", "", name.local, effects)
        for name in sorted(self.old.types.keys() & self.new.types.keys()):
            self._type(name, self.old.types[name], self.new.types[name])

    def _type_removed(self, name, added):
        kind = self.old.types[name]
        effects = []
        if (
            isinstance(kind, ComplexType)
            and kind.base in self.old.in_requests | self.old.in_replies
        ):
            effects.append(("wire", f"it can no longer stand for {kind.base.local}"))
        if isinstance(kind, SimpleType) and kind.values:
            effects.append(("", "enumerations are text in C"))
        else:
            effects.append(("source", "its C type is gone"))
        for other in sorted(added):
            if self.new.shape(other) == self.old.shape(name):
                effects.append(("", f"perhaps renamed to {other.local}"))
        self._add("type", "removed", "", name.local, effects, key=("type", name))

    def _both(self, name):
        """(in requests, in replies), in either contract."""
        return (
            name in self.old.in_requests or name in self.new.in_requests,
            name in self.old.in_replies or name in self.new.in_replies,
        )

    def _by_direction(self, name, request, reply):
        """The effects on a type's directions; request and reply are (flag, text) or None."""
        in_requests, in_replies = self._both(name)
        effects = [
            effect
            for used, effect in ((in_requests, request), (in_replies, reply))
            if used and effect
        ]
        return effects or [
            (
                "",
                "no message has it" if not (in_requests or in_replies) else "callers do not notice",
            )
        ]

    def _type(self, name, old, new):
        key = ("type", name)
        owner = type_text(name)

        def changed(aspect, before, after, effects):
            self._add(
                "type", "changed", "", owner, effects, aspect=aspect, old=before, new=after, key=key
            )

        if type(old) is not type(new):
            changed(
                "kind",
                *("complex" if isinstance(t, ComplexType) else "simple" for t in (old, new)),
                [("wire", "values have another form"), ("source", "the C type is another")],
            )
        elif isinstance(old, SimpleType):
            self._simple(name, old, new, changed)
        else:
            self._complex(name, old, new, changed)

    def _complex(self, name, old, new, changed):
        old_fields, new_fields = old.fields, new.fields
        if old.base != new.base:
            # The C struct holds inherited members as its own: compare them all.
            old_fields = all_fields(self.old.types, old)
            new_fields = all_fields(self.new.types, new)
            effect = None
            if old.base is not None:
                effect = "wire", f"it can no longer stand for {type_text(old.base)}"
            changed(
                "base",
                *(t.base and type_text(t.base) for t in (old, new)),
                self._by_direction(name, effect, effect),
            )
        if old.abstract != new.abstract:
            becomes = ("wire", "only derived types may be sent") if new.abstract else None
            changed(
                "abstract",
                str(old.abstract).lower(),
                str(new.abstract).lower(),
                self._by_direction(name, becomes, None),
            )
        if old.structure != new.structure:
            changed(
                "structure",
                old.structure,
                new.structure,
                self._structure(name, old.structure, new.structure),
            )
        before = {(f.attribute, f.name.local): f for f in old_fields}
        after = {(f.attribute, f.name.local): f for f in new_fields}
        for position, field in enumerate(old_fields):
            if (field.attribute, field.name.local) not in after:
                added = [
                    (place, other)
                    for place, other in enumerate(new_fields)
                    if (other.attribute, other.name.local) not in before
                ]
                self._field_removed(name, field, successor(position, field, added))
        for field in new_fields:
            key = field.attribute, field.name.local
            if key in before:
                self._field(name, before[key], field)
            else:
                self._field_added(name, field)
        self._order(
            name,
            [f for f in before if f in after and not f[0]],
            [f for f in after if f in before and not f[0]],
            changed,
        )

    def _structure(self, name, old, new):
        if {old, new} == {"sequence", "all"}:
            return [("", "C callers send the contract's order and read any")]
        free = re.compile(r"[(+, ]*\bany(Attribute)?\b\)?")
        if free.sub("", old) == free.sub("", new):
            return [("", "C callers neither send nor read free content")]
        if old.replace("+mixed", "") == new.replace("+mixed", ""):
            return self._by_direction(
                name,
                ("", "C callers send no text between elements"),
                ("wire", "old readers fail on text between elements") if "mixed" in new else None,
            )
        effect = "wire", "elements combine in another way"
        return [
            *self._by_direction(name, effect, effect),
            ("source", "the C members combine in another way"),
        ]

    def _order(self, name, before, after, changed):
        before, after = [local for _, local in before], [local for _, local in after]
        if before == after:
            return
        blocks = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
        kept = {local for block in blocks for local in before[block.a : block.a + block.size]}
        moved = ", ".join(local for local in before if local not in kept)
        changed(
            "order",
            ", ".join(before),
            ", ".join(after),
            self._by_direction(
                name,
                ("wire", f"requests must keep the contract's order, and {moved} moved"),
                ("", "replies are read in any order"),
            ),
        )

    def _field_added(self, name, field):
        required = field.minimum > 0
        effects = self._by_direction(
            name,
            ("wire", "required in requests: old callers do not send it")
            if required
            else ("", "optional in requests: old callers leave it out"),
            ("", "old readers skip it"),
        )
        in_requests, _ = self._both(name)
        if in_requests and self.new.member(field) == SCALARS["hexBinary"]:
            effects.append(("source", "the C member is no pointer: callers send it empty"))
        self._add(
            "field",
            "added",
            type_text(name),
            field.name.local,
            effects,
            new=field_text(field),
            key=("type", name) if required and in_requests else None,
        )

    def _field_removed(self, name, field, instead):
        """instead: the new field that may be the old one renamed, or None."""
        effects = self._by_direction(
            name,
            ("wire", "the service no longer reads what old callers send"),
            ("wire", "old readers do not find it any more"),
        )
        effects.append(("source", "its C member is gone"))
        if instead:
            effects.append(("", f"perhaps renamed to {instead.name.local}"))
        self._add(
            "field",
            "removed",
            type_text(name),
            field.name.local,
            effects,
            old=field_text(field),
            key=("field", name, field.name.local),
        )

    def _field(self, name, old, new):
        key = ("field", name, old.name.local)
        other_member = (
            [("source", "the C member has another type")]
            if self.old.member(old) != self.new.member(new)
            else []
        )

        def changed(aspect, before, after, effects):
            self._add(
                "field",
                "changed",
                type_text(name),
                old.name.local,
                effects,
                aspect=aspect,
                old=before,
                new=after,
                key=key,
            )

        if old.name.namespace != new.name.namespace:
            # The C name has a prefix only where the namespace is not the type's own.
            own = {"", name.namespace}
            prefixes = [
                each.name.namespace not in own and each.name.namespace for each in (old, new)
            ]
            changed(
                "namespace",
                old.name.namespace,
                new.name.namespace,
                [("wire", "it has another name on the wire")]
                + ([("source", "its C name differs")] if prefixes[0] != prefixes[1] else []),
            )
        if old.type != new.type:
            changed(
                "type",
                type_text(old.type),
                type_text(new.type),
                self._type_effects(name, old.type, new.type, other_member),
            )
        if (old.minimum, old.maximum) != (new.minimum, new.maximum):
            changed(
                "occurrence",
                occurrence_text(old),
                occurrence_text(new),
                self._occurrence(name, old, new) + other_member,
            )
        if old.nillable != new.nillable:
            changed(
                "nillability",
                *("nillable" if f.nillable else "not nillable" for f in (old, new)),
                self._nillability(name, old, new) + other_member,
            )
        if old.value != new.value:
            changed(
                "value",
                old.value,
                new.value,
                self._by_direction(
                    name,
                    ("wire", "an absent value means something else"),
                    ("wire", "an absent value means something else"),
                )
                + [("source", "the C member starts with another value")],
            )

    def _type_effects(self, owner, old, new, other_member):
        if self.old.shape(old) == self.new.shape(new):
            return [("", "the same content under another type name"), *other_member]
        return [
            *self._by_direction(
                owner,
                ("", "the service takes the old values too")
                if self._within(old, self.old, new, self.new)
                else ("wire", "the service does not take all old values"),
                ("", "old readers take the new values too")
                if self._readable(old, new)
                else ("wire", "old readers do not take all new values"),
            ),
            *other_member,
        ]

    def _readable(self, old, new):
        """Whether a reader of the old type takes every value of the new one."""
        kind = self.old.types.get(old)
        any_text = isinstance(kind, SimpleType) and kind.values  # enumerations are read as text
        return (
            any_text
            and not isinstance(self.new.types.get(new), ComplexType)
            or self._within(new, self.new, old, self.old)
        )

    def _within(self, narrow, narrow_side, wide, wide_side):
        """Whether every value of one type is a value of the other."""
        if wide in narrow_side.chain(narrow):
            return True
        if wide.namespace == XSD and wide.local in ("anyType", "anySimpleType"):
            return True
        inner, outer = narrow_side.types.get(narrow), wide_side.types.get(wide)
        if wide == QName(XSD, "string"):
            return not isinstance(inner, ComplexType)
        if isinstance(inner, SimpleType) and isinstance(outer, SimpleType):
            return bool(inner.values) and set(inner.values) <= set(outer.values)
        return False

    def _occurrence(self, name, old, new):
        request, reply = [], []
        if new.minimum > old.minimum:
            request.append("required in requests: old callers may leave it out")
        if new.minimum < old.minimum:
            reply.append("old readers may miss it in replies")
        if not at_least(new.maximum, old.maximum):
            request.append("old callers may send too many")
        if not at_least(old.maximum, new.maximum) and not many(old):
            reply.append("old readers keep only the first")

        def effect(texts, harmless):
            return ("wire", ", ".join(texts)) if texts else ("", harmless)

        return self._by_direction(
            name,
            effect(request, "old requests stay valid"),
            effect(reply, "old readers cope with it"),
        )

    def _nillability(self, name, old, new):
        if new.nillable:
            reply = (
                ("wire", "old readers fail on a nil")
                if self.old.nil_fails(old)
                else ("", "old readers take a nil as absent")
            )
            return self._by_direction(name, ("", "old requests stay valid"), reply)
        request = (
            ("", "C callers leave it out and send no nil")
            if old.minimum == 0
            else ("wire", "a nil is no longer taken")
        )
        return self._by_direction(name, request, ("", "old readers cope with it"))

    def _simple(self, name, old, new, changed):
        before, after = set(old.values), set(new.values)
        if bool(before) != bool(after):
            narrower = bool(after)
            changed(
                "values",
                "enumeration" if before else "any text",
                "enumeration" if after else "any text",
                self._by_direction(
                    name,
                    ("wire", "the service takes only listed values") if narrower else None,
                    None if narrower else ("", "a reader takes any text"),
                ),
            )
        else:
            for value in old.values:
                if value not in after:
                    self._value(
                        name,
                        value,
                        "removed",
                        self._by_direction(
                            name,
                            ("wire", "the service no longer takes it"),
                            ("", "it no longer comes"),
                        ),
                    )
            for value in new.values:
                if value not in before:
                    self._value(
                        name,
                        value,
                        "added",
                        self._by_direction(
                            name, ("", "old callers do not send it"), ("", "readers take any text")
                        ),
                    )
            order = [
                [v for v in values if v in before & after] for values in (old.values, new.values)
            ]
            if order[0] != order[1]:
                changed(
                    "order",
                    *(", ".join(values) for values in order),
                    [("", "only names travel, no numbers")],
                )
        definition = [(t.base, t.item, t.members, t.facets) for t in (old, new)]
        if definition[0] != definition[1]:
            other = self.old.c_type(name) != self.new.c_type(name)
            changed(
                "definition",
                *(self._definition_text(t) for t in (old, new)),
                self._by_direction(
                    name, ("wire", "other values are valid"), ("wire", "other values are valid")
                )
                + ([("source", "the C type is another")] if other else []),
            )

    @staticmethod
    def _definition_text(kind):
        parts = [type_text(part) for part in (kind.base, kind.item, *kind.members) if part]
        return " ".join(parts + [f"{name}={value}" for name, value in kind.facets])

    def _value(self, name, value, action, effects):
        self._add(
            "enumeration value",
            action,
            type_text(name),
            value,
            effects,
            key=("value", name, value) if action == "removed" else None,
        )

    # Elements at the top of a schema.

    def _elements(self):
        for name in sorted(self.old.elements.keys() | self.new.elements.keys()):
            old, new = self.old.elements.get(name), self.new.elements.get(name)
            if old is None or new is None:
                self._element_came_or_went(name, old)
            elif old != new and self._travels(name):
                self._element(name, old, new)

    def _travels(self, name):
        return any(
            name in part
            for side in (self.old, self.new)
            for part in (side.bodies, side.faults, side.request_headers, side.reply_headers)
        )

    def _element_came_or_went(self, name, old):
        # Those that a message has are told by the operation, those that only
        # give a type a name of its own by the type.
        if self._travels(name) or (name in self.old.types) != (name in self.new.types):
            return
        self._add(
            "element", "removed" if old else "added", "", name.local, [("", "no message has it")]
        )

    def _element(self, name, old, new):
        key = ("element", name)
        if old.type != new.type:
            other = (
                [("source", "the C type is another")]
                if self.old.c_type(old.type) != self.new.c_type(new.type)
                else []
            )
            self._add(
                "element",
                "changed",
                "",
                name.local,
                self._type_effects(old.type, old.type, new.type, other),
                aspect="type",
                old=type_text(old.type),
                new=type_text(new.type),
                key=key,
            )
        if old.nillable != new.nillable:
            narrower = name in self.old.request_headers and old.nillable
            self._add(
                "element",
                "changed",
                "",
                name.local,
                [
                    ("wire", "old callers may leave it empty")
                    if narrower
                    else ("", "old callers cope with it")
                ],
                aspect="nillability",
                old="nillable" if old.nillable else "not nillable",
                new="nillable" if new.nillable else "not nillable",
                key=key,
            )


def compare(old, new):
    """The changes from one contract to another, as a list."""
    return Comparison(old, new).changes
