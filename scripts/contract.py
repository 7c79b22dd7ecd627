"""A service contract as a model: operations, types, elements.

Every name is resolved to (namespace, local name), so that prefixes, white space
and the order of components no longer matter. What the model does not know is
an error and not silently left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.dom import minidom

from wsdl_document import (
    SCHEMA_COMPONENTS,
    WSDL,
    WSDL_SOAP11,
    WSDL_SOAP12,
    XSD,
    ContractError,
    QName,
    attribute,
    children,
    flatten,
    resolve,
)

WSDL_NAME = "CustomerManagementService.wsdl"
SERVICE_NAME = "CustomerManagementService"
DAMAGED = "an import is missing or the file is damaged"


def snake_case(name):
    """An operation's name within a C function's: GetUserMFAStatus -> get_user_mfa_status."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


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
        return sorted(
            {
                QName(name.namespace, name.local.split("/")[0])
                for name, kind in self.types.items()
                if isinstance(kind, SimpleType) and kind.values
            }
        )

    def namespaces(self):
        return {name.namespace for name in (*self.types, *self.elements)}


def all_fields(types, kind):
    """The fields of a complex type, inherited ones first: the order of wire and C struct."""
    base = types.get(kind.base)
    inherited = all_fields(types, base) if isinstance(base, ComplexType) else ()
    return (*inherited, *kind.fields)


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
                    f"{owner} refers to the {kind} {name.local} of "
                    f"{name.namespace or 'no namespace'}, which is not declared: " + DAMAGED
                )

    def _schema(self, schema):
        target = schema.getAttribute("targetNamespace")
        for node in children(schema, XSD, *SCHEMA_COMPONENTS):
            name = QName(target, node.getAttribute("name"))
            if node.localName == "element":
                self._put(
                    self.elements,
                    name,
                    Element(
                        self._type_of(node, name, "/" + name.local),
                        attribute(node, "nillable") in ("true", "1"),
                    ),
                )
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
                members = tuple(
                    self._refer(kind, text, name.local)
                    for text in (attribute(kind, "memberTypes") or "").split()
                )
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
                raise ContractError(
                    f"{name.local} uses xs:{part.localName}, which is not supported"
                )
        if attribute(node, "mixed") in ("true", "1"):
            structures.append("mixed")
        if len({(each.attribute, each.name.local) for each in fields}) < len(fields):
            raise ContractError(f"{name.local} has two fields of one name, which is not supported")
        return ComplexType(
            base,
            attribute(node, "abstract") in ("true", "1"),
            derivation + "+".join(structures) if structures else derivation + "empty",
            tuple(fields),
        )

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
                raise ContractError(
                    f"{name.local} uses xs:{part.localName}, which is not supported"
                )
        occurs = "".join(
            f" {key}={attribute(node, key)}"
            for key in ("minOccurs", "maxOccurs")
            if attribute(node, key) not in (None, "1")
        )
        return node.localName + (f"({', '.join(nested)})" if nested else "") + occurs

    def _element(self, node, owner):
        maximum = attribute(node, "maxOccurs") or "1"
        occurrence = {
            "minimum": int(attribute(node, "minOccurs") or 1),
            "maximum": None if maximum == "unbounded" else int(maximum),
        }
        if attribute(node, "ref"):
            name = self._refer(node, attribute(node, "ref"), owner.local, "element")
            target = find_element(node, name)
            return Field(
                name,
                self._type_of(target, name, "/" + name.local) if target else name,
                nillable=target is not None and attribute(target, "nillable") in ("true", "1"),
                **occurrence,
            )
        local = node.getAttribute("name")
        return Field(
            QName(self._form(node, owner, "elementFormDefault"), local),
            self._type_of(node, owner, f"{owner.local}/{local}"),
            nillable=attribute(node, "nillable") in ("true", "1"),
            value=self._value(node),
            **occurrence,
        )

    def _attribute(self, node, owner):
        text = attribute(node, "ref") or attribute(node, "name")
        name = (
            resolve(node, text)
            if attribute(node, "ref")
            else QName(self._form(node, owner, "attributeFormDefault"), text)
        )
        required = attribute(node, "use") == "required"
        return Field(
            name,
            self._type_of(node, owner, f"{owner.local}/@{name.local}"),
            1 if required else 0,
            1,
            False,
            True,
            self._value(node),
        )

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
            raise ContractError(
                f"the {what} {local} is not declared: an import is missing or the "
                "file is damaged"
            )
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
        return Operation(
            soap[0].getAttribute("soapAction"),
            attribute(soap[0], "style") or style,
            ends["input"],
            ends["output"],
            tuple(faults),
        )

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
                    raise ContractError(
                        f"{name} is not literal; only document/literal is supported"
                    )
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
                raise ContractError(
                    f"the message {message.getAttribute('name')} has a part without "
                    "an element; only document/literal is supported"
                )
            name = resolve(part, attribute(part, "element"))
            if name not in self.elements:
                raise ContractError(
                    f"the message {message.getAttribute('name')} refers to the element "
                    f"{name.local} of {name.namespace}, which is not declared: " + DAMAGED
                )
            parts[part.getAttribute("name")] = name
        return parts


def load(source):
    """Reads a contract from a file or an address; raises ContractError."""
    location, data, document = flatten(source)
    root = document.documentElement
    contract = Contract(
        location, data, document, "", "", "", "", "", root.getAttribute("targetNamespace")
    )
    _SchemaReader(contract).read(root)
    reader = _OperationReader(root, contract.elements)
    service, port, binding, port_type, contract.address = reader.service()
    contract.operations = reader.operations(binding, port_type)
    contract.service = service.getAttribute("name")
    contract.port = port.getAttribute("name")
    contract.binding = binding.getAttribute("name")
    contract.port_type = port_type.getAttribute("name")
    return contract
