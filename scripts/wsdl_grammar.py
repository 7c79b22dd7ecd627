"""What an element of a contract may hold: WSDL 1.1, its SOAP 1.1 binding, schemas.

check() refuses a document with an element, attribute, value or text that is not in
these tables, with file, line, element and reason; what reads the document afterwards
finds each element whole. An element or attribute of a foreign namespace is taken as
WSDL takes an extension: ignored, unless it says wsdl:required="true".
"""

from __future__ import annotations

import re

from wsdl_nodes import WSDL, WSDL_SOAP11, WSDL_SOAP12, XSD, refuse, resolve

NAMESPACES = {WSDL: "wsdl", WSDL_SOAP11: "soap", XSD: "xs"}
# What keeps documents and tools going, and says nothing of messages.
UNREAD = ("wsdl:documentation", "xs:annotation", "xs:key", "xs:keyref", "xs:unique")

PARTICLES = "xs:element* xs:sequence* xs:choice* xs:any*"
ATTRIBUTES = "xs:attribute* xs:anyAttribute"
CONTENT = f"xs:sequence xs:choice xs:all {ATTRIBUTES}"
DERIVED = "xs:complexContent xs:simpleContent"
COUNTING_FACETS = ("length", "minLength", "maxLength", "totalDigits", "fractionDigits")
FACETS = (
    *COUNTING_FACETS,
    *("minInclusive", "maxInclusive", "minExclusive", "maxExclusive", "whiteSpace"),
)
LIMITS = "xs:enumeration* xs:pattern* " + " ".join(f"xs:{name}" for name in FACETS)
SIMPLE = "xs:restriction=values xs:list xs:union"

# Rule -> attributes, children. "!" is a must, "*" comes as often as it wants, others
# once at most; behind "=" stands the child's rule where it is not the child's name.
RULES = {
    "definitions": (
        "targetNamespace name",
        "wsdl:import* wsdl:types* wsdl:message* wsdl:portType* wsdl:binding* wsdl:service*",
    ),
    "wsdl:import": ("namespace! location!", ""),
    "wsdl:types": ("", "xs:schema*"),
    "wsdl:message": ("name!", "wsdl:part*"),
    "wsdl:part": ("name! element type", ""),
    "wsdl:portType": ("name!", "wsdl:operation*=declared"),
    "declared": ("name! parameterOrder", "wsdl:input wsdl:output wsdl:fault*"),
    "wsdl:input": ("name message!", ""),
    "wsdl:output": ("name message!", ""),
    "wsdl:fault": ("name! message!", ""),
    "wsdl:binding": ("name! type!", "soap:binding wsdl:operation*=bound"),
    "bound": (
        "name!",
        "soap:operation wsdl:input=bound-end wsdl:output=bound-end wsdl:fault*=bound-fault",
    ),
    "bound-end": ("name", "soap:body soap:header*"),
    "bound-fault": ("name!", "soap:fault"),
    "wsdl:service": ("name!", "wsdl:port*"),
    "wsdl:port": ("name! binding!", "soap:address"),
    "soap:binding": ("transport style", ""),
    "soap:operation": ("soapAction style", ""),
    "soap:body": ("use! parts namespace encodingStyle", ""),
    "soap:header": ("message! part! use! namespace encodingStyle", "soap:headerfault*"),
    "soap:headerfault": ("message! part! use! namespace encodingStyle", ""),
    "soap:fault": ("name! use! namespace encodingStyle", ""),
    "soap:address": ("location!", ""),
    "xs:schema": (
        "targetNamespace elementFormDefault attributeFormDefault version blockDefault "
        "finalDefault id",
        "xs:import* xs:include* xs:element*=top-element xs:attribute*=top-attribute "
        "xs:simpleType*=top-simpleType xs:complexType*=top-complexType",
    ),
    "xs:import": ("namespace schemaLocation id", ""),
    "xs:include": ("schemaLocation! id", ""),
    "top-element": (
        "name! type nillable default fixed block final id",
        "xs:simpleType xs:complexType",
    ),
    "xs:element": (
        "name ref type minOccurs maxOccurs nillable default fixed form block id",
        "xs:simpleType xs:complexType",
    ),
    "top-attribute": ("name! type default fixed id", "xs:simpleType"),
    "xs:attribute": ("name ref type use form default fixed id", "xs:simpleType"),
    "top-simpleType": ("name! final id", SIMPLE),
    "xs:simpleType": ("final id", SIMPLE),
    "values": ("base id", f"xs:simpleType {LIMITS}"),
    "xs:list": ("itemType id", "xs:simpleType"),
    "xs:union": ("memberTypes! id", ""),
    "top-complexType": ("name! abstract mixed block final id", f"{CONTENT} {DERIVED}"),
    "xs:complexType": ("mixed id", f"{CONTENT} {DERIVED}"),
    "xs:complexContent": ("mixed id", "xs:extension xs:restriction"),
    "xs:simpleContent": ("id", "xs:extension=text-extension xs:restriction=text-restriction"),
    "xs:extension": ("base! id", CONTENT),
    "xs:restriction": ("base! id", CONTENT),
    "text-extension": ("base! id", ATTRIBUTES),
    "text-restriction": ("base! id", f"{ATTRIBUTES} {LIMITS}"),
    "xs:sequence": ("minOccurs maxOccurs id", PARTICLES),
    "xs:choice": ("minOccurs maxOccurs id", PARTICLES),
    "xs:all": ("minOccurs maxOccurs id", "xs:element*"),
    "xs:any": ("namespace processContents minOccurs maxOccurs id", ""),
    "xs:anyAttribute": ("namespace processContents id", ""),
    **{f"xs:{name}": ("value! fixed id", "") for name in ("enumeration", "pattern", *FACETS)},
}
# Attributes and children of which a rule has one, or (with "?") one at most.
CHOICES = {
    "top-element": ("? type xs:simpleType xs:complexType", "? default fixed"),
    "xs:element": ("name ref", "? ref type xs:simpleType xs:complexType", "? default fixed"),
    "top-attribute": ("? type xs:simpleType", "? default fixed"),
    "xs:attribute": ("name ref", "? ref type xs:simpleType", "? default fixed"),
    "top-simpleType": ("xs:restriction xs:list xs:union",),
    "xs:simpleType": ("xs:restriction xs:list xs:union",),
    "values": ("base xs:simpleType",),
    "xs:list": ("itemType xs:simpleType",),
    "top-complexType": (f"? xs:sequence xs:choice xs:all {DERIVED}",),
    "xs:complexType": (f"? xs:sequence xs:choice xs:all {DERIVED}",),
    "xs:complexContent": ("xs:extension xs:restriction",),
    "xs:simpleContent": ("xs:extension xs:restriction",),
    "xs:extension": ("? xs:sequence xs:choice xs:all",),
    "xs:restriction": ("? xs:sequence xs:choice xs:all",),
}

NAME = r"[^\W\d][\w.\-]*"
QNAME = rf"({NAME}:)?{NAME}"
COUNT = "[0-9]{1,9}"
BOOLEAN = "true|false|1|0"
FORM = "qualified|unqualified"
# Attributes that name a component, and others that do not take any text.
REFERENCES = ("type", "ref", "base", "itemType", "memberTypes", "element")
VALUES = {
    "name": NAME,
    "memberTypes": rf"{QNAME}(\s+{QNAME})*",
    **{name: QNAME for name in REFERENCES if name != "memberTypes"},
    "message": QNAME,
    "binding": QNAME,
    "part": NAME,
    "parts": rf"({NAME}(\s+{NAME})*)?",
    "minOccurs": COUNT,
    "maxOccurs": COUNT + "|unbounded",
    "nillable": BOOLEAN,
    "abstract": BOOLEAN,
    "mixed": BOOLEAN,
    "form": FORM,
    "elementFormDefault": FORM,
    "attributeFormDefault": FORM,
    "style": "document|rpc",
}
XSD_TYPES = frozenset(
    "anyType anySimpleType string normalizedString token language Name NCName NMTOKEN NMTOKENS ID "
    "IDREF IDREFS ENTITY ENTITIES boolean byte short int long integer unsignedByte unsignedShort "
    "unsignedInt unsignedLong positiveInteger nonNegativeInteger negativeInteger "
    "nonPositiveInteger decimal float double duration dateTime time date gYearMonth gYear "
    "gMonthDay gDay gMonth hexBinary base64Binary anyURI QName NOTATION".split()
)


def _children(text):
    """Tag -> (rule, whether it comes more than once)."""
    found = {}
    for item in text.split():
        tag, _, rule = item.partition("=")
        found[tag.rstrip("*")] = rule or tag.rstrip("*"), tag.endswith("*")
    return found


TABLE = {
    rule: (
        {name.rstrip("!"): name.endswith("!") for name in attributes.split()},
        _children(inside),
    )
    for rule, (attributes, inside) in RULES.items()
}


def check(root):
    """Refuses what a definitions or schema element holds and the tables do not know."""
    _check(root, "xs:schema" if root.namespaceURI == XSD else "definitions")


def _check(node, rule):
    allowed = TABLE[rule][1]
    _attributes(node, TABLE[rule][0])
    found = []
    for child in node.childNodes:
        if child.nodeType in (child.TEXT_NODE, child.CDATA_SECTION_NODE) and child.data.strip():
            refuse(node, f"holds the text {child.data.strip()[:40]!r}")
        if child.nodeType != child.ELEMENT_NODE:
            continue
        tag = f"{NAMESPACES.get(child.namespaceURI)}:{child.localName}"
        if tag not in allowed:
            _stranger(node, child, tag)
            continue
        inner, often = allowed[tag]
        if tag in found and not often:
            refuse(child, f"is there twice in {node.tagName}")
        found.append(tag)
        _check(child, inner)
    for choice in CHOICES.get(rule, ()):
        names = choice.removeprefix("? ").split()
        here = [name for name in names if name in found or node.hasAttribute(name)]
        if len(here) > 1:
            refuse(node, f"has {here[0]} and {here[1]}")
        if not here and not choice.startswith("?"):
            refuse(node, f"has no {' or '.join(names)}")


def _stranger(node, child, tag):
    """Refuses a child that is not in the table, unless it may be ignored."""
    if child.namespaceURI == WSDL_SOAP12:
        refuse(child, "the WSDL binds SOAP 1.2; only SOAP 1.1 is supported")
    if child.namespaceURI in NAMESPACES:
        if tag not in UNREAD:
            refuse(child, f"is not supported in {node.tagName}")
    elif node.namespaceURI == XSD:
        refuse(child, f"does not belong into {node.tagName}")
    elif child.getAttributeNS(WSDL, "required") in ("true", "1"):
        refuse(child, "is an extension that must be understood")


def _attributes(node, known):
    for name, needed in known.items():
        if needed and not node.hasAttribute(name):
            refuse(node, f"has no {name}")
    for item in node.attributes.values():
        if item.namespaceURI:
            continue  # declarations, xml:lang, extensions
        if item.name not in known:
            refuse(node, f"has the attribute {item.name}, which is not supported")
        _value(node, item.name, item.value)


def _value(node, name, value):
    pattern = VALUES.get(name)
    if name == "use":
        pattern = "optional|required" if node.namespaceURI == XSD else "literal|encoded"
    elif name == "value" and node.localName in COUNTING_FACETS:
        pattern = COUNT
    if pattern and not re.fullmatch(pattern, value.strip()):
        refuse(node, f"{value!r} is no {name}")
    if name in REFERENCES and not (node.namespaceURI == WSDL and node.localName == "binding"):
        for text in value.split():
            found = resolve(node, text)
            if found.namespace == XSD and found.local not in XSD_TYPES:
                refuse(node, f"refers to xs:{found.local}, which no schema has")
