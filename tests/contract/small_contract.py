"""A contract cut down to a few operations, and random changes of its text."""

from xml.dom import minidom

from contract_editor import Editor
from support import contract, wsdl_document

NAMES = ("xs", "wsdl", "soap", "tns", "ent", "nil")
WORDS = (
    b"<", b">", b"/", b'"', b"&", b"&#0;", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"xs:", b":",
    b"\0", b"\xff", b"\xc3\xa9", b'xmlns=""', b"<xs:any/>", b"<xs:choice/>", b"<xs:include/>",
    b"-1", b"9" * 40,
)  # fmt: skip


def reached(model, operations):
    """Names of types and elements that the operations need."""
    messages = [model.operations[name] for name in operations]
    ends = [end for each in messages for end in (each.input, each.output)]
    elements = {e for end in ends for e in (end.body, *end.headers)}
    elements |= {detail for each in messages for detail in each.details()}
    types, waiting = set(), [model.elements[name].type for name in elements]
    while waiting:
        name = waiting.pop()
        kind = model.types.get(name)
        if kind is None or name in types:
            continue
        types.add(name)
        waiting += [field.type for field in getattr(kind, "fields", ())]
        waiting += [part for part in (kind.base, getattr(kind, "item", None)) if part]
        waiting += [n for n, k in model.types.items() if k.base == name]
    return types, elements


def small_contract(path, operations):
    """The text of the contract with these operations only."""
    types, elements = reached(contract.load(path), operations)
    editor = Editor(path.read_bytes())
    for node in editor.operations():
        if node.getAttribute("name") not in operations:
            editor.remove(node)
    for schema in editor.root.getElementsByTagNameNS(wsdl_document.XSD, "schema"):
        for node in wsdl_document.children(
            schema, wsdl_document.XSD, "element", "complexType", "simpleType"
        ):
            name = wsdl_document.QName(
                schema.getAttribute("targetNamespace"), node.getAttribute("name")
            )
            if name not in (elements if node.localName == "element" else types):
                editor.remove(node)
    used = {
        node.getAttribute("message").split(":")[-1]
        for node in editor.root.getElementsByTagName("*")
        if node.hasAttribute("message")
    }
    for node in wsdl_document.children(editor.root, wsdl_document.WSDL, "message"):
        if node.getAttribute("name") not in used:
            editor.remove(node)
    return editor.text()


def spoilt_bytes(text, random):
    """The text with one to three places of it spoilt."""
    text = bytearray(text)
    for _ in range(random.randint(1, 3)):
        place = random.randrange(len(text))
        end = min(len(text), place + random.choice((1, 1, 2, 8, 60, 1000)))
        other = random.randrange(len(text))
        kind = random.randrange(5)
        if kind == 0:
            text[place] = random.randrange(256)
        elif kind == 1:
            del text[place:end]
        elif kind == 2:
            text[other:other] = text[place:end]
        elif kind == 3:
            text[place:end] = random.choice(WORDS)
        else:
            text[place:place] = random.choice(WORDS)
    return bytes(text)


def spoilt_nodes(text, random):
    """The text with one to three of its nodes changed, and still well-formed."""
    document = minidom.parseString(text)
    for _ in range(random.randint(1, 3)):
        nodes = document.documentElement.getElementsByTagName("*")
        node, other = random.choice(nodes), random.choice(nodes)
        kind = random.randrange(6)
        if kind == 0:
            node.parentNode.removeChild(node)
        elif kind == 1:
            node.parentNode.insertBefore(node.cloneNode(True), node)
        elif kind == 2 and other is not node:
            copy = node.cloneNode(True)
            other.appendChild(copy)
        elif kind == 3:
            node.tagName = f"{random.choice(NAMES[:3])}:{other.localName}"
        elif node.attributes and other.attributes:
            mine = random.choice(list(node.attributes.keys()))
            name, value = random.choice(list(other.attributes.items()))
            if kind == 4:
                node.setAttribute(mine, random.choice((value, "", "-1", "xs:x", "ent:" + value)))
            elif not name.startswith("xmlns"):
                node.setAttribute(name, value)
                node.removeAttribute(mine) if mine.find("xmlns") < 0 else None
    return document.toxml(encoding="utf-8")
