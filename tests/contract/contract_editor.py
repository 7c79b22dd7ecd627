"""The contract as a document that a test changes, and the table of such changes."""

from dataclasses import dataclass
from typing import Callable
from xml.dom import minidom

from support import V11, wsdl_document

WIRE, SOURCE, COMPATIBLE = "wire-breaking", "source-breaking", "compatible"
CUSTOMER = "https://bingads.microsoft.com/Customer/v11"
ENTITIES = CUSTOMER + "/Entities"
EXCEPTION = CUSTOMER + "/Exception"
ADAPI = "https://adapi.microsoft.com"
ARRAYS = "http://schemas.microsoft.com/2003/10/Serialization/Arrays"
GENERIC = "http://schemas.datacontract.org/2004/07/System.Collections.Generic"
SERIALIZATION = "http://schemas.microsoft.com/2003/10/Serialization/"


class Editor:
    """The contract as a document, with what it takes to change it."""

    def __init__(self, text, customer=CUSTOMER):
        self.customer, self.entities = customer, customer + "/Entities"
        self.document = minidom.parseString(text)
        self.root = self.document.documentElement

    def text(self):
        return self.document.toxml(encoding="utf-8")

    def schema(self, namespace):
        (found,) = [
            node
            for node in self.root.getElementsByTagNameNS(wsdl_document.XSD, "schema")
            if node.getAttribute("targetNamespace") == namespace
        ]
        return found

    def top(self, namespace, kind, name):
        (found,) = [
            node
            for node in wsdl_document.children(self.schema(namespace), wsdl_document.XSD, kind)
            if node.getAttribute("name") == name
        ]
        return found

    def type(self, name, namespace=None):
        """A complex type; "/Name" is the one inside of a message element."""
        if name.startswith("/"):
            element = self.top(self.customer, "element", name[1:])
            return wsdl_document.children(element, wsdl_document.XSD, "complexType")[0]
        return self.top(namespace or self.entities, "complexType", name)

    def sequence(self, name, namespace=None):
        return self.type(name, namespace).getElementsByTagNameNS(wsdl_document.XSD, "sequence")[0]

    def field(self, owner, name, namespace=None):
        (found,) = [
            node
            for node in wsdl_document.children(
                self.sequence(owner, namespace), wsdl_document.XSD, "element"
            )
            if node.getAttribute("name") == name
        ]
        return found

    def set(self, node, **attributes):
        for name, value in attributes.items():
            if value is None:
                node.removeAttribute(name)
            else:
                node.setAttribute(name, value)

    def add(self, parent, xml, before=None):
        """Adds XML text that may use the prefixes of the contract."""
        names = " ".join(
            f'{name}="{value}"'
            for name, value in self.root.attributes.items()
            if name.startswith("xmlns")
        )
        holder = minidom.parseString(f"<holder {names}>{xml}</holder>").documentElement
        for node in list(holder.childNodes):
            parent.insertBefore(self.document.importNode(node, True), before)

    def remove(self, node):
        node.parentNode.removeChild(node)

    def value(self, enumeration, text):
        kind = self.top(self.entities, "simpleType", enumeration)
        (found,) = [
            node
            for node in kind.getElementsByTagNameNS(wsdl_document.XSD, "enumeration")
            if node.getAttribute("value") == text
        ]
        return found

    def operations(self, name=None):
        """The nodes of an operation, or of all: in the port type and in the binding."""
        return [
            node
            for part in wsdl_document.children(self.root, wsdl_document.WSDL, "portType", "binding")
            for node in wsdl_document.children(part, wsdl_document.WSDL, "operation")
            if name in (None, node.getAttribute("name"))
        ]

    def bound(self, name):
        return self.operations(name)[1]

    def soap(self, name, local):
        return self.bound(name).getElementsByTagNameNS(wsdl_document.WSDL_SOAP11, local)

    def message(self, name):
        (found,) = [
            node
            for node in wsdl_document.children(self.root, wsdl_document.WSDL, "message")
            if node.getAttribute("name") == name
        ]
        return found

    def header(self, operation, part):
        (found,) = [
            node for node in self.soap(operation, "header") if node.getAttribute("part") == part
        ]
        return found


@dataclass
class Mutant:
    name: str
    change: Callable  # of an Editor; may return the text instead
    expected: set  # (class, kind, action, name, aspect)
    reverse: bool = False  # compare from the mutant to the contract

    def pair(self, text):
        editor = Editor(text)
        mutant = self.change(editor) or editor.text()
        if isinstance(mutant, str):
            mutant = mutant.encode()
        return (mutant, text) if self.reverse else (text, mutant)


MUTANTS, NEUTRAL = [], []


def mutant(*expected, reverse=False):
    def register(function):
        MUTANTS.append(Mutant(function.__name__, function, set(expected), reverse))
        return function

    return register


def neutral(function):
    NEUTRAL.append(Mutant(function.__name__, function, set()))
    return function


OPERATION_NAMES = [node.getAttribute("name") for node in Editor(V11.read_bytes()).operations()]
OPERATION_NAMES = OPERATION_NAMES[: len(OPERATION_NAMES) // 2]
