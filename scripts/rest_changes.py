"""What differs between two tables of REST operations, and what each difference means.

The rules are those of contract_changes for a program that speaks JSON as libbacm does: it
sends 64-bit numbers as text and reads text and number, takes members in any order, ignores
those that it does not know, keeps unknown values of enumerations, and finds a fault of an
unknown type to be a fault.
"""

from __future__ import annotations

from contract_change import Change

NUMBERS = ("int64-string", "number")


def routed(operation):
    return f"{operation.method} {operation.path}"


class _RestComparison:
    def __init__(self, old, new):
        self.old, self.new = old, new
        self.changes = []
        self.requests, self.replies = (
            {
                name
                for table in (old, new)
                for operation in table.operations.values()
                for name in table.reached(getattr(operation, side))
            }
            for side in ("request", "response")
        )

    def add(self, kind, action, owner, item, effect, **more):
        wire, meaning = effect
        self.changes.append(
            Change(
                kind,
                action,
                owner,
                item,
                more.get("aspect", ""),
                more.get("old"),
                more.get("new"),
                wire,
                False,
                meaning,
                more.get("key"),
            )
        )

    def compare(self):
        for name in sorted(self.old.base.keys() | self.new.base.keys()):
            before, after = self.old.base.get(name), self.new.base.get(name)
            if before != after:
                effect = True, "programs built with the old base address call the old one"
                self.add("address", "changed", "", name, effect, old=before, new=after)
        for name in sorted(self.old.operations.keys() | self.new.operations.keys()):
            self.operation(name)
        for name in sorted(self.old.types.keys() | self.new.types.keys()):
            self.type(name)
        for name in sorted(self.old.enums.keys() | self.new.enums.keys()):
            self.enumeration(name)
        for name in sorted(self.old.faults.keys() | self.new.faults.keys()):
            self.fault(name)
        return self.changes

    def operation(self, name):
        old, new = self.old.operations.get(name), self.new.operations.get(name)
        if old is None:
            effect = False, "old callers do not call it"
            self.add("operation", "added", "", name, effect, new=routed(new))
            return
        key = ("operation", name)
        if new is None:
            effect = True, "the service no longer has it"
            self.add("operation", "removed", "", name, effect, old=routed(old), key=key)
            return
        if routed(old) != routed(new):
            effect = True, "old callers call a route that is not there, or another operation"
            self.add(
                "route", "changed", name, "route", effect, old=routed(old), new=routed(new), key=key
            )
        for aspect, effect in (
            ("documented", (False, "only the reference pages differ")),
            ("writes", (False, "look at what may be sent again after a lost reply")),
        ):
            before, after = (str(getattr(each, aspect)).lower() for each in (old, new))
            if before != after:
                self.add(
                    "operation", "changed", "", name, effect, aspect=aspect, old=before, new=after
                )
        self.members(name + "Request", old.request, new.request, True, False)
        self.members(name + "Response", old.response, new.response, False, True)

    def type(self, name):
        old, new = self.old.types.get(name), self.new.types.get(name)
        if old is None or new is None:
            effect = False, "JSON has no names of types; the members that have it tell"
            self.add("type", "removed" if old is not None else "added", "", name, effect)
            return
        self.members(name, old, new, name in self.requests, name in self.replies)

    def members(self, owner, old, new, sent, read):
        before, after = ({each.name: each for each in members} for members in (old, new))
        for name, member in before.items():
            if name not in after:
                effect = True, "; ".join(
                    ["the service silently ignores what old callers send"] * sent
                    + ["old readers do not find it any more"] * read
                )
                self.add("member", "removed", owner, name, effect, old=member_text(member))
            else:
                self.member(owner, member, after[name], sent, read)
        for name, member in after.items():
            if name not in before:
                required = sent and not member.nullable
                effect = required, "; ".join(
                    ["not nullable in requests: old callers do not send it"] * required
                    + ["old callers leave it out"] * (sent and not required)
                    + ["old readers ignore it"] * read
                )
                self.add("member", "added", owner, name, effect, new=member_text(member))

    def member(self, owner, old, new, sent, read):
        if old.kind != new.kind:
            effect = self.kinds(old.kind, new.kind, sent, read)
            self.add(
                "member",
                "changed",
                owner,
                old.name,
                effect,
                aspect="type",
                old=old.kind,
                new=new.kind,
            )
        if old.nullable != new.nullable:
            stricter = sent and not new.nullable
            effect = stricter, (
                "old callers may leave it out" if stricter else "readers take null as absent"
            )
            self.add(
                "member",
                "changed",
                owner,
                old.name,
                effect,
                aspect="nullability",
                old="nullable" if old.nullable else "not nullable",
                new="nullable" if new.nullable else "not nullable",
            )

    @staticmethod
    def kinds(old, new, sent, read):
        """The effect of another kind of value."""
        readable = {old, new} <= set(NUMBERS) or (old.startswith("enum:") and new == "string")
        takes = new == "string" and old.startswith("enum:")
        parts = []
        if sent and not takes:
            parts.append("the service may not take what old callers send")
        if read and not readable:
            parts.append("old readers do not understand it")
        return bool(parts), "; ".join(parts) or "old callers cope with it"

    def enumeration(self, name):
        old, new = self.old.enums.get(name), self.new.enums.get(name)
        if old is None or new is None:
            effect = False, "enumerations are text"
            self.add("type", "removed" if old else "added", "", name, effect)
            return
        before, after = ({*each.listed, *each.rest_only} for each in (old, new))
        for value in sorted(before - after):
            sent = name in self.requests
            effect = sent, "the service no longer takes it" if sent else "it no longer comes"
            self.add("enumeration value", "removed", name, value, effect)
        for value in sorted(after - before):
            only = " (REST only)" if value in new.rest_only else ""
            effect = False, "readers keep its text"
            self.add("enumeration value", "added", name, value + only, effect)
        for value in sorted((set(old.rest_only) ^ set(new.rest_only)) & before & after):
            ends = ("REST only", "both wires")
            self.add(
                "enumeration value",
                "changed",
                name,
                value,
                (False, "the wires differ in it, or no longer do"),
                aspect="wire",
                old=ends[value not in old.rest_only],
                new=ends[value not in new.rest_only],
            )
        if old.flags != new.flags:
            forms = ("one value", "several values in one text, with commas")
            effect = True, "values are written another way"
            more = {"old": forms[old.flags], "new": forms[new.flags]}
            self.add("type", "changed", "", name, effect, aspect="form", **more)

    def fault(self, name):
        old, new = self.old.faults.get(name), self.new.faults.get(name)
        if old is None or new is None:
            effect = False, "a fault of an unknown type is a fault; its members are not read"
            self.add("fault", "removed" if old is not None else "added", "", name, effect)
            return
        for member in sorted(set(old) - set(new)):
            effect = True, "old readers do not find it any more"
            self.add("fault", "changed", name, member, effect, aspect="member", old=member)
        for member in sorted(set(new) - set(old)):
            effect = False, "old readers ignore it"
            self.add("fault", "changed", name, member, effect, aspect="member", new=member)


def member_text(member):
    return member.kind + (", nullable" if member.nullable else "")


def compare_tables(old, new):
    """The changes from one table to another, as a list."""
    return _RestComparison(old, new).compare()
