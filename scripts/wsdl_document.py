"""The text of a contract: WSDL 1.1 and schemas, read and brought into one document.

flatten() takes a file or an address, follows imports within limits of number,
bytes and time, and gives the document that ?singleWsdl would give: one
definitions element, one schema a namespace, no import with a location.
"""

from __future__ import annotations

import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from xml.dom import XMLNS_NAMESPACE, minidom
from xml.parsers import expat

from wsdl_grammar import check
from wsdl_nodes import (
    WSDL,
    WSDL_SOAP11,
    WSDL_SOAP12,  # noqa: F401  for those who read contracts
    XML,
    XSD,
    ContractError,
    QName,  # noqa: F401
    attribute,
    children,
    declarations,
    elements,
    refuse,
    resolve,  # noqa: F401
    shown,
)

MAX_DOCUMENTS = 64
MAX_BYTES = 16 << 20
MAX_DEPTH = 64
FETCH_SECONDS = 30
LOAD_SECONDS = 120

# What points to a WSDL component by name.
WSDL_REFERENCES = {
    "input": "message",
    "output": "message",
    "fault": "message",
    "header": "message",
    "headerfault": "message",
    "binding": "type",
    "port": "binding",
}
SCHEMA_COMPONENTS = ("simpleType", "complexType", "element", "attribute")
UNSUPPORTED = ("redefine", "override", "group", "attributeGroup")
# Attribute that keeps an imported component's namespace until references are renamed.
CAME_FROM = "bacm-namespace"

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
                raise ContractError(
                    f"{shown(location)}: more than {MAX_BYTES >> 20} MiB, not a contract"
                )
            if time.monotonic() > self.deadline:
                raise ContractError(f"{shown(location)}: not read within {LOAD_SECONDS} seconds")
        expected = getattr(stream, "length", None)
        if expected:
            raise ContractError(
                f"{shown(location)}: the connection ended {expected} bytes too early"
            )
        return b"".join(chunks)


def as_location(source):
    """An address as it is; a path as a file: address."""
    if "://" in str(source):
        return str(source)
    return Path(source).resolve().as_uri()


def parse(data, location):
    """The document, refused when it is no XML, has a DTD, or is nested without end."""
    parser = expat.ParserCreate()
    depth = 0
    lines = []

    def start(_name, _attributes):
        nonlocal depth
        depth += 1
        lines.append(parser.CurrentLineNumber)
        if depth > MAX_DEPTH:
            raise ContractError(f"{shown(location)}: nested deeper than {MAX_DEPTH} elements")

    def end(_name):
        nonlocal depth
        depth -= 1

    def doctype(name, *_rest):
        if name.lower() == "html":
            raise ContractError(f"{shown(location)} is an HTML page, not a WSDL")
        raise ContractError(
            f"{shown(location)} has a document type declaration, which no WSDL needs"
        )

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(data, True)
        document = minidom.parseString(data)
    except (expat.ExpatError, ValueError) as error:
        if data.lstrip()[:5].lower() == b"<html":
            raise ContractError(f"{shown(location)} is an HTML page, not a WSDL") from error
        cut = (
            " (cut off?)"
            if isinstance(error, expat.ExpatError)
            and error.code
            in (
                expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS],
                expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_TOKEN],
                expat.errors.codes[expat.errors.XML_ERROR_PARTIAL_CHAR],
            )
            else ""
        )
        raise ContractError(f"{shown(location)} is not well-formed XML: {error}{cut}") from error
    for node, line in zip(elements(document.documentElement), lines, strict=True):
        node.place = location, line
    return document


def move(node, parent):
    """Moves a node under another parent, taking its namespace declarations along."""
    scope = declarations(node)
    node.parentNode.removeChild(node)
    if node.ownerDocument is not parent.ownerDocument:
        copy = parent.ownerDocument.importNode(node, True)
        for old, new in zip(elements(node), elements(copy), strict=True):
            new.place = old.place
        node = copy
    parent.appendChild(node)
    outer = declarations(node.parentNode)
    for prefix, uri in scope.items():
        name = f"xmlns:{prefix}" if prefix else "xmlns"
        if outer.get(prefix) != uri and not node.hasAttribute(name):
            node.setAttributeNS(XMLNS_NAMESPACE, name, uri)
    return node


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
        self._rename_references()
        if self.imported:
            self.data = self.document.toxml(encoding="utf-8") + b"\n"

    def _open(self, node, base, what, name):
        """The document that an import names, None if it was read before."""
        location = urllib.parse.urljoin(base, attribute(node, name))
        if (
            urllib.parse.urlsplit(base).scheme != "file"
            and urllib.parse.urlsplit(location).scheme == "file"
        ):
            raise ContractError(
                f"{shown(base)} imports {shown(location)}: a file of this machine is not read"
            )
        self.imported = True
        if location in self.seen:
            return None, location
        self.seen.add(location)
        try:
            return parse(self.reader.read(location), location).documentElement, location
        except ContractError as error:
            raise ContractError(
                f"{what} {attribute(node, name)} of {shown(base)}: {error}"
            ) from error

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
            check(other)
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
                node.setAttribute(CAME_FROM, other.getAttribute("targetNamespace"))
                move(node, self.root)

    def _schema_imports(self, schema, base):
        for node in children(schema, XSD, "import", "include", *UNSUPPORTED):
            if node.localName in UNSUPPORTED:
                refuse(node, f"xs:{node.localName} is not supported")
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
        check(other)
        if included and not other.hasAttribute("targetNamespace"):
            # Without a namespace of its own it takes over the one it is included in.
            other.setAttribute("targetNamespace", schema.getAttribute("targetNamespace"))
            if not other.hasAttribute("xmlns"):
                other.setAttributeNS(
                    XMLNS_NAMESPACE, "xmlns", schema.getAttribute("targetNamespace")
                )
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
            form = tuple(
                schema.getAttribute(name) or "unqualified"
                for name in ("elementFormDefault", "attributeFormDefault")
            )
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

    def _rename_references(self):
        """After wsdl:import: all components live in one namespace, references say so."""
        moved = [n for n in children(self.root, WSDL) if n.hasAttribute(CAME_FROM)]
        namespaces = [n.getAttribute(CAME_FROM) for n in moved if n.localName == "portType"]
        for node in moved:
            node.removeAttribute(CAME_FROM)
        if not moved:
            return
        if namespaces:
            self.root.setAttribute("targetNamespace", namespaces[0])
        self.root.setAttributeNS(
            XMLNS_NAMESPACE, "xmlns:contract-tns", self.root.getAttribute("targetNamespace")
        )
        for local, name in WSDL_REFERENCES.items():
            for uri in (WSDL, WSDL_SOAP11):
                for node in self.root.getElementsByTagNameNS(uri, local):
                    if node.hasAttribute(name):
                        node.setAttribute(
                            name, "contract-tns:" + node.getAttribute(name).split(":")[-1]
                        )


def check_root(root, location):
    """Refuses what is no definitions element, or holds what a contract does not."""
    if root.localName.lower() == "html":
        raise ContractError(f"{shown(location)} is an HTML page, not a WSDL")
    if (root.namespaceURI, root.localName) != (WSDL, "definitions"):
        raise ContractError(
            f"{shown(location)} is not a WSDL 1.1 document: its root is {root.tagName}"
        )
    check(root)


def flatten(source):
    """Reads a contract; gives (location for people, its text, the document)."""
    location = as_location(source)
    flat = _Flattener(location)
    return shown(location), flat.data, flat.document
