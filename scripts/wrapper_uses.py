"""Finds which items of the contract the hand-written wrapper depends on, and where.

The compiler finds the members: it reads the wrapper against a copy of the
generated header in which every struct member is marked deprecated, and names
each use with file and line. Names of structs, operations and enumeration
values are read from the text. The result maps the keys of contract_changes to
the functions that use them, "contract/v11.c:function" below src/lib, or the bare file
name for what stands outside of a function.

The wrapper speaks several versions of the contract. Looked at is what the version
at hand is compiled from: its own files with what they include (contract/shared.h,
of which each version makes its own), and the files that belong to no version.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import tempfile
from collections import defaultdict
from pathlib import Path

from contract import ComplexType, SimpleType, snake_case
from wsdl_document import QName

WRAPPER = Path("src") / "lib"
PUBLIC = Path("include") / "bacm"
MARK = "contract item "
COMPILE_SECONDS = 120

STRUCT = re.compile(r"^struct (\w+) \{\n(.*?)^\};", re.MULTILINE | re.DOTALL)
# Nothing is linked: the gSOAP that is installed may be another than the one of gen/.
GSOAP_CHECK = re.compile(r"^#if GSOAP_VERSION != \d+", re.MULTILINE)
MEMBER = re.compile(r"^(\s+[\w ]+[ *])(\w+);$", re.MULTILINE)
WARNING = re.compile(r"^(\S[^:\n]*):(\d+):\d+: warning: .*" + MARK + r"(\w+)\.(\w+)", re.MULTILINE)
FUNCTION = re.compile(r"^[A-Za-z_][\w \t*]*[ \t*]\n?(\w+)\(", re.MULTILINE)
PINNED = re.compile(r'^(\w+)\s*=\s*"([^"]+)"\s*$', re.MULTILINE)
STRING = r'"(?:[^"\\\n]|\\.)*"'
LITERAL = re.compile(rf"{STRING}(?:\s*{STRING})*")
DESIGNATOR = re.compile(r"[{,]\s*\.(\w+)\s*=")
WORD = re.compile(r"\b[A-Za-z_]\w*\b")
VERSIONED = re.compile(
    r'^#include\s+["<](?:bacm/operations_|lib/contract/)?(v\d+)', re.MULTILINE
)
# Macros that a version's file defines for what it includes: a text, and a name.
TEXT_MACRO = re.compile(rf"^#define +(\w+) +({STRING})$", re.MULTILINE)
NAME_MACRO = re.compile(r"^#define +(\w+)\((\w+)\) +(\w+)##\2$", re.MULTILINE)
COMMENT = re.compile(rf"({STRING})|/\*.*?\*/|//[^\n]*", re.DOTALL)


class WrapperError(Exception):
    """The wrapper could not be examined; the text says why."""


def pinned_version(root, contract):
    """The contract version whose typemap pins this contract's namespace, and its prefixes."""
    for typemap in sorted((root / "wsdl").glob("*/typemap.dat")):
        prefixes = dict(PINNED.findall(typemap.read_text(encoding="utf-8")))
        if contract.namespace in prefixes.values():
            return typemap.parent.name, prefixes
    return None, {}


def generated_version(root, contract):
    """The same, where its bindings are there."""
    version, prefixes = pinned_version(root, contract)
    if version is None or not (root / "gen" / version).is_dir():
        raise WrapperError(f"no bindings are there for {contract.namespace}")
    return version, prefixes


def mark_members(stub, wanted):
    """The header with each member of the wanted structs marked deprecated under its name."""

    def struct(match):
        name = match.group(1)
        if not wanted(name):
            return match.group()
        body = MEMBER.sub(
            lambda m: f"{m.group(1)}{m.group(2)} "
            f'__attribute__((deprecated("{MARK}{name}.{m.group(2)}")));',
            match.group(2),
        )
        return f"struct {name} {{\n{body}}};"

    return STRUCT.sub(struct, stub)


def xml_name(c_name):
    """The XML name behind a C name: soapcpp2 ends a C keyword with an underscore."""
    return c_name.removesuffix("_").replace("_USCORE", "_")


class _Source:
    """One file of the wrapper: its text without comments and who owns a line."""

    def __init__(self, path, name=None):
        self.path = path
        self.name = name or path.name
        self.text = COMMENT.sub(
            lambda m: m.group(1) or re.sub(r"[^\n]", " ", m.group()),
            path.read_text(encoding="utf-8"),
        )
        ends = [self.line(m.start()) for m in re.finditer(r"^\}", self.text, re.MULTILINE)]
        self.functions = [
            (start, next((end for end in ends if end > start), start), match.group(1))
            for match in FUNCTION.finditer(self.text)
            if self._defines(match.end())
            for start in [self.line(match.start())]
        ]

    def versions(self):
        """The versions of the contract whose bindings the file includes."""
        return set(VERSIONED.findall(self.text))

    def expand(self, texts, names):
        """Writes out the macros of a version; no line moves."""
        for name, text in texts:
            self.text = re.sub(rf"(?<!#define )\b{name}\b", lambda m, t=text: t, self.text)
        for name, _, stem in names:
            self.text = re.sub(rf"(?<!#define )\b{name}\((\w+)\)", rf"{stem}\1", self.text)

    def literals(self):
        """Each string literal, adjacent ones joined, with its owner."""
        for match in LITERAL.finditer(self.text):
            text = "".join(part[1:-1] for part in re.findall(STRING, match.group()))
            yield text, self.owner_at(match.start())

    def line(self, offset):
        return self.text.count("\n", 0, offset) + 1

    def _defines(self, offset):
        """Whether the parameter list that starts here is followed by a body."""
        depth = 1
        while depth and offset < len(self.text):
            depth += {"(": 1, ")": -1}.get(self.text[offset], 0)
            offset += 1
        return self.text[offset:].lstrip().startswith("{")

    def owner(self, line):
        for start, end, name in self.functions:
            if start <= line <= end:
                return f"{self.name}:{name}"
        return self.name

    def owner_at(self, offset):
        return self.owner(self.line(offset))


def compile_uses(root, version, generated, source):
    """(file name, line, struct, member) of each member access that the compiler sees."""
    flags = subprocess.run(
        ["pkg-config", "--cflags", "gsoapssl"], capture_output=True, text=True, check=False
    )
    if flags.returncode != 0:
        raise WrapperError("pkg-config does not know gsoapssl; install libgsoap-dev")
    command = [
        *shlex.split(os.environ.get("CC", "cc")),
        "-std=c11",
        "-D_GNU_SOURCE",
        "-fsyntax-only",
        "-Wdeprecated-declarations",
        "-I",
        str(root / "include"),
        "-I",
        str(root / "src"),
        "-isystem",
        str(generated / version),
        "-isystem",
        str(generated),
        *shlex.split(flags.stdout),
        str(source.path),
    ]
    try:
        done = subprocess.run(
            command,
            env={**os.environ, "LC_ALL": "C"},
            capture_output=True,
            text=True,
            check=False,
            timeout=COMPILE_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise WrapperError(f"the C compiler does not run: {error}") from error
    if done.returncode != 0:
        first = next((line for line in done.stderr.splitlines() if "error" in line), "")
        raise WrapperError(f"{source.name} does not compile with gen/{version}: {first}")
    wrapper = root / WRAPPER
    return {
        (Path(file).relative_to(wrapper).as_posix(), int(line), struct, member)
        for file, line, struct, member in WARNING.findall(done.stderr)
        if Path(file).is_relative_to(wrapper)
    }


class Finder:
    def __init__(self, root, contract):
        self.root, self.contract = root, contract
        self.version, self.prefixes = generated_version(root, contract)
        self.uses = defaultdict(set)
        self.sources = self._sources()
        folder = root / "gen" / self.version
        stub = (folder / f"{self.version}Stub.h").read_text(encoding="utf-8")
        self.stub = GSOAP_CHECK.sub("#if 0", stub)
        self.members = {
            name: [m[1] for m in MEMBER.findall(body)]
            for name, body in STRUCT.findall(self.stub)
            if self.item(name)
        }

    def _sources(self):
        """The files that this version is compiled from."""
        wrapper = self.root / WRAPPER
        files = [
            _Source(path, path.relative_to(wrapper).as_posix())
            for path in sorted(wrapper.rglob("*.[ch]"))
        ]
        files = [file for file in files if file.versions() <= {self.version}]
        own = "\n".join(file.text for file in files if file.versions())
        texts, names = TEXT_MACRO.findall(own), NAME_MACRO.findall(own)
        for file in files:
            file.expand(texts, names)
        return files

    def item(self, c_name):
        """What a generated struct stands for: the QName of a type, or "header" or "fault"."""
        if c_name in ("SOAP_ENV__Header", "SOAP_ENV__Detail"):
            return "header" if c_name.endswith("Header") else "fault"
        match = re.fullmatch(r"(_?)(\w+?)__(\w+)", c_name)
        if not match or match.group(2) not in self.prefixes:
            return None
        name = QName(
            self.prefixes[match.group(2)],
            ("/" if match.group(1) else "") + xml_name(match.group(3)),
        )
        return name if name in self.contract.types else None

    def find(self):
        with tempfile.TemporaryDirectory(prefix="bacm-uses-") as temporary:
            generated = Path(temporary)
            shutil.copytree(self.root / "gen" / self.version, generated / self.version)
            (generated / self.version / f"{self.version}Stub.h").write_text(
                mark_members(self.stub, lambda name: name in self.members), encoding="utf-8"
            )
            by_name = {source.name: source for source in self.sources}
            for source in self.sources:
                self._texts(source)
                if not source.versions():
                    continue
                for file, line, struct, member in compile_uses(
                    self.root, self.version, generated, source
                ):
                    self._member(struct, member, by_name[file].owner(line))
        public = sorted((self.root / PUBLIC).glob("*.h"))
        for source in [*self.sources, *map(_Source, public)]:
            self._values(source)
        return {key: sorted(functions) for key, functions in self.uses.items()}

    def _member(self, struct, member, function):
        owner = self.item(struct)
        local = member.removeprefix("__size")
        if isinstance(owner, str):
            prefix, _, local = local.partition("__")
            name = QName(self.prefixes.get(prefix, ""), xml_name(local))
            if name in self.contract.elements:
                self.uses[owner, name].add(function)
                self.uses["element", name].add(function)
            return
        prefix, _, rest = local.partition("__")
        if rest and prefix in self.prefixes:
            local = rest
        local = xml_name(local)
        while owner is not None:
            kind = self.contract.types[owner]
            if any(field.name.local == local for field in kind.fields):
                self.uses["field", owner, local].add(function)
                self.uses["type", owner].add(function)
                return
            owner = kind.base
        raise WrapperError(f"the contract has no {member} for struct {struct}: is gen/ up to date?")

    def _texts(self, source):
        operations = self.contract.operations
        generated = {}  # what scripts/generate names after an operation
        for name in operations:
            generated[f"bacm_{self.version}_{snake_case(name)}"] = name
            generated[f"BACM_{self.version.upper()}_{name}"] = name
        for match in WORD.finditer(source.text):
            word = match.group()
            function = source.owner_at(match.start())
            if word in generated:
                self.uses["operation", generated[word]].add(function)
            struct = re.sub(r"^(?:SOAP_TYPE_|soap_[a-z]+_(?:req_|set_)?)(?=\w+__)", "", word)
            if struct in self.members and not isinstance(self.item(struct), str):
                self._struct(struct, function)
        for text, function in source.literals():
            if text in operations:
                self.uses["operation", text].add(function)
            elif text in self.prefixes.values():
                self.uses["namespace", text].add(function)
            elif text == self.contract.address:
                self.uses[("address",)].add(function)
            elif text.endswith(".nsmap"):
                self.uses[("binding",)].add(function)
        # The compiler does not report designators as uses.
        for match in DESIGNATOR.finditer(source.text):
            function = source.owner_at(match.start())
            for struct, members in self.members.items():
                if match.group(1) in members and self._mentions(source, function, struct):
                    self._member(struct, match.group(1), function)

    @staticmethod
    def _mentions(source, function, struct):
        return any(
            source.owner_at(m.start()) == function
            for m in re.finditer(rf"\b{struct}\b", source.text)
        )

    def _struct(self, struct, function):
        name = self.item(struct)
        self.uses["type", name].add(function)
        if not name.local.startswith("/"):
            return
        element = QName(name.namespace, name.local[1:])
        self.uses["element", element].add(function)
        for operation, ends in self.contract.operations.items():
            if element in (ends.input.body, ends.output and ends.output.body):
                self.uses["operation", operation].add(function)

    def _values(self, source):
        """Values of the enumerations that the used fields have, as text in the wrapper."""
        enumerations = self._used_enumerations()
        for text, function in source.literals():
            for name, values in enumerations.items():
                if text in values:
                    self.uses["value", name, text].add(function)
                    self.uses["type", name].add(function)

    def _used_enumerations(self):
        enumerations = {}
        for key in list(self.uses):
            if key[0] == "field":
                owner = self.contract.types[key[1]]
                for field in owner.fields if isinstance(owner, ComplexType) else ():
                    kind = self.contract.types.get(field.type)
                    if field.name.local == key[2] and isinstance(kind, SimpleType) and kind.values:
                        enumerations[field.type] = kind.values
        return enumerations


def examine(root, contract):
    """(the sources of the wrapper, what find_uses gives)."""
    try:
        finder = Finder(Path(root), contract)
        return finder.sources, finder.find()
    except OSError as error:
        raise WrapperError(f"cannot read {error.filename}: {error.strerror}") from error


def find_uses(root, contract):
    """Key of a contract item -> the wrapper's functions that depend on it."""
    return examine(root, contract)[1]
