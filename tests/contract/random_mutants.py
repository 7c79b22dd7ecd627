"""Random mutants of a contract: one change each, by a seed."""

from contract_editor import Editor
from support import wsdl_document

LANGUAGES = (wsdl_document.WSDL, wsdl_document.WSDL_SOAP11, wsdl_document.XSD)
REFERENCES = ("type", "base", "element", "message", "part", "itemType")
LIMITS = (
    ("minOccurs", "0"), ("minOccurs", "1"), ("minOccurs", "2"), ("maxOccurs", "1"),
    ("maxOccurs", "10"), ("maxOccurs", "unbounded"), ("nillable", "true"), ("nillable", "false"),
    ("default", "0"), ("fixed", "x"), ("form", "unqualified"),
)  # fmt: skip
FACETS = (("maxLength", "50"), ("minLength", "1"), ("pattern", "[a-z]*"), ("maxInclusive", "99"))


def nodes(editor, *locals_):
    return [
        node
        for node in editor.root.getElementsByTagName("*")
        if node.namespaceURI in LANGUAGES and (not locals_ or node.localName in locals_)
    ]


def drop(editor, random):
    node = random.choice(nodes(editor))
    editor.remove(node)
    return node


def rename(editor, random):
    key = random.choice(("name", "name", "name", "value"))
    node = random.choice([each for each in nodes(editor) if each.hasAttribute(key)])
    others = [each for each in nodes(editor, node.localName) if each.hasAttribute(key)]
    text = random.choice((node.getAttribute(key) + "X", random.choice(others).getAttribute(key)))
    node.setAttribute(key, text)
    return node


def retype(editor, random):
    key = random.choice(REFERENCES)
    holders = [each for each in nodes(editor) if each.hasAttribute(key)]
    if not holders:
        return drop(editor, random)
    node = random.choice(holders)
    pool = [e.getAttribute(key) for e in holders if e.namespaceURI == node.namespaceURI]
    node.setAttribute(key, random.choice(pool + (["xs:int"] if key == "type" else [])))
    return node


def swap(editor, random):
    pairs = []
    for node in nodes(editor):
        following = node.nextSibling
        while following is not None and following.nodeType != following.ELEMENT_NODE:
            following = following.nextSibling
        if following is not None:
            pairs.append((node, following))
    node, following = random.choice(pairs)
    node.parentNode.insertBefore(following, node)
    return node


def new_element(editor, random):
    place = random.choice(nodes(editor, "sequence", "schema", "all"))
    typed = [each for each in nodes(editor, "element") if each.hasAttribute("type")]
    types = [each.getAttribute("type") for each in typed]
    occurs = "" if place.localName == "schema" else random.choice(("", 'minOccurs="0" '))
    number = random.randrange(100)
    kind = random.choice(types + ["xs:string", "xs:int"])
    before = random.choice([None, *wsdl_document.children(place, wsdl_document.XSD, "element")])
    editor.add(place, f'<xs:element {occurs}name="New{number}" type="{kind}"/>', before)
    return place


def new_value(editor, random):
    place = random.choice(nodes(editor, "enumeration"))
    text = random.choice(("NewValue", place.getAttribute("value").upper(), "Unknown"))
    editor.add(place.parentNode, f'<xs:enumeration value="{text}"/>', random.choice((None, place)))
    return place


def new_limit(editor, random):
    if random.random() < 0.25:
        place = random.choice(nodes(editor, "restriction"))
        name, value = random.choice(FACETS)
        editor.add(place, f'<xs:{name} value="{value}"/>', place.firstChild)
        return place
    place = random.choice(nodes(editor, "element"))
    name, value = random.choice(LIMITS)
    place.setAttribute(name, value)
    return place


KINDS = (drop, rename, retype, swap, new_element, new_value, new_limit)


def random_mutant(text, customer, random):
    """(what was done, the text of the mutant)."""
    editor = Editor(text, customer)
    change = random.choice(KINDS)
    node = change(editor, random)
    return f"{change.__name__} at {node.tagName} {node.getAttribute('name')}", editor.text()
