"""Checks an element against the schemas of the contract's WSDL.

As much of XML Schema as the contract uses: sequences, extension, enumerations,
nillable elements, xsi:type, and the built-in types that occur in it.
"""

import io
import re
from pathlib import Path
from xml.etree import ElementTree

FOLDER = Path(__file__).resolve().parents[2] / "wsdl"
XSD = "http://www.w3.org/2001/XMLSchema"
XSI = "http://www.w3.org/2001/XMLSchema-instance"

BUILT_IN = {
    "string": r"(?s).*", "int": r"[+-]?\d{1,10}", "long": r"[+-]?\d{1,19}",
    "boolean": r"true|false|0|1", "unsignedByte": r"\d{1,3}", "decimal": r"[+-]?\d+(\.\d+)?",
    "dateTime": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?",
    "base64Binary": r"([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?",
}


def parse_with_namespaces(data):
    """The root, and for each element the prefixes in scope at it."""
    scopes, stack, pending = {}, [{}], {}
    root = None
    for event, item in ElementTree.iterparse(io.BytesIO(data), ("start-ns", "start", "end")):
        if event == "start-ns":
            pending[item[0]] = item[1]
        elif event == "start":
            root = item if root is None else root
            stack.append({**stack[-1], **pending})
            pending = {}
            scopes[item] = stack[-1]
        else:
            stack.pop()
    return root, scopes


def qualified(name, scope):
    prefix, _, local = name.rpartition(":")
    return f"{{{scope.get(prefix, '')}}}{local}"


def wsdl(version):
    return FOLDER / version / "CustomerManagementService.wsdl"


class Schemas:
    def __init__(self, version):
        root, self.scopes = parse_with_namespaces(wsdl(version).read_bytes())
        self.complex, self.simple, self.elements = {}, {}, {}
        for schema in root.iter(f"{{{XSD}}}schema"):
            target = schema.get("targetNamespace")
            for child in schema:
                table = {"complexType": self.complex, "simpleType": self.simple,
                         "element": self.elements}.get(child.tag.split("}")[1])
                if table is not None:
                    table[f"{{{target}}}{child.get('name')}"] = (child, target)

    def particles(self, node, target):
        """(tag, nillable, min, max, type or inline node) of a complex type, bases first."""
        found = []
        extension = node.find(f"{{{XSD}}}complexContent/{{{XSD}}}extension")
        if extension is not None:
            base = self.complex[qualified(extension.get("base"), self.scopes[extension])]
            found += self.particles(*base)
            node = extension
        sequence = node.find(f"{{{XSD}}}sequence")
        for element in sequence if sequence is not None else ():
            maximum = element.get("maxOccurs", "1")
            kind = element.get("type")
            found.append((f"{{{target}}}{element.get('name')}", element.get("nillable") == "true",
                          int(element.get("minOccurs", "1")),
                          10 ** 9 if maximum == "unbounded" else int(maximum),
                          qualified(kind, self.scopes[element]) if kind
                          else element.find(f"{{{XSD}}}complexType")))
        return found

    def derives(self, name, base):
        while name != base:
            extension = self.complex[name][0].find(f"{{{XSD}}}complexContent/{{{XSD}}}extension")
            if extension is None:
                return False
            name = qualified(extension.get("base"), self.scopes[extension])
        return True


class Checker:
    """Collects what is wrong with one document."""

    def __init__(self, schemas, scopes):
        self.schemas, self.scopes, self.problems = schemas, scopes, []

    def element(self, element):
        node, target = self.schemas.elements[element.tag]
        kind = node.get("type")
        self.typed(element, qualified(kind, self.schemas.scopes[node]) if kind
                   else node.find(f"{{{XSD}}}complexType"), node.get("nillable") == "true", target)

    def typed(self, element, kind, nillable, target):
        if element.get(f"{{{XSI}}}nil") in ("true", "1"):
            if not nillable or len(element) or element.text:
                self.problems.append(f"{element.tag} must not be nil")
            return
        given = element.get(f"{{{XSI}}}type")
        if given:
            given = qualified(given, self.scopes[element])
            if given not in self.schemas.complex or not self.schemas.derives(given, kind):
                self.problems.append(f"{element.tag} cannot be a {given}")
                return
            kind = given
        if not isinstance(kind, str):
            self.sequence(element, self.schemas.particles(kind, target))
        elif kind in self.schemas.complex:
            self.sequence(element, self.schemas.particles(*self.schemas.complex[kind]))
        else:
            self.text(element, kind)

    def sequence(self, element, particles):
        children = list(element)
        for tag, nillable, minimum, maximum, kind in particles:
            count = 0
            while children and children[0].tag == tag and count < maximum:
                self.typed(children.pop(0), kind, nillable, tag.split("}")[0][1:])
                count += 1
            if count < minimum:
                self.problems.append(f"{element.tag} lacks {tag}")
        for child in children:
            self.problems.append(f"{element.tag} has {child.tag} too much or out of order")
        if (element.text or "").strip():
            self.problems.append(f"{element.tag} holds text")

    def text(self, element, kind):
        text = element.text or ""
        if len(element):
            self.problems.append(f"{element.tag} has children")
        if kind in self.schemas.simple:
            node = self.schemas.simple[kind][0]
            values = [value.get("value") for value in node.iter(f"{{{XSD}}}enumeration")]
            if values and text not in values:
                self.problems.append(f"{element.tag}: {text!r} is not a {kind}")
        elif not re.fullmatch(BUILT_IN[kind.split("}")[1]], text):
            self.problems.append(f"{element.tag}: {text!r} is not a {kind}")


_schemas = {}


def problems(envelope, version):
    """What is wrong with the body and the fault details of a reply; [] when nothing is."""
    version = version.partition("-")[0]
    if version not in _schemas:
        _schemas[version] = Schemas(version)
    root, scopes = parse_with_namespaces(envelope)
    checker = Checker(_schemas[version], scopes)
    soap = "{http://schemas.xmlsoap.org/soap/envelope/}"
    payload = root.find(f"{soap}Body")[0]
    details = payload.find("detail") if payload.tag == f"{soap}Fault" else None
    for element in details if details is not None else () if payload.tag == f"{soap}Fault" \
            else [payload]:
        checker.element(element)
    for header in root.findall(f"{soap}Header/*"):
        checker.element(header)
    return checker.problems
