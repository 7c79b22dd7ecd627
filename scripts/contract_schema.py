"""Reads the schemas of a contract into its model: types, elements, attributes.

wsdl_grammar has looked at each element before: attributes and children are those
that a schema may have.
"""

from __future__ import annotations

from contract_model import ComplexType, Element, Field, SimpleType
from wsdl_document import SCHEMA_COMPONENTS
from wsdl_nodes import WSDL, XSD, QName, attribute, children, refuse, resolve

DAMAGED = "an import is missing or the file is damaged"
TRUE = ("true", "1")


def is_true(node, name):
    return (attribute(node, name) or "").strip() in TRUE


class SchemaReader:
    def __init__(self, contract):
        self.types = contract.types
        self.elements = contract.elements
        self.attributes = contract.attributes
        self.nodes = {}  # type, or kind and name of what stands at the top -> its node
        self.references = []  # (kind, QName, owner, node): all must be declared

    def read(self, root):
        schemas = [
            schema
            for types in children(root, WSDL, "types")
            for schema in children(types, XSD, "schema")
        ]
        for schema in schemas:
            target = schema.getAttribute("targetNamespace")
            for node in children(schema, XSD, *SCHEMA_COMPONENTS):
                name = QName(target, node.getAttribute("name"))
                kind = "type" if node.localName.endswith("Type") else node.localName
                if self.nodes.setdefault((kind, name), node) is not node:
                    refuse(node, f"{name.local} of {target} is declared twice")
        for (kind, name), node in self.nodes.copy().items():
            if kind == "type":
                self._type(node, name)
            else:
                table = self.elements if kind == "element" else self.attributes
                table[name] = Element(
                    self._type_of(node, name, self._path(kind, name)),
                    is_true(node, "nillable"),
                    self._value(node),
                )
        self._check_references()
        self._check_bases()

    def _check_references(self):
        for kind, name, owner, node in self.references:
            known = {"type": self.types, "element": self.elements, "attribute": self.attributes}
            if name.namespace != XSD and name not in known[kind]:
                refuse(
                    node,
                    f"{owner} refers to the {kind} {name.local} of "
                    f"{name.namespace or 'no namespace'}, which is not declared: " + DAMAGED,
                )

    def _check_bases(self):
        """What a type is made of is not the type itself, and of the right kind."""
        for name, kind in self.types.items():
            node = self.nodes["type", name]
            if isinstance(kind, ComplexType):
                parts = [kind.base] if kind.base else []
                simple = "simpleContent" in kind.structure
            else:
                parts = [part for part in (kind.base, kind.item, *kind.members) if part]
                simple = True
            for part in parts:
                if self._is_complex(part) and simple and not self._has_text(part, kind):
                    refuse(node, f"{name.local} cannot be made of {part.local}, which is complex")
                if not self._is_complex(part) and not simple:
                    refuse(node, f"{name.local} cannot extend {part.local}, which is no structure")
            self._check_circle(name, node)
            for field in getattr(kind, "fields", ()):
                if field.attribute and self._is_complex(field.type):
                    refuse(node, f"the attribute {field.name.local} cannot hold a structure")

    def _is_complex(self, name):
        if name.namespace == XSD:
            return name.local == "anyType"
        return isinstance(self.types[name], ComplexType)

    def _has_text(self, base, kind):
        """Whether a complex base has text for the simple content of a derived type."""
        return (
            isinstance(kind, ComplexType)
            and base in self.types
            and "simpleContent" in self.types[base].structure
        )

    def _check_circle(self, name, node):
        waiting, seen = [name], set()
        while waiting:
            kind = self.types.get(waiting.pop())
            parts = [getattr(kind, "base", None), getattr(kind, "item", None)]
            for part in [*parts, *getattr(kind, "members", ())]:
                if part == name:
                    refuse(node, f"{name.local} is made of itself")
                if part is not None and part not in seen:
                    seen.add(part)
                    waiting.append(part)

    def _refer(self, node, text, owner, kind="type"):
        name = resolve(node, text)
        self.references.append((kind, name, owner, node))
        return name

    @staticmethod
    def _path(kind, name):
        """The name of an anonymous type at the top: that of its element behind a slash."""
        return f"/{name.local}" if kind == "element" else f"/@{name.local}"

    def _type_of(self, node, owner, path):
        """The type of an element or attribute; an anonymous one is kept under a path as name."""
        if attribute(node, "type"):
            return self._refer(node, attribute(node, "type"), owner.local)
        for inner in children(node, XSD, "simpleType", "complexType"):
            return self._put(inner, QName(owner.namespace, path))
        return QName(XSD, "anyType" if node.localName == "element" else "anySimpleType")

    def _type_of_reference(self, kind, name):
        """The type of what a ref points to; what is not declared is refused later."""
        target = self.nodes.get((kind, name))
        if target is None:
            return name
        if attribute(target, "type"):
            return resolve(target, attribute(target, "type"))
        if children(target, XSD, "simpleType", "complexType"):
            return QName(name.namespace, self._path(kind, name))
        return QName(XSD, "anyType" if kind == "element" else "anySimpleType")

    def _put(self, node, name):
        """Reads an anonymous type."""
        self.nodes["type", name] = node
        self._type(node, name)
        return name

    def _type(self, node, name):
        read = self._simple if node.localName == "simpleType" else self._complex
        self.types[name] = read(node, name)

    def _simple(self, node, name):
        base, item, members, values, facets = None, None, (), [], []
        (kind,) = children(node, XSD, "restriction", "list", "union")
        if kind.localName == "list":
            item = self._inner(kind, name, "itemType", "item")
        elif kind.localName == "union":
            members = tuple(
                self._refer(kind, text, name.local)
                for text in attribute(kind, "memberTypes").split()
            )
        else:
            base = self._inner(kind, name, "base", "base")
            values, facets = self._limits(kind)
        return SimpleType(base, item, members, tuple(values), tuple(sorted(facets)))

    @staticmethod
    def _limits(restriction):
        values, facets = [], []
        for facet in children(restriction, XSD):
            value = attribute(facet, "value")
            if facet.localName == "enumeration":
                if value in values:
                    refuse(facet, f"the value {value} is listed twice")
                values.append(value)
            elif value is not None:
                facets.append((facet.localName, value))
        return values, facets

    def _inner(self, node, name, reference, path):
        if attribute(node, reference):
            return self._refer(node, attribute(node, reference), name.local)
        (inner,) = children(node, XSD, "simpleType")
        return self._put(inner, QName(name.namespace, f"{name.local}/{path}"))

    def _complex(self, node, name):
        base, derivation, content = None, "", node
        structures, fields = [], []
        for outer in children(node, XSD, "complexContent", "simpleContent"):
            (content,) = children(outer, XSD, "extension", "restriction")
            base = self._refer(content, attribute(content, "base"), name.local)
            if content.localName == "restriction":
                derivation = "restriction "
            if outer.localName == "simpleContent":
                structures.append("simpleContent")
                structures += [f"{facet} {value}" for facet, value in self._limits(content)[1]]
                structures += [f"value {value}" for value in self._limits(content)[0]]
            if is_true(outer, "mixed"):
                structures.append("mixed")
        for part in children(content, XSD):
            if part.localName in ("sequence", "all", "choice"):
                structures.insert(0, self._particle(part, name, fields))
            elif part.localName == "attribute":
                fields.append(self._attribute(part, name))
            elif part.localName == "anyAttribute":
                structures.append("anyAttribute")
        if is_true(node, "mixed"):
            structures.append("mixed")
        if len({(each.attribute, each.name.local) for each in fields}) < len(fields):
            refuse(node, f"{name.local} has two fields of one name, which is not supported")
        return ComplexType(
            base,
            is_true(node, "abstract"),
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
        occurs = "".join(
            f" {key}={attribute(node, key)}"
            for key in ("minOccurs", "maxOccurs")
            if attribute(node, key) not in (None, "1")
        )
        return node.localName + (f"({', '.join(nested)})" if nested else "") + occurs

    def _element(self, node, owner):
        maximum = (attribute(node, "maxOccurs") or "1").strip()
        occurrence = {
            "minimum": int(attribute(node, "minOccurs") or 1),
            "maximum": None if maximum == "unbounded" else int(maximum),
        }
        if occurrence["maximum"] is not None and occurrence["minimum"] > occurrence["maximum"]:
            refuse(node, "minOccurs is more than maxOccurs")
        if attribute(node, "ref"):
            name = self._refer(node, attribute(node, "ref"), owner.local, "element")
            target = self.nodes.get(("element", name))
            return Field(
                name,
                self._type_of_reference("element", name),
                nillable=target is not None and is_true(target, "nillable"),
                value=target and self._value(target),
                **occurrence,
            )
        local = node.getAttribute("name")
        return Field(
            QName(self._form(node, owner, "elementFormDefault"), local),
            self._type_of(node, owner, f"{owner.local}/{local}"),
            nillable=is_true(node, "nillable"),
            value=self._value(node),
            **occurrence,
        )

    def _attribute(self, node, owner):
        required = 1 if attribute(node, "use") == "required" else 0
        if attribute(node, "ref"):
            name = self._refer(node, attribute(node, "ref"), owner.local, "attribute")
            kind = self._type_of_reference("attribute", name)
        else:
            local = attribute(node, "name")
            name = QName(self._form(node, owner, "attributeFormDefault"), local)
            kind = self._type_of(node, owner, f"{owner.local}/@{local}")
        return Field(name, kind, required, 1, False, True, self._value(node))

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
