"""Which columns of CSV and keys of NDJSON a field of the contract ends in.

Read from the sources, by the way of a value: a field of a generated struct meets a member
of a public struct in a statement of the wrapper (to->Note = from->note), and that member a
name in the command line: in its list of a link's fields, or in what a record is made of
("email", output_text(user->email)). A local variable
in between is followed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

CLI = Path("src") / "cli"
VARIABLE = re.compile(r"\b(?:const )?(bacm_\w+) \*(?:const )?(\w+)\b(?!\()")
MEMBER = re.compile(r"\b(\w+)(?:->|\[\w+\]\.)(\w+)\b")
LOCAL = re.compile(r"^\s*(?:const )?\w+ \*?(\w+) = ")
RECORD = re.compile(r'"(\w+)",\s*[\w(]*?(?:\(json_int_t\))?\b(\w+)->(\w+)')
# A line of the list of a link's fields (src/cli/input/link_fields.h).
FIELD = re.compile(r'X\(\w+, "(\w+)", (?:"(\w+)"|NULL), "(\w+)", \w+, (\w+), (\w+),')
FIELD_OWNER = "bacm_client_link"


def _members(statement, structs):
    """(struct, member) pairs of public structs that a statement names."""
    return {
        (structs[variable], member)
        for variable, member in MEMBER.findall(statement)
        if variable in structs
    }


def _statements(text):
    return re.split(r"[;{}]", text)


def _public_members(source):
    """(function, name of a generated member) -> public members that it meets."""
    found = defaultdict(set)
    lines = source.text.splitlines()
    for start, end, name in source.functions:
        body = "\n".join(lines[start - 1 : end])
        structs = {variable: struct for struct, variable in VARIABLE.findall(body)}
        parts = _statements(body[body.find("{") + 1 :])
        locals_ = defaultdict(set)
        for part in parts:
            words = {member for variable, member in MEMBER.findall(part)}
            local = LOCAL.match(part)
            if local:
                locals_[local.group(1)] |= words
            meets = _members(part, structs)
            for variable, more in locals_.items():
                if re.search(rf"= {variable}$|\({variable}\b", part.strip()):
                    words |= more
            for word in words - {member for _, member in meets}:
                found[name, word] |= meets
    return found


def _columns(root):
    """(struct, member) -> {"input" or "output": names}."""
    found = defaultdict(lambda: defaultdict(set))
    for path in sorted((root / CLI).rglob("*.[ch]")):
        text = path.read_text(encoding="utf-8")
        for name, other, key, member, use in FIELD.findall(re.sub(r"\s*\\\n\s*", " ", text)):
            columns = found[FIELD_OWNER, member]
            columns["output"].add(key)
            if use != "SERVICE":
                columns["input"] |= {name, other} - {""}
        structs = {variable: struct for struct, variable in VARIABLE.findall(text)}
        for column, variable, member in RECORD.findall(text):
            if variable in structs:
                found[structs[variable], member]["output"].add(column)
    return found


def find_columns(root, sources, uses):
    """Key of a field -> {"input": names, "output": names}, for those that the wrapper uses."""
    root = Path(root)
    meets = {source.name: _public_members(source) for source in sources}
    columns = _columns(root)
    found = {}
    for key, functions in uses.items():
        if key[0] != "field":
            continue
        here = {"input": set(), "output": set()}
        for file, _, function in (each.partition(":") for each in functions):
            for member in meets.get(file, {}).get((function, key[2]), ()):
                for side, names in columns.get(member, {}).items():
                    here[side] |= names
        if here["input"] or here["output"]:
            found[key] = {side: sorted(names) for side, names in here.items()}
    return found
