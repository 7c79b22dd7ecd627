"""What differs in the elements and attributes at the top of the schemas."""

from __future__ import annotations

from contract_change import Comparison, type_text


class ElementChanges(Comparison):
    def compare(self):
        for kind, before, after in (
            ("element", self.old.elements, self.new.elements),
            ("attribute", self.old.attributes, self.new.attributes),
        ):
            for name in sorted(before.keys() | after.keys()):
                old, new = before.get(name), after.get(name)
                if old is None or new is None:
                    self._came_or_went(kind, name, old)
                elif old != new:
                    self._element(kind, name, old, new)

    def _travels(self, name):
        return any(
            name in part
            for side in (self.old, self.new)
            for part in (side.bodies, side.faults, side.request_headers, side.reply_headers)
        )

    def _came_or_went(self, kind, name, old):
        # Those that a message has are told by the operation, those that only
        # give a type a name of its own by the type.
        told = (name in self.old.types) != (name in self.new.types)
        if kind == "element" and (self._travels(name) or told):
            return
        self._add(
            kind, "removed" if old else "added", "", name.local, [("", "no message has it")]
        )

    def _element(self, kind, name, old, new):
        travels = kind == "element" and self._travels(name)

        def changed(aspect, before, after, effects):
            self._add(
                kind,
                "changed",
                "",
                name.local,
                effects if travels else [("", "types that have it tell what it means")],
                aspect=aspect,
                old=before,
                new=after,
                key=(kind, name),
            )

        if old.type != new.type:
            other = self.old.c_type(old.type) != self.new.c_type(new.type)
            changed(
                "type",
                type_text(old.type),
                type_text(new.type),
                self._type_effects(
                    old.type,
                    old.type,
                    new.type,
                    [("source", "the C type is another")] if other else [],
                ),
            )
        if old.nillable != new.nillable:
            narrower = name in self.old.request_headers and old.nillable
            effect = ("", "old callers cope with it")
            if narrower:
                effect = ("wire", "old callers may leave it empty")
            changed(
                "nillability",
                *("nillable" if each.nillable else "not nillable" for each in (old, new)),
                [effect],
            )
        if old.value != new.value:
            changed(
                "value", old.value, new.value, [("wire", "an empty element means something else")]
            )
