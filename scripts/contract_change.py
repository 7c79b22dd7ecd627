"""A difference between two contracts, and what each comparison of theirs shares."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from contract_model import ComplexType, SimpleType
from wsdl_nodes import XSD, QName

WIRE = "wire-breaking"
SOURCE = "source-breaking"
COMPATIBLE = "compatible"


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
        joint = "." if self.kind in ("field", "member", "enumeration value") else " "
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


class Comparison:
    """Collects the changes of one part of the contract, from one side to the other."""

    def __init__(self, old, new, original):
        self.old, self.new, self.original = old, new, original
        self.changes = []

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
