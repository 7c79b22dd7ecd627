"""What differs in types, their fields and values, and in elements at the top."""

from __future__ import annotations

import dataclasses
import re
from difflib import SequenceMatcher

from contract_change import Comparison, field_text, occurrence_text, type_text
from contract_model import ComplexType, SimpleType, all_fields
from contract_side import SCALARS, at_least, many

SAME_NAME = 0.5  # share of common words from which a removed and an added field may be one


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


class TypeChanges(Comparison):
    def compare(self):
        old, new = self._named(self.old), self._named(self.new)
        for name in sorted(old - new):
            self._type_removed(name, new - old)
        for name in sorted(new - old):
            self._type_added(name)
        for name in sorted(self.old.types.keys() & self.new.types.keys()):
            self._type(name, self.old.types[name], self.new.types[name])

    def _type_added(self, name):
        effects = [("", "old callers do not know it")]
        kind = self.new.types[name]
        if isinstance(kind, ComplexType) and kind.base in self.old.in_replies:
            effects = [("", f"where it comes in a reply, old readers read it as {kind.base.local}")]
        self._add("type", "added", "", name.local, effects)

    def _named(self, side):
        return {name for name in side.types if "/" not in name.local}

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
