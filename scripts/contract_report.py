"""What contract-diff found, as text for people and as JSON for machines."""

from __future__ import annotations

from collections import defaultdict

from contract_change import type_text
from contract_changes import COMPATIBLE, SOURCE, WIRE
from contract_side import Side
from rest_effects import NONE

CLASSES = (WIRE, SOURCE, COMPATIBLE)
SHOWN = 6
OF_OPERATIONS = ("operation", "route", "SOAPAction", "header part", "header fault", "fault")


def touched(changes, users):
    """Functions of the wrapper behind breaking changes."""
    return sorted(
        {
            function
            for change in changes
            if change.classification != COMPATIBLE
            for function in users(change)
        }
    )


class Report:
    """The changes, and whom they touch.

    Whoever makes it fills in what was found beside: uses and columns, what of the wrapper and
    of the command line depends on an item of the old contract (wrapper_uses, wrapper_columns;
    problem says why that was not examined), effects and drift (rest_effects).
    """

    def __init__(self, old, new, changes, operations):
        """operations: name of a type -> the operations that it travels with."""
        self.old, self.new, self.changes = old, new, changes
        self.problem = None
        self.operations = operations
        self.known = {*old.operations, *new.operations}
        self.uses, self.columns = {}, {}
        self.effects = {}  # change -> what it is over REST
        self.drift = []  # what REST has beside the WSDL
        self.summary = {
            name: sum(change.classification == name for change in changes) for name in CLASSES
        }

    def users(self, change):
        return self.uses.get(change.key, []) if change.key else []

    def columns_of(self, change):
        """{"input": names, "output": names} of CSV and NDJSON that the item ends in."""
        found = {"input": set(), "output": set()}
        for key, names in self.columns.items():
            kind, owner, local = key
            same = key == change.key
            if change.key and change.key[0] in ("type", "value"):
                fields = getattr(self.old.types.get(owner), "fields", ())
                same = change.key[1] in [f.type for f in fields if f.name.local == local]
            if same:
                for side, each in names.items():
                    found[side] |= set(each)
        return {side: sorted(names) for side, names in found.items()}

    def operations_of(self, change):
        """The operations whose messages have what changed."""
        if change.kind in OF_OPERATIONS and (change.owner or change.item) in self.known:
            return [change.owner or change.item]
        return sorted(self.operations.get(change.owner or change.item, ()))

    def status(self):
        if self.summary[WIRE] or self.summary[SOURCE]:
            return 2
        return 1 if self.changes else 0

    def as_json(self):
        return {
            "format": "bacm-contract-diff/1",
            "old": {"location": self.old.location, **self.old.counts()},
            "new": {"location": self.new.location, **self.new.counts()},
            "summary": self.summary,
            "wrapper": {
                "examined": self.problem is None,
                "problem": self.problem,
                "touched": touched(self.changes, self.users),
            },
            "rest": self.drift,
            "changes": [
                {
                    "kind": change.kind,
                    "change": change.action,
                    "name": change.name,
                    "aspect": change.aspect or None,
                    "old": change.old,
                    "new": change.new,
                    "class": change.classification,
                    "wire": change.wire,
                    "source": change.source,
                    "meaning": change.meaning,
                    "json": self.effects.get(change),
                    "operations": self.operations_of(change),
                    "wrapper": self.users(change),
                    "columns": self.columns_of(change),
                }
                for change in self.changes
            ],
        }

    def as_text(self):
        before, after = self.old.counts(), self.new.counts()
        lines = [f"# {self.new.service}: what changed", "", "| | old | new |", "|---|---|---|"]
        lines += [f"| {name} | {before[name]} | {after[name]} |" for name in before]
        lines += [
            "",
            ", ".join(f"{self.summary[name]} {name}" for name in CLASSES) + ".",
            self._wrapper_line(),
        ]
        for name in CLASSES:
            found = [change for change in self.changes if change.classification == name]
            if found:
                lines += ["", f"## {name}", ""]
                for group in grouped(found):
                    lines += self._entry(group)
        if self.drift:
            lines += ["", "## REST beside the WSDL", "", *(f"* {line}" for line in self.drift)]
        return "\n".join(lines) + "\n"

    def _wrapper_line(self):
        if self.problem is not None:
            return f"Wrapper: not examined, {self.problem}"
        functions = touched(self.changes, self.users)
        return (
            f"Wrapper: touched in {', '.join(functions)}." if functions else "Wrapper: not touched."
        )

    def _entry(self, group):
        first = group[0]
        text = f"* {first.kind} {group_name(group)} {first.action}".replace("  ", " ")
        if first.aspect:
            text += f": {first.aspect}"
        if first.action == "changed":
            text += "" if first.aspect == "order" else f" {first.old} -> {first.new}"
        elif first.old or first.new:
            text += f" ({first.old or first.new})"
        lines = [text + (" [also source-breaking]" if first.wire and first.source else "")]
        if first.meaning:
            lines.append(f"  {first.meaning}")
        effect = self.effects.get(first, NONE)
        if not effect.startswith(NONE):
            lines.append(f"  JSON: {effect}")
        functions = sorted({function for change in group for function in self.users(change)})
        if functions:
            verb = (
                "does not compile" if first.source else "depends on it" if first.wire else "uses it"
            )
            lines.append(f"  wrapper {verb}: {', '.join(functions)}")
        columns = columns_text([self.columns_of(change) for change in group])
        if columns:
            lines.append(f"  {columns}")
        return lines


def operations_of_types(old, new):
    """Name of a type or element, as changes have it -> the operations that it travels with."""
    found = defaultdict(set)
    for contract in (old, new):
        side = Side.of(contract, {})
        for name, operation in contract.operations.items():
            ends = [end for end in (operation.input, operation.output) if end]
            elements = {element for end in ends for element in (end.body, *end.headers)}
            elements = (elements | set(operation.details())) - {None}
            for each in [*elements, *side.reached(elements)]:
                found[type_text(each)].add(name)
    return found


def operations_of_tables(old, new):
    """The same for tables of REST operations."""
    found = defaultdict(set)
    for table in (old, new):
        for name, operation in table.operations.items():
            for each in table.reached((*operation.request, *operation.response)):
                found[each].add(name)
            for end in ("Request", "Response"):
                found[name + end].add(name)
    return found


def columns_text(columns):
    """The columns of CSV and NDJSON in words, "" for none."""
    parts = []
    for side in ("input", "output"):
        names = sorted({name for each in columns for name in each[side]})
        if names:
            parts.append(f"{side} {', '.join(names)}")
    return "CSV and NDJSON: " + "; ".join(parts) if parts else ""


def grouped(changes):
    """Runs together what is the same but for the owner, and values of one enumeration."""
    groups = {}
    for change in changes:
        key = (
            change.kind,
            change.action,
            change.aspect,
            change.wire,
            change.source,
            change.meaning,
        )
        if change.kind == "enumeration value":
            key += (change.owner,)
        elif change.owner:
            key += (change.item, change.old, change.new)
        else:
            key += (change.item, change.old, change.new, len(groups))
        groups.setdefault(key, []).append(change)
    return groups.values()


def group_name(group):
    if len(group) == 1:
        return group[0].name
    if group[0].kind == "enumeration value":
        return f"{group[0].owner}: {', '.join(change.item for change in group)}"
    owners = [change.owner for change in group]
    shown = ", ".join(owners[:SHOWN])
    if len(owners) > SHOWN:
        shown += f" and {len(owners) - SHOWN} more"
    return f"{group[0].item} of {shown}"
