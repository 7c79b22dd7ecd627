"""Elements of a contract: their names, where they stand, what they refer to."""

from __future__ import annotations

import urllib.parse
import urllib.request
from collections import namedtuple

WSDL = "http://schemas.xmlsoap.org/wsdl/"
WSDL_SOAP11 = "http://schemas.xmlsoap.org/wsdl/soap/"
WSDL_SOAP12 = "http://schemas.xmlsoap.org/wsdl/soap12/"
XSD = "http://www.w3.org/2001/XMLSchema"
XML = "http://www.w3.org/XML/1998/namespace"

QName = namedtuple("QName", "namespace local")


class ContractError(Exception):
    """What was read is not a contract that can be used; the text says why."""


def refuse(node, reason):
    """Ends reading at an element: where it stands, what it is, why it is not taken."""
    location, line = getattr(node, "place", (None, 0))
    named, name = node, ""
    while named is not None and named.nodeType == named.ELEMENT_NODE and not name:
        name = named.getAttribute("name")
        inside = f" of {name}" if named is not node else f" {name}"
        named = named.parentNode
    where = f"{shown(location)}:{line}: " if location else ""
    raise ContractError(f"{where}<{node.tagName}>{inside if name else ''}: {reason}")


def shown(location):
    """A location as people write it: a file by its path."""
    parts = urllib.parse.urlsplit(location)
    return urllib.request.url2pathname(parts.path) if parts.scheme == "file" else location


def elements(node):
    """An element and all below it, in the order of their start tags."""
    yield node
    for child in node.childNodes:
        if child.nodeType == child.ELEMENT_NODE:
            yield from elements(child)


def children(node, namespace, *locals_):
    return [
        n
        for n in node.childNodes
        if n.nodeType == n.ELEMENT_NODE
        and n.namespaceURI == namespace
        and (not locals_ or n.localName in locals_)
    ]


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
    declaration = f"xmlns:{prefix}" if prefix else "xmlns"
    scope = node
    while scope is not None and scope.nodeType == scope.ELEMENT_NODE:
        if scope.hasAttribute(declaration):
            return QName(scope.getAttribute(declaration), local)
        scope = scope.parentNode
    if prefix:
        refuse(node, f"{text}: the prefix is not declared")
    return QName("", local)
