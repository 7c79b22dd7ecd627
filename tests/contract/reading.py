"""A second reading of a contract, written apart from scripts/: facts from a stream.

read() gives what a contract says as facts (subject, what, value), without a tree and
without the reader that scripts/contract-diff has; differences() names the subjects that
differ between two readings: a type and its element of one name are one subject. What has
no meaning for messages is a fact too, under a subject of NEUTRAL, with the reason why
nobody is told.
"""

from collections import defaultdict
from xml.parsers import expat

W = "http://schemas.xmlsoap.org/wsdl/"
S = "http://schemas.xmlsoap.org/wsdl/soap/"
X = "http://www.w3.org/2001/XMLSchema"

NEUTRAL = {
    "documentation": "is for people",
    "annotation": "tells tools how to name and number things; only names and values travel",
    "policy": "says that HTTPS is wanted, which the library always speaks",
    "name of a message": "is how port type and binding refer to it, and does not travel",
    "name of a part": "is how port type and binding refer to it: elements travel",
    "name of an end": "WSDL's default name; nothing of document/literal has it",
    "action of WS-Addressing": "no header of WS-Addressing travels with SOAPAction",
    "import": "a schema without a location is found by its namespace",
    "name of definitions": "goes into comments only",
    "session": "basicHttpBinding has no sessions",
    "version of a schema": "numbers the file",
    "order of components": "they are found by name, and generation sorts them",
}
LIMITS = {
    *("pattern", "length", "minLength", "maxLength", "minInclusive", "maxInclusive"),
    *("minExclusive", "maxExclusive", "totalDigits", "fractionDigits", "whiteSpace"),
}


class Broken(Exception):
    """Not a contract: the text says what is missing or there twice."""


class _Stream:
    """Collects what the document says while it passes by; nothing is looked up yet."""

    def __init__(self):
        self.scopes = [{}]
        self.pending = {}
        self.stack = []  # (namespace, local, attributes, owner)
        self.schema = {}
        self.facts = set()
        self.orders = defaultdict(list)
        self.declared = defaultdict(dict)  # kind -> name -> what it points to
        self.wanted = []  # (kind, name)
        self.bodies = defaultdict(list)  # owner -> content models inside of it
        self.wsdl = defaultdict(dict)
        self.silent = 0

    # Names.

    def name(self, text):
        prefix, _, local = text.strip().rpartition(":")
        for scope in reversed(self.scopes):
            if prefix in scope:
                return (scope[prefix], local)
        if prefix:
            raise Broken(f"prefix {prefix}")
        return ("", local)

    def fact(self, subject, what, value):
        self.facts.add((subject, what, value))

    def declare(self, kind, name, value=None):
        if name in self.declared[kind]:
            raise Broken(f"{kind} {name} twice")
        self.declared[kind][name] = value

    def refer(self, kind, text):
        name = self.name(text)
        self.wanted.append((kind, name))
        return name

    # Events.

    def declaration(self, prefix, uri):
        self.pending[prefix or ""] = uri or ""

    def start(self, tag, attributes):
        self.scopes.append(self.pending)
        self.pending = {}
        namespace, _, local = tag.rpartition(" ")
        parent = self.stack[-1] if self.stack else ("", "", {}, None)
        owner = parent[3]
        plain = {name: value for name, value in attributes.items() if " " not in name}
        if self.silent or local in ("documentation", "annotation") and namespace in (W, X):
            kind = "documentation" if namespace == W else "annotation"
            if not self.silent:
                self.fact(("neutral", kind), str(self.path()), "")
            self.silent += 1
        elif namespace not in (W, S, X):
            self.fact(("neutral", "policy"), str(self.path()), tag)
            self.silent += 1
        else:
            self.extensions(attributes)
            handler = {W: self.on_wsdl, S: self.on_soap, X: self.on_schema}[namespace]
            owner = handler(local, plain, parent, owner)
        self.stack.append((namespace, local, plain, owner))

    def end(self, _tag):
        _, local, _, owner = self.stack.pop()
        self.scopes.pop()
        if self.silent:
            self.silent -= 1
        elif local == "simpleType" and not self.bodies[owner, "simple"]:
            raise Broken(f"simple type {owner} of nothing")
        elif local == "complexContent" and not self.bodies[owner, "content"]:
            raise Broken(f"content of {owner} of nothing")

    def text(self, data):
        if data.strip() and not self.silent:
            raise Broken("text")

    def path(self):
        return tuple((local, plain.get("name")) for _, local, plain, _ in self.stack)

    def extensions(self, attributes):
        for name, value in attributes.items():
            if name.endswith("/wsdl Action"):
                self.fact(("neutral", "action of WS-Addressing"), str(self.path()), value)
            elif " " in name and not name.startswith(W):
                self.fact(("neutral", "session"), str(self.path()), value)

    # Schemas.

    def on_schema(self, local, at, parent, owner):
        if local == "schema":
            self.schema = at
            schema = at.get("targetNamespace")
            self.fact(("neutral", "version of a schema"), schema, at.get("version"))
            return None
        if local == "import":
            self.wanted.append(("namespace", at.get("namespace", "")))
            schema = self.schema.get("targetNamespace")
            self.fact(("neutral", "import"), schema, at.get("namespace"))
            return None
        self.wanted.append(("own namespace", self.schema.get("targetNamespace", "")))
        if local in ("element", "attribute", "simpleType", "complexType") and parent[1] == "schema":
            return self.top(local, at)
        if local in ("element", "attribute"):
            return self.field(local, at, parent, owner)
        if local in ("simpleType", "complexType"):
            if parent[1] in ("list", "restriction"):
                part = "item" if parent[1] == "list" else "base"
                owner = (owner[0], f"{owner[1]}/{part}", owner[2])
            self.content(owner, local)
            return owner
        self.inside(local, at, parent, owner)
        return owner

    def top(self, local, at):
        if "name" not in at or {"minOccurs", "maxOccurs", "form", "ref", "use"} & at.keys():
            raise Broken(f"{local} at the top without a name, or with what fields have")
        name = (self.schema.get("targetNamespace", ""), at["name"])
        kind = "type" if local.endswith("Type") else local
        subject = ("component", at["name"])
        self.declare(kind, name)
        if kind == "type":
            for key in ("abstract", "mixed"):
                self.fact(subject, key, at.get(key, "false").replace("1", "true"))
            self.fact(subject, f"{kind} of {name[0]}", local)
            if local == "complexType":
                self.orders[(*subject, name[0])] = []
            return (*subject, name[0])
        self.fact(subject, f"{kind} of {name[0]}", "")
        self.declared[kind][name] = self.typed(at, subject)
        self.fact(subject, f"{kind} nillable", at.get("nillable", "false").replace("1", "true"))
        self.fact(subject, f"{kind} value", at.get("default") or at.get("fixed"))
        return (*subject, name[0])

    def typed(self, at, subject):
        if "type" in at:
            name = self.refer("type", at["type"])
            self.fact(subject, "typed", name)
            return name
        return None

    def field(self, local, at, parent, owner):
        if "ref" in at:
            name = self.refer(local, at["ref"])
            if "name" in at or "type" in at:
                raise Broken("ref and more")
        elif at.get("name"):
            form = at.get("form") or self.schema.get(f"{local}FormDefault")
            name = (owner[2] if form == "qualified" else "", at["name"])
        else:
            raise Broken(f"{local} without a name")
        subject = ("field", f"{owner[1]}.{name[1]}")
        if (local, name[1]) in [(each[0], each[1][1]) for each in self.orders[owner]]:
            raise Broken(f"{subject} twice")
        self.orders[owner].append((local, name))
        low, high = at.get("minOccurs", "1"), at.get("maxOccurs", "1")
        if not low.isdigit() or not (high.isdigit() or high == "unbounded"):
            raise Broken(f"{subject} comes {low} to {high} times")
        if high != "unbounded" and int(low) > int(high):
            raise Broken(f"{subject} comes {low} to {high} times")
        if local == "attribute":
            low = "1" if at.get("use") == "required" else "0"
        self.typed(at, subject)
        nil = at.get("nillable", "false").replace("1", "true").replace("0", "false")
        for what, value in (
            ("kind", local),
            ("namespace", name[0]),
            ("minimum", low),
            ("maximum", high),
            ("nil", nil),
            ("value", at.get("default") or at.get("fixed")),
            ("place", parent[1]),
        ):
            self.fact(subject, what, value)
        if parent[1] == "choice":
            self.fact(owner[:2], "choice of", name[1])
        return (owner[0], f"{owner[1]}/{name[1]}", owner[2])

    def content(self, owner, what):
        self.bodies[owner, "inner"].append(what)
        if len(self.bodies[owner, "inner"]) > 1:
            raise Broken(f"two types in {owner}")

    def inside(self, local, at, parent, owner):
        subject = owner[:2]
        if local in ("restriction", "list", "union"):
            key = "simple" if parent[1] == "simpleType" else "content"
            self.bodies[owner, key].append(local)
            for name in ("base", "itemType"):
                if name in at:
                    target = self.refer("type", at[name])
                    self.fact(subject, local, target)
                    if name == "base":
                        self.declared["base"][(owner[2], owner[1])] = target
            if len(self.bodies[owner, key]) > 1:
                raise Broken(f"{local} of {owner}")
        elif local == "extension":
            self.bodies[owner, "content"].append(local)
            target = self.refer("type", at["base"])
            self.declared["base"][(owner[2], owner[1])] = target
            self.declared["extended"][target] = True
            self.fact(subject, local, target)
        elif local == "enumeration":
            if at["value"] in [value for value in self.orders[(*owner, "values")]]:
                raise Broken(f"{at['value']} of {owner} twice")
            self.orders[(*owner, "values")].append(at["value"])
            self.fact(("value", f"{owner[1]}.{at['value']}"), "of", owner[2])
        elif local in LIMITS:
            self.fact(subject, local, at["value"])
        elif local in ("sequence", "choice", "all"):
            self.bodies[owner, f"particle of {parent[1]}"].append(local)
            if parent[1] not in ("sequence", "choice") and (
                len(self.bodies[owner, f"particle of {parent[1]}"]) > 1
            ):
                raise Broken(f"two particles in {owner}")
            occurs = at.get("minOccurs", "1"), at.get("maxOccurs", "1")
            self.fact(subject, "particle", (local, *occurs))
        else:
            self.fact(subject, local, tuple(sorted(at.items())))

    # WSDL and its binding.

    def on_wsdl(self, local, at, parent, owner):
        name = at.get("name", "")
        if local == "definitions":
            self.fact(("neutral", "name of definitions"), "", name)
        elif local in ("message", "portType", "binding", "service"):
            self.declare(local, name, {})
            self.wsdl[local][name] = {"at": at, "nodes": {}}
            owner = self.wsdl[local][name]
        elif local == "part":
            if name in owner["nodes"]:
                raise Broken(f"part {name} twice")
            owner["nodes"][name] = self.refer("element", at["element"])
        elif local in ("operation", "port"):
            if name in owner["nodes"]:
                raise Broken(f"{local} {name} twice")
            owner["nodes"][name] = owner = {"at": at, "soap": {}, "ends": [], "style": None}
        elif local in ("input", "output", "fault"):
            shown = name if local != "fault" else ""
            self.fact(("neutral", "name of an end"), str(self.path()), shown)
            if [each for each in owner["ends"] if each[0] == local and local != "fault"]:
                raise Broken(f"two {local}")
            if [e for e in owner["ends"] if e[0] == local == "fault" and e[1]["name"] == name]:
                raise Broken(f"fault {name} twice")
            owner["ends"].append((local, at, []))
            owner = owner["ends"][-1]
        return owner

    def on_soap(self, local, at, parent, owner):
        if parent[1] in ("input", "output", "fault"):
            if local == "fault" and at["name"] != owner[1]["name"]:
                raise Broken("soap:fault of another name")
            if at.get("use") != "literal":
                raise Broken(f"{local} is not literal")
            if local != "header" and [each for each in owner[2] if each[0] == local]:
                raise Broken(f"{local} twice")
            owner[2].append((local, at))
        elif parent[1] == "header":
            owner[2].append((local, at))
        elif parent[1] in ("operation", "port"):
            if owner["soap"]:
                raise Broken(f"{local} twice")
            owner["soap"] = {"tag": local, **at}
        elif parent[1] == "binding":
            if "soap" in owner:
                raise Broken("soap:binding twice")
            owner["soap"] = at
        return owner


def _local(text):
    return text.split(":")[-1]


def _parts(wsdl, message):
    if _local(message) not in wsdl["message"]:
        raise Broken(f"message {message}")
    return dict(wsdl["message"][_local(message)]["nodes"])


def _end(wsdl, declared, bound, direction):
    """What one direction of an operation puts on the wire."""
    here = [end for end in declared["ends"] if end[0] == direction]
    there = [end for end in bound["ends"] if end[0] == direction]
    if not here:
        if there:
            raise Broken(f"{direction} bound only")
        return None
    own = _local(here[0][1]["message"])
    parts, headers, body, faults = _parts(wsdl, own), [], None, []
    for kind, at in there[0][2] if there else ():
        if kind == "body":
            body = at
        else:
            elements = _parts(wsdl, at["message"])
            if at["part"] not in elements:
                raise Broken(f"header part {at['part']}")
            (headers if kind == "header" else faults).append(elements[at["part"]])
            if kind == "header" and _local(at["message"]) == own:
                if parts.pop(at["part"], None) is None:
                    raise Broken(f"part {at['part']} twice")
    if len(set(headers)) < len(headers):
        raise Broken("a header twice")
    if body is None or body.get("parts") == "":
        return None, tuple(headers), tuple(faults)
    chosen = body["parts"].split() if "parts" in body else list(parts)
    if len(chosen) != 1 or chosen[0] not in parts:
        raise Broken(f"{direction} with {len(chosen)} parts")
    return parts[chosen[0]], tuple(headers), tuple(faults)


def _faults(wsdl, declared, bound):
    found = []
    here = {at["name"]: at for kind, at, _ in declared["ends"] if kind == "fault"}
    there = {at["name"]: soap for kind, at, soap in bound["ends"] if kind == "fault"}
    for name in here.keys() | there.keys():
        detail = None
        if name in here:
            parts = list(_parts(wsdl, here[name]["message"]).values())
            if len(parts) != 1:
                raise Broken(f"fault {name} of {len(parts)} parts")
            detail = parts[0]
        found.append((str(detail or name), name in there, bool(there.get(name))))
    return tuple(sorted(found))


def _service(stream):
    """Facts on the service and its operations."""
    wsdl = stream.wsdl
    ports = [
        (service, name, port)
        for service, each in wsdl["service"].items()
        for name, port in each["nodes"].items()
    ]
    if len(ports) != 1 or ports[0][2]["soap"].get("tag") != "address":
        raise Broken(f"{len(ports)} ports")
    service, port, at = ports[0]
    binding = wsdl["binding"].get(_local(at["at"]["binding"]))
    port_type = binding and wsdl["portType"].get(_local(binding["at"]["type"]))
    if port_type is None or "soap" not in binding:
        raise Broken("a port without a binding or port type")
    for what, value in (
        ("service", service),
        ("port", port),
        ("binding", _local(at["at"]["binding"])),
        ("portType", _local(binding["at"]["type"])),
        ("address", at["soap"]["location"]),
        ("transport", binding["soap"].get("transport")),
    ):
        yield ("service", what), what, value
    declared, bound = port_type["nodes"], binding["nodes"]
    if declared.keys() != bound.keys() or not declared:
        raise Broken("operations of port type and binding differ")
    for name, operation in declared.items():
        soap = bound[name]["soap"]
        if soap.get("tag") != "operation":
            raise Broken(f"{name} has no soap:operation")
        subject = ("operation", name)
        ends = [_end(wsdl, operation, bound[name], each) for each in ("input", "output")]
        if ends[0] is None:
            raise Broken(f"{name} without input")
        yield subject, "action", soap.get("soapAction", "")
        yield subject, "style", soap.get("style") or binding["soap"].get("style", "document")
        yield subject, "ends", tuple(ends)
        yield subject, "faults", _faults(wsdl, operation, bound[name])
    for name, message in wsdl["message"].items():
        yield ("neutral", "name of a message"), name, ""
        yield ("neutral", "name of a part"), name, tuple(message["nodes"])


def _check(stream):
    """What is referred to is there, and of the right kind."""
    declared = stream.declared
    namespaces = {name[0] for kind in ("type", "element", "attribute") for name in declared[kind]}
    for kind, name in stream.wanted:
        if kind == "namespace":
            if name not in namespaces | {X, "http://www.w3.org/XML/1998/namespace"}:
                raise Broken(f"schema of {name}")
        elif kind != "own namespace" and name[0] != X and name not in declared[kind]:
            raise Broken(f"{kind} {name}")
    complex_types = {
        (subject[2], subject[1]) for subject in stream.orders if len(subject) == 3
    } & declared["type"].keys()
    for name, base in declared["base"].items():
        seen = {name}
        while base is not None:
            if base in seen:
                raise Broken(f"{name} is made of itself")
            seen.add(base)
            base = declared["base"].get(base)
    for base in declared["extended"]:
        if base not in complex_types:
            raise Broken(f"{base} is extended")
    for name, base in declared["base"].items():
        if base in complex_types and name not in complex_types and "/" not in name[1]:
            raise Broken(f"{name} is made of a structure")


def read(text):
    """The facts of a contract and the orders of its lists; raises Broken."""
    stream = _Stream()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartNamespaceDeclHandler = stream.declaration
    parser.StartElementHandler = stream.start
    parser.EndElementHandler = stream.end
    parser.CharacterDataHandler = stream.text
    try:
        parser.Parse(text, True)
        facts = stream.facts | set(_service(stream))
        _check(stream)
    except (expat.ExpatError, KeyError) as error:
        raise Broken(str(error)) from error
    return Facts(stream, facts)


class Facts:
    def __init__(self, stream, facts):
        self.all = facts
        self.orders = dict(stream.orders)
        self.bases = stream.declared["base"]
        self.by_subject = defaultdict(set)
        for subject, what, value in facts:
            self.by_subject[subject].add((what, value))

    def fields(self, owner):
        """The fields of a type with those that it inherits: name -> facts."""
        found = {}
        while owner is not None:
            for _, name in self.orders.get(("component", owner[1], owner[0]), ()):
                found[name[1]] = self.by_subject["field", f"{owner[1]}.{name[1]}"]
            owner = self.bases.get(owner)
        return found


def differences(old, new):
    """Subjects that differ, and kinds of NEUTRAL that do."""
    told, neutral = set(), set()
    for subject, _what, _value in old.all ^ new.all:
        (neutral if subject[0] == "neutral" else told).add(subject[:2])
    for owner in old.orders.keys() & new.orders.keys():
        before, after = (
            [e for e in one.orders[owner] if e in other.orders[owner] and e[0] != "attribute"]
            for one, other in ((old, new), (new, old))
        )
        if before != after:
            told.add(owner[:2])
    for owner in old.bases.keys() | new.bases.keys():
        # A type with another base has other fields, which are told one by one.
        if old.bases.get(owner) != new.bases.get(owner):
            before, after = old.fields(owner), new.fields(owner)
            for name in before.keys() | after.keys():
                if before.get(name) != after.get(name):
                    told.add(("field", f"{owner[1]}.{name}"))
    return told, {kind for _, kind in neutral}
