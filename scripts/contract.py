"""A service contract (WSDL 1.1 with its schemas), read into one document and one model.

load() takes a file or an address, follows imports, and gives a Contract: the
flat document, as ?singleWsdl would give it, and what it declares, with every
name resolved to (namespace, local name), so that prefixes, white space and the
order of components no longer matter. What the model does not know is an error
and not silently left out.
"""

from __future__ import annotations

import time
import urllib.error
import urllib.parse
import urllib.request
from collections import namedtuple
from dataclasses import dataclass, field
from pathlib import Path
from xml.dom import XMLNS_NAMESPACE, minidom
from xml.parsers import expat

WSDL = "http://schemas.xmlsoap.org/wsdl/"
WSDL_SOAP11 = "http://schemas.xmlsoap.org/wsdl/soap/"
WSDL_SOAP12 = "http://schemas.xmlsoap.org/wsdl/soap12/"
XSD = "http://www.w3.org/2001/XMLSchema"
XML = "http://www.w3.org/XML/1998/namespace"
WSDL_NAME = "CustomerManagementService.wsdl"
SERVICE_NAME = "CustomerManagementService"

MAX_DOCUMENTS = 64
MAX_BYTES = 16 << 20
MAX_DEPTH = 64
FETCH_SECONDS = 30
LOAD_SECONDS = 120

# wsdl:input and the like that point to a WSDL component by name.
WSDL_REFERENCES = {
    "input": ("message",), "output": ("message",), "fault": ("message",),
    "header": ("message",), "headerfault": ("message",),
    "binding": ("type",), "port": ("binding",),
}
SCHEMA_COMPONENTS = ("simpleType", "complexType", "element", "attribute")
UNSUPPORTED = ("redefine", "override", "group", "attributeGroup", "key", "keyref", "unique")


class ContractError(Exception):
    """What was read is not a contract that can be used; the text says why."""


QName = namedtuple("QName", "namespace local")


@dataclass(frozen=True)
class Field:
    """One child element or attribute of a complex type."""

    name: QName
    type: QName
    minimum: int
    maximum: int | None  # None: unbounded
    nillable: bool
    attribute: bool = False
    value: str | None = None  # the default or fixed value, "default=x"


@dataclass(frozen=True)
class ComplexType:
    base: QName | None
    abstract: bool
    structure: str  # "sequence", "all", or the nesting: "sequence(choice)"
    fields: tuple


@dataclass(frozen=True)
class SimpleType:
    base: QName | None
    item: QName | None  # of a list
    members: tuple  # of a union
    values: tuple  # of an enumeration
    facets: tuple  # (name, value) pairs, sorted


@dataclass(frozen=True)
class Element:
    type: QName
    nillable: bool


@dataclass(frozen=True)
class Message:
    """One direction of an operation: its body element and its header elements."""

    body: QName
    headers: tuple


@dataclass(frozen=True)
class Operation:
    action: str
    style: str
    input: Message
    output: Message | None
    faults: tuple  # detail elements


@dataclass
class Contract:
    location: str
    data: bytes
    document: minidom.Document
    service: str
    port: str
    port_type: str
    binding: str
    address: str
    namespace: str
    operations: dict = field(default_factory=dict)  # name -> Operation, in the contract's order
    types: dict = field(default_factory=dict)  # QName -> ComplexType or SimpleType
    elements: dict = field(default_factory=dict)  # QName -> Element

    def enumerations(self):
        """Names of the simple types that list their values, anonymous ones by their owner."""
        return sorted({QName(name.namespace, name.local.split("/")[0])
                       for name, kind in self.types.items()
                       if isinstance(kind, SimpleType) and kind.values})

    def namespaces(self):
        return {name.namespace for name in (*self.types, *self.elements)}


def all_fields(types, kind):
    """The fields of a complex type, inherited ones first, as the wire and the C struct have them."""
    base = types.get(kind.base)
    inherited = all_fields(types, base) if isinstance(base, ComplexType) else ()
    return (*inherited, *kind.fields)


# Reading: files and addresses, with limits.


class _OnlyHttp(urllib.request.HTTPRedirectHandler):
    """Follows a redirect only from http to http or https and from https to https."""

    def redirect_request(self, req, fp, code, msg, headers, newurl):
        allowed = ("https",) if req.type == "https" else ("http", "https")
        if urllib.parse.urlsplit(newurl).scheme not in allowed:
            raise ContractError(f"{req.full_url} redirects to {newurl}, which is not followed")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class _Reader:
    """Reads documents within common limits of number, bytes and time."""

    def __init__(self):
        self.deadline = time.monotonic() + LOAD_SECONDS
        self.bytes = 0
        self.documents = 0

    def read(self, location):
        self.documents += 1
        if self.documents > MAX_DOCUMENTS:
            raise ContractError(f"the contract imports more than {MAX_DOCUMENTS} documents")
        scheme = urllib.parse.urlsplit(location).scheme
        if scheme == "file":
            path = urllib.request.url2pathname(urllib.parse.urlsplit(location).path)
            try:
                with open(path, "rb") as stream:
                    return self._take(stream, location)
            except OSError as error:
                raise ContractError(f"cannot read {path}: {error.strerror}") from error
        if scheme in ("http", "https"):
            return self._fetch(location)
        raise ContractError(f"{shown(location)}: only http, https and files are read")

    def _fetch(self, location):
        opener = urllib.request.build_opener(_OnlyHttp)
        wait = min(FETCH_SECONDS, max(1.0, self.deadline - time.monotonic()))
        try:
            with opener.open(location, timeout=wait) as stream:
                return self._take(stream, location)
        except urllib.error.HTTPError as error:
            raise ContractError(f"{shown(location)} answers HTTP {error.code}") from error
        except (OSError, ValueError, EOFError) as error:
            reason = getattr(error, "reason", None) or error
            raise ContractError(f"cannot fetch {shown(location)}: {reason}") from error

    def _take(self, stream, location):
        chunks = []
        while chunk := stream.read(1 << 16):
            chunks.append(chunk)
            self.bytes += len(chunk)
            if self.bytes > MAX_BYTES:
                raise ContractError(f"{shown(location)}: more than {MAX_BYTES >> 20} MiB, not a contract")
            if time.monotonic() > self.deadline:
                raise ContractError(f"{shown(location)}: not read within {LOAD_SECONDS} seconds")
        expected = getattr(stream, "length", None)
        if expected:
            raise ContractError(f"{shown(location)}: the connection ended {expected} bytes too early")
        return b"".join(chunks)


def as_location(source):
    """An address as it is; a path as a file: address."""
    if "://" in str(source):
        return str(source)
    return Path(source).resolve().as_uri()


def shown(location):
    """A location as people write it: a file by its path."""
    parts = urllib.parse.urlsplit(location)
    return urllib.request.url2pathname(parts.path) if parts.scheme == "file" else location


def parse(data, location):
    """The document, refused when it is no XML, has a DTD, or is nested without end."""
    parser = expat.ParserCreate()
    depth = 0

    def start(_name, _attributes):
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise ContractError(f"{shown(location)}: nested deeper than {MAX_DEPTH} elements")

    def end(_name):
        nonlocal depth
        depth -= 1

    def doctype(name, *_rest):
        if name.lower() == "html":
            raise ContractError(f"{shown(location)} is an HTML page, not a WSDL")
        raise ContractError(f"{shown(location)} has a document type declaration, which no WSDL needs")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(data, True)
        return minidom.parseString(data)
    except (expat.ExpatError, ValueError) as error:
        if data.lstrip()[:5].lower() == b"<html":
            raise ContractError(f"{shown(location)} is an HTML page, not a WSDL") from error
        cut = " (cut off?)" if isinstance(error, expat.ExpatError) and error.code in (
            expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS],
            expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_TOKEN],
            expat.errors.codes[expat.errors.XML_ERROR_PARTIAL_CHAR]) else ""
        raise ContractError(f"{shown(location)} is not well-formed XML: {error}{cut}") from error


# Nodes.


def children(node, namespace, *locals_):
    return [n for n in node.childNodes if n.nodeType == n.ELEMENT_NODE
            and n.namespaceURI == namespace and (not locals_ or n.localName in locals_)]


def attribute(node, name):
    """The attribute's value, None when it is absent."""
    return node.getAttribute(name) if node.hasAttribute(name) else None


def declarations(node):
    """The namespace declarations in scope: prefix ("" for none) -> URI."""
    found = {}
    while node is not None and node.nodeType == node.ELEMENT_NODE:
        for name, value in node.attributes.items():
            if name == "xmlns" or name.startswith("xmlns:"):
                found.setdefault(name[6:], value)
        node = node.parentNode
    return found


def resolve(node, text):
    """The QName that an attribute's text means at this node."""
    prefix, _, local = text.strip().rpartition(":")
    if prefix == "xml":
        return QName(XML, local)
    namespace = declarations(node).get(prefix)
    if namespace is None:
        if prefix:
            raise ContractError(f"{text}: the prefix is not declared")
        namespace = ""
    return QName(namespace, local)


def move(node, parent):
    """Moves a node under another parent, taking its namespace declarations along."""
    scope = declarations(node)
    node.parentNode.removeChild(node)
    if node.ownerDocument is not parent.ownerDocument:
        node = parent.ownerDocument.importNode(node, True)
    parent.appendChild(node)
    outer = declarations(node.parentNode)
    for prefix, uri in scope.items():
        name = f"xmlns:{prefix}" if prefix else "xmlns"
        if outer.get(prefix) != uri and not node.hasAttribute(name):
            node.setAttributeNS(XMLNS_NAMESPACE, name, uri)
    return node


# Flattening: one definitions element, one schema a namespace, no import with a location.


class _Flattener:
    def __init__(self, location):
        self.reader = _Reader()
        self.seen = {location}
        self.imported = False
        self.data = self.reader.read(location)
        self.document = parse(self.data, location)
        self.root = self.document.documentElement
        check_root(self.root, location)
        self._imports(self.root, location)
        self._types()

    def _open(self, node, base, what, name):
        """The document that an import names, None if it was read before."""
        location = urllib.parse.urljoin(base, attribute(node, name))
        if urllib.parse.urlsplit(base).scheme != "file" and \
                urllib.parse.urlsplit(location).scheme == "file":
            raise ContractError(f"{shown(base)} imports {shown(location)}: a file of this machine is not read")
        self.imported = True
        if location in self.seen:
            return None, location
        self.seen.add(location)
        try:
            return parse(self.reader.read(location), location).documentElement, location
        except ContractError as error:
            raise ContractError(f"{what} {attribute(node, name)} of {shown(base)}: {error}") from error

    def _imports(self, root, base):
        """Brings what wsdl:import and the schemas under root import into self.root."""
        for types in children(root, WSDL, "types"):
            for schema in children(types, XSD, "schema"):
                self._schema_imports(schema, base)
        for node in children(root, WSDL, "import"):
            if attribute(node, "location"):
                other, location = self._open(node, base, "import", "location")
                if other is not None:
                    self._bring(other, location)
            root.removeChild(node)

    def _bring(self, other, location):
        if other.namespaceURI == XSD and other.localName == "schema":
            self._schema_imports(other, location)
            move(other, self._types_node())
            return
        check_root(other, location)
        self._imports(other, location)
        for node in children(other, WSDL):
            if node.localName == "types":
                for schema in children(node, XSD, "schema"):
                    move(schema, self._types_node())
            else:
                node.setAttribute("bacm-namespace", other.getAttribute("targetNamespace"))
                move(node, self.root)

    def _schema_imports(self, schema, base):
        for node in children(schema, XSD, "import", "include", *UNSUPPORTED):
            if node.localName in UNSUPPORTED:
                raise ContractError(f"{shown(base)} uses xs:{node.localName}, which is not supported")
            if attribute(node, "schemaLocation"):
                other, location = self._open(node, base, node.localName, "schemaLocation")
                node.removeAttribute("schemaLocation")
                if other is not None:
                    self._bring_schema(other, location, schema, node.localName == "include")
            if node.localName == "include":
                schema.removeChild(node)

    def _bring_schema(self, other, location, schema, included):
        if other.namespaceURI != XSD or other.localName != "schema":
            raise ContractError(f"{shown(location)} is not a schema")
        if included and not other.hasAttribute("targetNamespace"):
            # Without a namespace of its own it takes over the one it is included in.
            other.setAttribute("targetNamespace", schema.getAttribute("targetNamespace"))
            if not other.hasAttribute("xmlns"):
                other.setAttributeNS(XMLNS_NAMESPACE, "xmlns",
                                     schema.getAttribute("targetNamespace"))
        self._schema_imports(other, location)
        move(other, self._types_node())

    def _types_node(self):
        found = children(self.root, WSDL, "types")
        if found:
            return found[0]
        prefix = self.root.prefix + ":" if self.root.prefix else ""
        node = self.document.createElementNS(WSDL, prefix + "types")
        return self.root.insertBefore(node, self.root.firstChild)

    def _types(self):
        """One schema a namespace; one that only imports goes."""
        first = {}
        for schema in children(self._types_node(), XSD, "schema"):
            if not children(schema, XSD, *SCHEMA_COMPONENTS):
                schema.parentNode.removeChild(schema)
                continue
            form = tuple(schema.getAttribute(name) or "unqualified"
                         for name in ("elementFormDefault", "attributeFormDefault"))
            key = schema.getAttribute("targetNamespace"), form
            if key not in first:
                first[key] = schema
                continue
            for node in children(schema, XSD):
                move(node, first[key])
            schema.parentNode.removeChild(schema)
        declared = {schema.getAttribute("targetNamespace") for schema in first.values()}
        for schema in first.values():
            for node in children(schema, XSD, "import"):
                namespace = node.getAttribute("namespace")
                if namespace not in declared and namespace not in (XSD, XML):
                    raise ContractError(f"the schema of {namespace} is imported but missing")

    def rename_references(self, namespace):
        """After wsdl:import: all components live in one namespace, references say so."""
        moved = [n for n in children(self.root, WSDL) if n.hasAttribute("bacm-namespace")]
        for node in moved:
            node.removeAttribute("bacm-namespace")
        if not moved:
            return
        self.root.setAttribute("targetNamespace", namespace)
        self.root.setAttributeNS(XMLNS_NAMESPACE, "xmlns:contract-tns", namespace)
        for local, names in WSDL_REFERENCES.items():
            for uri in (WSDL, WSDL_SOAP11):
                for node in self.root.getElementsByTagNameNS(uri, local):
                    for name in names:
                        if node.hasAttribute(name):
                            node.setAttribute(
                                name, "contract-tns:" + node.getAttribute(name).split(":")[-1])


def check_root(root, location):
    if root.localName.lower() == "html":
        raise ContractError(f"{shown(location)} is an HTML page, not a WSDL")
    if (root.namespaceURI, root.localName) != (WSDL, "definitions"):
        raise ContractError(f"{shown(location)} is not a WSDL 1.1 document: its root is {root.tagName}")


# The model.


class _SchemaReader:
    def __init__(self, contract):
        self.types = contract.types
        self.elements = contract.elements
        self.references = []  # (QName, where): all must be declared

    def read(self, root):
        for types in children(root, WSDL, "types"):
            for schema in children(types, XSD, "schema"):
                self._schema(schema)
        for kind, name, owner in self.references:
            known = self.types if kind == "type" else self.elements
            if name.namespace != XSD and name not in known:
                raise ContractError(
                    f"{owner} refers to the {kind} {name.local} of {name.namespace or 'no namespace'}, "
                    "which is not declared: an import is missing or the file is damaged")

    def _schema(self, schema):
        target = schema.getAttribute("targetNamespace")
        for node in children(schema, XSD, *SCHEMA_COMPONENTS):
            name = QName(target, node.getAttribute("name"))
            if node.localName == "element":
                self._put(self.elements, name, Element(
                    self._type_of(node, name, "/" + name.local),
                    attribute(node, "nillable") in ("true", "1")))
            elif node.localName in ("simpleType", "complexType"):
                self._type(node, name)

    @staticmethod
    def _put(table, name, value):
        if table.get(name, value) != value:
            raise ContractError(f"{name.local} of {name.namespace} is declared twice")
        table[name] = value

    def _refer(self, node, text, owner, kind="type"):
        name = resolve(node, text)
        self.references.append((kind, name, owner))
        return name

    def _type_of(self, node, owner, path):
        """The type of an element or attribute; an anonymous one is kept under a path as name."""
        if attribute(node, "type"):
            return self._refer(node, attribute(node, "type"), owner.local)
        for inner in children(node, XSD, "simpleType", "complexType"):
            name = QName(owner.namespace, path)
            self._type(inner, name)
            return name
        return QName(XSD, "anyType" if node.localName == "element" else "anySimpleType")

    def _type(self, node, name):
        read = self._simple if node.localName == "simpleType" else self._complex
        self._put(self.types, name, read(node, name))

    def _simple(self, node, name):
        base, item, members, values, facets = None, None, (), [], []
        for kind in children(node, XSD, "restriction", "list", "union"):
            if kind.localName == "list":
                item = self._inner(kind, name, "itemType", "item")
            elif kind.localName == "union":
                members = tuple(self._refer(kind, text, name.local)
                                for text in (attribute(kind, "memberTypes") or "").split())
                if children(kind, XSD, "simpleType"):
                    raise ContractError(f"{name.local}: a union of unnamed types is not supported")
            else:
                base = self._inner(kind, name, "base", "base")
                for facet in children(kind, XSD):
                    if facet.localName == "enumeration":
                        values.append(facet.getAttribute("value"))
                    elif facet.localName not in ("annotation", "simpleType"):
                        facets.append((facet.localName, facet.getAttribute("value")))
        return SimpleType(base, item, members, tuple(values), tuple(sorted(facets)))

    def _inner(self, node, name, reference, path):
        if attribute(node, reference):
            return self._refer(node, attribute(node, reference), name.local)
        (inner,) = children(node, XSD, "simpleType")
        inner_name = QName(name.namespace, f"{name.local}/{path}")
        self._type(inner, inner_name)
        return inner_name

    def _complex(self, node, name):
        base, derivation, content = None, "", node
        for outer in children(node, XSD, "complexContent", "simpleContent"):
            (content,) = children(outer, XSD, "extension", "restriction")
            base = self._refer(content, attribute(content, "base"), name.local)
            if content.localName == "restriction":
                derivation = "restriction "
        structures, fields = [], []
        for part in children(content, XSD):
            if part.localName in ("sequence", "all", "choice"):
                structures.append(self._particle(part, name, fields))
            elif part.localName == "attribute":
                fields.append(self._attribute(part, name))
            elif part.localName == "anyAttribute":
                structures.append("anyAttribute")
            elif part.localName != "annotation":
                raise ContractError(f"{name.local} uses xs:{part.localName}, which is not supported")
        if attribute(node, "mixed") in ("true", "1"):
            structures.append("mixed")
        return ComplexType(base, attribute(node, "abstract") in ("true", "1"),
                           derivation + "+".join(structures) if structures else derivation + "empty",
                           tuple(fields))

    def _particle(self, node, name, fields):
        """Adds the elements of a sequence, all or choice; returns its structure as text."""
        nested = []
        for part in children(node, XSD):
            if part.localName == "element":
                fields.append(self._element(part, name))
                if node.localName == "choice":
                    nested.append(fields[-1].name.local)
            elif part.localName in ("sequence", "choice"):
                nested.append(self._particle(part, name, fields))
            elif part.localName == "any":
                nested.append("any")
            elif part.localName != "annotation":
                raise ContractError(f"{name.local} uses xs:{part.localName}, which is not supported")
        occurs = "".join(f" {key}={attribute(node, key)}" for key in ("minOccurs", "maxOccurs")
                         if attribute(node, key) not in (None, "1"))
        return node.localName + (f"({', '.join(nested)})" if nested else "") + occurs

    def _element(self, node, owner):
        maximum = attribute(node, "maxOccurs") or "1"
        occurrence = {"minimum": int(attribute(node, "minOccurs") or 1),
                      "maximum": None if maximum == "unbounded" else int(maximum)}
        if attribute(node, "ref"):
            name = self._refer(node, attribute(node, "ref"), owner.local, "element")
            target = find_element(node, name)
            return Field(name, self._type_of(target, name, "/" + name.local) if target else name,
                         nillable=target is not None and attribute(target, "nillable") in ("true", "1"),
                         **occurrence)
        local = node.getAttribute("name")
        return Field(
            QName(self._form(node, owner, "elementFormDefault"), local),
            self._type_of(node, owner, f"{owner.local}/{local}"),
            nillable=attribute(node, "nillable") in ("true", "1"),
            value=self._value(node), **occurrence)

    def _attribute(self, node, owner):
        text = attribute(node, "ref") or attribute(node, "name")
        name = resolve(node, text) if attribute(node, "ref") else \
            QName(self._form(node, owner, "attributeFormDefault"), text)
        required = attribute(node, "use") == "required"
        return Field(name, self._type_of(node, owner, f"{owner.local}/@{name.local}"),
                     1 if required else 0, 1, False, True, self._value(node))

    @staticmethod
    def _form(node, owner, default):
        form = attribute(node, "form")
        if form is None:
            schema = node
            while schema.localName != "schema":
                schema = schema.parentNode
            form = attribute(schema, default)
        return owner.namespace if form == "qualified" else ""

    @staticmethod
    def _value(node):
        for name in ("default", "fixed"):
            if attribute(node, name) is not None:
                return f"{name}={attribute(node, name)}"
        return None


def find_element(node, name):
    """The global declaration of an element, None if there is none."""
    root = node.ownerDocument.documentElement
    for schema in root.getElementsByTagNameNS(XSD, "schema"):
        if schema.getAttribute("targetNamespace") == name.namespace:
            for found in children(schema, XSD, "element"):
                if found.getAttribute("name") == name.local:
                    return found
    return None


class _OperationReader:
    """The operations of the one binding that the service's SOAP 1.1 port offers."""

    def __init__(self, root, elements):
        self.root = root
        self.elements = elements
        self.messages = self._table("message")

    def _table(self, local):
        table = {}
        for node in children(self.root, WSDL, local):
            if table.setdefault(node.getAttribute("name"), node) is not node:
                raise ContractError(f"the {local} {node.getAttribute('name')} is declared twice")
        return table

    def _find(self, table, node, name, what):
        local = node.getAttribute(name).split(":")[-1]
        if local not in table:
            raise ContractError(f"the {what} {local} is not declared: an import is missing or the "
                                "file is damaged")
        return table[local]

    def service(self):
        """(service, port, binding, port type, address) nodes and text."""
        ports = []
        for service in children(self.root, WSDL, "service"):
            for port in children(service, WSDL, "port"):
                for address in children(port, WSDL_SOAP11, "address"):
                    ports.append((service, port, address.getAttribute("location")))
                if children(port, WSDL_SOAP12, "address"):
                    raise ContractError("the WSDL binds SOAP 1.2; only SOAP 1.1 is supported")
        if len(ports) != 1:
            raise ContractError(f"the WSDL has {len(ports)} SOAP 1.1 ports; one is expected")
        service, port, address = ports[0]
        binding = self._find(self._table("binding"), port, "binding", "binding")
        port_type = self._find(self._table("portType"), binding, "type", "portType")
        return service, port, binding, port_type, address

    def operations(self, binding, port_type):
        bound = {node.getAttribute("name"): node for node in children(binding, WSDL, "operation")}
        style = "document"
        for node in children(binding, WSDL_SOAP11, "binding"):
            style = attribute(node, "style") or style
        found = {}
        for node in children(port_type, WSDL, "operation"):
            name = node.getAttribute("name")
            if name in found:
                raise ContractError(f"the operation {name} is declared twice")
            if name not in bound:
                raise ContractError(f"the operation {name} has no binding")
            found[name] = self._operation(name, node, bound[name], style)
        for name in bound:
            if name not in found:
                raise ContractError(f"the operation {name} is bound but not declared")
        if not found:
            raise ContractError("the WSDL declares no operation")
        return found

    def _operation(self, name, declared, bound, style):
        soap = children(bound, WSDL_SOAP11, "operation")
        if not soap:
            raise ContractError(f"the operation {name} has no SOAP 1.1 binding")
        ends = {}
        for direction in ("input", "output"):
            ends[direction] = self._end(declared, bound, direction)
        if ends["input"] is None:
            raise ContractError(f"the operation {name} has no input")
        faults = []
        for node in children(declared, WSDL, "fault"):
            faults += self._parts(self._find(self.messages, node, "message", "message")).values()
        return Operation(soap[0].getAttribute("soapAction"),
                         attribute(soap[0], "style") or style,
                         ends["input"], ends["output"], tuple(faults))

    def _end(self, declared, bound, direction):
        found = children(declared, WSDL, direction)
        if not found:
            return None
        name = f"the {direction} of {declared.getAttribute('name')}"
        own = self._find(self.messages, found[0], "message", "message")
        parts = self._parts(own)
        headers = []
        for node in children(bound, WSDL, direction):
            for body in children(node, WSDL_SOAP11, "body"):
                if attribute(body, "use") != "literal":
                    raise ContractError(f"{name} is not literal; only document/literal is supported")
            for header in children(node, WSDL_SOAP11, "header"):
                message = self._find(self.messages, header, "message", "message")
                elements = self._parts(message)
                part = header.getAttribute("part")
                if part not in elements:
                    raise ContractError(f"{name}: the header part {part} is not declared")
                headers.append(elements[part])
                if message is own:
                    del parts[part]
        if len(parts) != 1:
            raise ContractError(f"{name} has {len(parts)} body parts; document/literal has one")
        return Message(next(iter(parts.values())), tuple(headers))

    def _parts(self, message):
        parts = {}
        for part in children(message, WSDL, "part"):
            if not attribute(part, "element"):
                raise ContractError(f"the message {message.getAttribute('name')} has a part without "
                                    "an element; only document/literal is supported")
            name = resolve(part, attribute(part, "element"))
            if name not in self.elements:
                raise ContractError(
                    f"the message {message.getAttribute('name')} refers to the element {name.local} "
                    f"of {name.namespace}, which is not declared: an import is missing or the file "
                    "is damaged")
            parts[part.getAttribute("name")] = name
        return parts


def load(source):
    """Reads a contract from a file or an address; raises ContractError."""
    location = as_location(source)
    flat = _Flattener(location)
    root = flat.document.documentElement
    contract = Contract(shown(location), flat.data, flat.document, "", "", "", "", "", "")
    _SchemaReader(contract).read(root)
    reader = _OperationReader(root, contract.elements)
    service, port, binding, port_type, contract.address = reader.service()
    contract.operations = reader.operations(binding, port_type)
    contract.service = service.getAttribute("name")
    contract.port = port.getAttribute("name")
    contract.binding = binding.getAttribute("name")
    contract.port_type = port_type.getAttribute("name")
    contract.namespace = (attribute(port_type, "bacm-namespace")
                          or attribute(root, "targetNamespace") or "")
    flat.rename_references(contract.namespace)
    if flat.imported:
        contract.data = flat.document.toxml(encoding="utf-8") + b"\n"
    return contract
