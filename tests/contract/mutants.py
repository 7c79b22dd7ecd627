"""Mutants of the v11 contract, and what scripts/contract-diff must say of each.

MUTANTS holds contracts that differ, NEUTRAL ones that differ in nothing that
counts. Run as a program, it writes all of them into a folder:

    python3 tests/contract/mutants.py FOLDER
"""

import re
import sys
from dataclasses import dataclass
from pathlib import Path
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

# The service as a whole.


@mutant((WIRE, "address", "changed", "", ""))
def address_changed(e):
    e.root.getElementsByTagNameNS(wsdl_document.WSDL_SOAP11, "address")[0].setAttribute(
        "location", "https://elsewhere.example/CustomerManagementService.svc"
    )


@mutant((SOURCE, "binding", "changed", "", ""))
def binding_renamed(e):
    wsdl_document.children(e.root, wsdl_document.WSDL, "binding")[0].setAttribute("name", "Other")
    e.root.getElementsByTagNameNS(wsdl_document.WSDL, "port")[0].setAttribute(
        "binding", "tns:Other"
    )


@mutant((COMPATIBLE, "service", "changed", "", ""))
def service_renamed(e):
    wsdl_document.children(e.root, wsdl_document.WSDL, "service")[0].setAttribute("name", "Other")


@mutant((COMPATIBLE, "port", "changed", "", ""))
def port_renamed(e):
    e.root.getElementsByTagNameNS(wsdl_document.WSDL, "port")[0].setAttribute("name", "Other")


@mutant((COMPATIBLE, "portType", "changed", "", ""))
def port_type_renamed(e):
    wsdl_document.children(e.root, wsdl_document.WSDL, "portType")[0].setAttribute("name", "Other")
    wsdl_document.children(e.root, wsdl_document.WSDL, "binding")[0].setAttribute(
        "type", "tns:Other"
    )


@mutant(
    (WIRE, "namespace", "changed", CUSTOMER, ""),
    (WIRE, "namespace", "changed", ENTITIES, ""),
    (WIRE, "namespace", "changed", EXCEPTION, ""),
)
def version_in_all_namespaces(e):
    return (
        e.text()
        .decode()
        .replace("bingads.microsoft.com/Customer/v11", "bingads.microsoft.com/Customer/v12")
    )


@mutant((WIRE, "namespace", "changed", ENTITIES, ""))
def entities_namespace(e):
    return e.text().decode().replace(ENTITIES, "urn:entities")


@mutant((WIRE, "namespace", "changed", ADAPI, ""))
def fault_namespace(e):
    return e.text().decode().replace(f'"{ADAPI}"', '"urn:adapi"')


@mutant((WIRE, "namespace", "changed", ARRAYS, ""))
def array_namespace(e):
    return e.text().decode().replace(ARRAYS, "urn:arrays")


# Operations.


def add_operation(e, name):
    port_type, binding = wsdl_document.children(e.root, wsdl_document.WSDL, "portType", "binding")
    e.add(
        e.schema(CUSTOMER),
        f'<xs:element name="{name}Request"><xs:complexType/></xs:element>'
        f'<xs:element name="{name}Response"><xs:complexType/></xs:element>',
    )
    for end in ("Request", "Response"):
        e.add(
            e.root,
            f'<wsdl:message name="{name}{end}"><wsdl:part name="parameters" '
            f'element="tns:{name}{end}"/></wsdl:message>',
            port_type,
        )
    e.add(
        port_type,
        f'<wsdl:operation name="{name}"><wsdl:input message="tns:{name}Request"/>'
        f'<wsdl:output message="tns:{name}Response"/></wsdl:operation>',
    )
    e.add(
        binding,
        f'<wsdl:operation name="{name}"><soap:operation soapAction="{name}"/>'
        '<wsdl:input><soap:body use="literal"/></wsdl:input>'
        '<wsdl:output><soap:body use="literal"/></wsdl:output></wsdl:operation>',
    )


@mutant((COMPATIBLE, "operation", "added", "Ping", ""))
def operation_added(e):
    add_operation(e, "Ping")


@mutant((WIRE, "operation", "removed", "Ping", ""), reverse=True)
def operation_removed_with_its_elements(e):
    add_operation(e, "Ping")


@mutant((WIRE, "operation", "removed", "DeleteUser", ""))
def operation_removed(e):
    for node in e.operations("DeleteUser"):
        e.remove(node)


@mutant(
    (WIRE, "operation", "removed", "GetUser", ""),
    (COMPATIBLE, "operation", "added", "ReadUser", ""),
)
def operation_renamed(e):
    for node in e.operations("GetUser"):
        node.setAttribute("name", "ReadUser")


@mutant((WIRE, "SOAPAction", "changed", "AddClientLinks SOAPAction", ""))
def soap_action_changed(e):
    e.soap("AddClientLinks", "operation")[0].setAttribute("soapAction", "urn:AddClientLinks")


@mutant((WIRE, "SOAPAction", "changed", "GetUser SOAPAction", ""))
def soap_action_emptied(e):
    e.soap("GetUser", "operation")[0].setAttribute("soapAction", "")


@mutant((WIRE, "operation", "changed", "AddClientLinks", "request element"))
def request_element_changed(e):
    e.message("AddClientLinksRequest").getElementsByTagNameNS(wsdl_document.WSDL, "part")[
        0
    ].setAttribute("element", "tns:UpdateClientLinksRequest")


@mutant((WIRE, "operation", "changed", "GetUser", "reply element"))
def reply_element_changed(e):
    e.message("GetUserResponse").getElementsByTagNameNS(wsdl_document.WSDL, "part")[0].setAttribute(
        "element", "tns:GetCurrentUserResponse"
    )


@mutant((WIRE, "operation", "changed", "DeleteUser", "reply element"))
def reply_removed(e):
    for node in e.operations("DeleteUser"):
        e.remove(wsdl_document.children(node, wsdl_document.WSDL, "output")[0])


@mutant((WIRE, "operation", "changed", "GetUser", "style"))
def style_changed(e):
    e.soap("GetUser", "operation")[0].setAttribute("style", "rpc")


# Header parts.


def add_header(e, operation, end, name, nillable, before=None):
    e.add(e.schema(CUSTOMER), f'<xs:element name="{name}" nillable="{nillable}" type="xs:string"/>')
    e.add(
        e.message(f"{operation}{end}_Headers"), f'<wsdl:part name="{name}" element="tns:{name}"/>'
    )
    direction = {"Request": "input", "Response": "output"}[end]
    e.add(
        wsdl_document.children(e.bound(operation), wsdl_document.WSDL, direction)[0],
        f'<soap:header message="tns:{operation}{end}_Headers" part="{name}" use="literal"/>',
        before,
    )


@mutant((COMPATIBLE, "header part", "added", "AddClientLinks request header CustomerId", ""))
def header_added(e):
    add_header(e, "AddClientLinks", "Request", "CustomerId", "true")


@mutant((WIRE, "header part", "added", "AddClientLinks request header CustomerId", ""))
def header_added_not_nillable(e):
    add_header(e, "AddClientLinks", "Request", "CustomerId", "false")


@mutant((COMPATIBLE, "header part", "added", "GetUser reply header Server", ""))
def reply_header_added(e):
    add_header(e, "GetUser", "Response", "Server", "true")


@mutant((WIRE, "header part", "removed", "AddClientLinks request header ApplicationToken", ""))
def header_removed(e):
    e.remove(e.header("AddClientLinks", "ApplicationToken"))


@mutant(
    *[
        (WIRE, "header part", "removed", f"{name} request header Password", "")
        for name in OPERATION_NAMES
    ]
)
def header_removed_everywhere(e):
    for name in OPERATION_NAMES:
        e.remove(e.header(name, "Password"))


@mutant((WIRE, "header part", "removed", "SearchClientLinks reply header TrackingId", ""))
def reply_header_removed(e):
    e.remove(e.header("SearchClientLinks", "TrackingId"))


@mutant((COMPATIBLE, "header part", "changed", "GetUser request headers", "order"))
def headers_reordered(e):
    node = e.header("GetUser", "UserName")
    node.parentNode.insertBefore(node, e.header("GetUser", "ApplicationToken"))


@mutant((WIRE, "element", "changed", "DeveloperToken", "type"))
def header_type_changed(e):
    e.set(e.top(CUSTOMER, "element", "DeveloperToken"), type="xs:int")


@mutant((WIRE, "element", "changed", "DeveloperToken", "nillability"))
def header_no_longer_nillable(e):
    e.set(e.top(CUSTOMER, "element", "DeveloperToken"), nillable="false")


@mutant((COMPATIBLE, "element", "changed", "DeveloperToken", "nillability"), reverse=True)
def header_becomes_nillable(e):
    e.set(e.top(CUSTOMER, "element", "DeveloperToken"), nillable="false")


# Faults.


def remove_fault(e, operation, name):
    for node in e.operations(operation):
        for fault in wsdl_document.children(node, wsdl_document.WSDL, "fault"):
            if fault.getAttribute("name") == name:
                e.remove(fault)


@mutant((COMPATIBLE, "fault", "removed", "GetUser fault ApiFault", ""))
def fault_removed(e):
    remove_fault(e, "GetUser", "ApiFault")


@mutant(*[(SOURCE, "fault", "removed", f"{name} fault ApiFault", "") for name in OPERATION_NAMES])
def fault_removed_everywhere(e):
    remove_fault(e, None, "ApiFault")


def add_fault(e):
    port_type = wsdl_document.children(e.root, wsdl_document.WSDL, "portType")[0]
    e.add(e.schema(CUSTOMER), '<xs:element name="QuotaFault" type="adapi:ApplicationFault"/>')
    e.add(
        e.root,
        '<wsdl:message name="Quota"><wsdl:part name="detail" element="tns:QuotaFault"/>'
        "</wsdl:message>",
        port_type,
    )
    declared, bound = e.operations("AddClientLinks")
    e.add(declared, '<wsdl:fault name="Quota" message="tns:Quota"/>')
    e.add(bound, '<wsdl:fault name="Quota"><soap:fault name="Quota" use="literal"/></wsdl:fault>')


@mutant((COMPATIBLE, "fault", "added", "AddClientLinks fault QuotaFault", ""))
def fault_added(e):
    add_fault(e)


@mutant((SOURCE, "fault", "removed", "AddClientLinks fault QuotaFault", ""), reverse=True)
def last_use_of_a_fault_removed(e):
    add_fault(e)


@mutant((WIRE, "element", "changed", "ApiFault", "type"))
def fault_type_changed(e):
    e.set(e.top(CUSTOMER, "element", "ApiFault"), type="exc:OperationError")


# Types.


@mutant((COMPATIBLE, "type", "added", "Note", ""))
def type_added(e):
    e.add(
        e.schema(ENTITIES),
        '<xs:complexType name="Note"><xs:sequence><xs:element name="Text" '
        'type="xs:string"/></xs:sequence></xs:complexType>',
    )


@mutant((COMPATIBLE, "type", "added", "PrepaidAccount", ""))
def derived_type_added(e):
    e.add(
        e.schema(ENTITIES),
        '<xs:complexType name="PrepaidAccount"><xs:complexContent><xs:extension base="ent:Account">'
        "<xs:sequence/></xs:extension></xs:complexContent></xs:complexType>",
    )


@mutant((SOURCE, "type", "removed", "Note", ""), reverse=True)
def unused_type_removed(e):
    type_added(e)


@mutant((WIRE, "type", "removed", "PrepaidAccount", ""), reverse=True)
def derived_type_removed(e):
    derived_type_added(e)


@mutant(
    (SOURCE, "type", "removed", "PersonName", ""),
    (COMPATIBLE, "type", "added", "HumanName", ""),
    (SOURCE, "field", "changed", "User.Name", "type"),
)
def type_renamed(e):
    return re.sub(r'"(ent:)?PersonName"', r'"\1HumanName"', e.text().decode())


@mutant(
    (COMPATIBLE, "type", "removed", "SortOrder", ""),
    (COMPATIBLE, "type", "added", "Direction", ""),
    (COMPATIBLE, "field", "changed", "OrderBy.Order", "type"),
)
def enumeration_renamed(e):
    return re.sub(r'"(ent:)?SortOrder"', r'"\1Direction"', e.text().decode())


@mutant(
    (WIRE, "type", "changed", "AdvertiserAccount", "base"),
    *[
        (WIRE, "field", "removed", f"AdvertiserAccount.{name}", "")
        for name in (
            "AccountType",
            "BillToCustomerId",
            "CountryCode",
            "CurrencyType",
            "AccountFinancialStatus",
            "Id",
            "Language",
            "ForwardCompatibilityMap",
            "LastModifiedByUserId",
            "LastModifiedTime",
            "Name",
            "Number",
            "ParentCustomerId",
            "PaymentMethodId",
            "PaymentMethodType",
            "PrimaryUserId",
            "AccountLifeCycleStatus",
            "TimeStamp",
            "TimeZone",
            "PauseReason",
        )
    ],
)
def base_removed(e):
    kind = e.type("AdvertiserAccount")
    sequence = e.sequence("AdvertiserAccount")
    e.remove(wsdl_document.children(kind, wsdl_document.XSD, "complexContent")[0])
    kind.appendChild(sequence)


@mutant((WIRE, "type", "changed", "Account", "abstract"))
def type_becomes_abstract(e):
    e.set(e.type("Account"), abstract="true")


@mutant((COMPATIBLE, "type", "changed", "Account", "abstract"), reverse=True)
def type_no_longer_abstract(e):
    e.set(e.type("Account"), abstract="true")


def rename_sequence(e, name, local):
    old = e.sequence(name)
    new = e.document.createElementNS(wsdl_document.XSD, f"xs:{local}")
    for node in list(old.childNodes):
        new.appendChild(node)
    old.parentNode.replaceChild(new, old)


@mutant((COMPATIBLE, "type", "changed", "OrderBy", "structure"))
def sequence_becomes_all(e):
    rename_sequence(e, "OrderBy", "all")


@mutant((WIRE, "type", "changed", "OrderBy", "structure"))
def sequence_becomes_choice(e):
    rename_sequence(e, "OrderBy", "choice")


@mutant((COMPATIBLE, "type", "changed", "ClientLink", "structure"))
def free_content_added(e):
    e.add(e.sequence("ClientLink"), '<xs:any minOccurs="0" processContents="lax"/>')


@mutant((WIRE, "type", "changed", "ClientLink", "structure"))
def mixed_content(e):
    e.set(e.type("ClientLink"), mixed="true")


# Fields: added, removed, renamed.


@mutant((COMPATIBLE, "field", "added", "ClientLink.Color", ""))
def optional_field_added(e):
    e.add(e.sequence("ClientLink"), '<xs:element minOccurs="0" name="Color" type="xs:string"/>')


@mutant((COMPATIBLE, "field", "added", "ClientLink.Type", ""))
def optional_field_added_in_front(e):
    e.add(
        e.sequence("ClientLink"),
        '<xs:element minOccurs="0" name="Type" type="xs:string"/>',
        e.sequence("ClientLink").firstChild,
    )


@mutant((WIRE, "field", "added", "ClientLink.Color", ""))
def required_field_added(e):
    e.add(e.sequence("ClientLink"), '<xs:element name="Color" nillable="true" type="xs:string"/>')


@mutant((COMPATIBLE, "field", "added", "OperationError.Severity", ""))
def required_field_added_to_a_reply(e):
    e.add(e.sequence("OperationError", EXCEPTION), '<xs:element name="Severity" type="xs:int"/>')


@mutant((COMPATIBLE, "field", "added", "AddClientLinksRequest.Options", ""))
def optional_field_added_to_a_message(e):
    e.add(
        e.sequence("/AddClientLinksRequest"),
        '<xs:element minOccurs="0" name="Options" type="xs:int"/>',
    )


@mutant((WIRE, "field", "added", "SearchClientLinksRequest.Scope", ""))
def required_field_added_to_a_request(e):
    e.add(e.sequence("/SearchClientLinksRequest"), '<xs:element name="Scope" type="xs:int"/>')


@mutant((COMPATIBLE, "field", "added", "AddClientLinksResponse.Count", ""))
def required_field_added_to_a_reply_message(e):
    e.add(e.sequence("/AddClientLinksResponse"), '<xs:element name="Count" type="xs:int"/>')


@mutant((SOURCE, "field", "added", "Predicate.Hash", ""))
def field_added_that_is_sent_empty(e):
    e.add(e.sequence("Predicate"), '<xs:element minOccurs="0" name="Hash" type="xs:hexBinary"/>')


@mutant((COMPATIBLE, "field", "added", "ClientLink.version", ""))
def optional_attribute_added(e):
    e.add(e.type("ClientLink"), '<xs:attribute name="version" type="xs:int"/>')


@mutant((WIRE, "field", "added", "ClientLink.version", ""))
def required_attribute_added(e):
    e.add(e.type("ClientLink"), '<xs:attribute name="version" type="xs:int" use="required"/>')


@mutant((WIRE, "field", "removed", "ClientLink.ClientAccountId", ""))
def field_removed(e):
    e.remove(e.field("ClientLink", "ClientAccountId"))


@mutant((WIRE, "field", "removed", "AddClientLinksResponse.PartialErrors", ""))
def field_removed_from_a_reply(e):
    e.remove(e.field("/AddClientLinksResponse", "PartialErrors"))


@mutant((WIRE, "field", "removed", "GetUserRequest.UserId", ""))
def field_removed_from_a_request(e):
    e.remove(e.field("/GetUserRequest", "UserId"))


@mutant((WIRE, "field", "removed", "AdApiError.Code", ""))
def field_removed_from_a_fault(e):
    e.remove(e.field("AdApiError", "Code", ADAPI))


@mutant(
    (WIRE, "field", "removed", "ClientLink.Note", ""),
    (COMPATIBLE, "field", "added", "ClientLink.Memo", ""),
)
def field_renamed(e):
    e.set(e.field("ClientLink", "Note"), name="Memo")


@mutant((WIRE, "field", "changed", "ClientLink.Note", "namespace"))
def field_unqualified(e):
    e.set(e.field("ClientLink", "Note"), form="unqualified")


@mutant(
    (WIRE, "field", "changed", "KeyValuePairOfstringstring.key", "namespace"),
    (WIRE, "field", "changed", "KeyValuePairOfstringstring.value", "namespace"),
    (
        WIRE,
        "field",
        "changed",
        "ArrayOfKeyValuePairOfstringstring.KeyValuePairOfstringstring",
        "namespace",
    ),
)
def schema_unqualified(e):
    e.set(e.schema(GENERIC), elementFormDefault="unqualified")


# Fields: order.


def swap(e, owner, first, second, namespace=ENTITIES):
    one, other = e.field(owner, first, namespace), e.field(owner, second, namespace)
    one.parentNode.insertBefore(other, one)


@mutant((WIRE, "type", "changed", "ClientLink", "order"))
def fields_reordered(e):
    swap(e, "ClientLink", "ClientAccountId", "ClientAccountNumber")


@mutant((WIRE, "type", "changed", "ClientLink", "order"))
def field_moved_to_the_front(e):
    swap(e, "ClientLink", "ClientAccountId", "ForwardCompatibilityMap")


@mutant((WIRE, "type", "changed", "SearchClientLinksRequest", "order"))
def request_reordered(e):
    swap(e, "/SearchClientLinksRequest", "Predicates", "PageInfo")


@mutant((COMPATIBLE, "type", "changed", "OperationError", "order"))
def reply_reordered(e):
    swap(e, "OperationError", "Code", "Message", EXCEPTION)


# Fields: type.


@mutant((WIRE, "field", "changed", "ClientLink.ClientAccountId", "type"))
def number_becomes_text(e):
    e.set(e.field("ClientLink", "ClientAccountId"), type="xs:string")


@mutant((SOURCE, "field", "changed", "Paging.Size", "type"))
def number_of_a_request_widened(e):
    e.set(e.field("Paging", "Size"), type="xs:long")


@mutant((WIRE, "field", "changed", "Paging.Index", "type"))
def number_of_a_request_narrowed(e):
    e.set(e.field("Paging", "Index"), type="xs:short")


@mutant((WIRE, "field", "changed", "OperationError.Code", "type"))
def number_of_a_reply_widened(e):
    e.set(e.field("OperationError", "Code", EXCEPTION), type="xs:long")


@mutant((SOURCE, "field", "changed", "OperationError.Code", "type"))
def number_of_a_reply_narrowed(e):
    e.set(e.field("OperationError", "Code", EXCEPTION), type="xs:short")


@mutant((WIRE, "field", "changed", "ClientLink.StartDate", "type"))
def date_becomes_text(e):
    e.set(e.field("ClientLink", "StartDate"), type="xs:string")


@mutant((COMPATIBLE, "field", "changed", "ClientLink.Status", "type"))
def enumeration_becomes_text(e):
    e.set(e.field("ClientLink", "Status"), type="xs:string")


@mutant((WIRE, "field", "changed", "ClientLink.Note", "type"))
def text_becomes_enumeration(e):
    e.set(e.field("ClientLink", "Note"), type="ent:ClientLinkStatus")


@mutant((COMPATIBLE, "field", "changed", "OperationError.Details", "type"))
def text_of_a_reply_becomes_enumeration(e):
    e.set(e.field("OperationError", "Details", EXCEPTION), type="ent:ClientLinkStatus")


@mutant((WIRE, "field", "changed", "ClientLink.IsBillToClient", "type"))
def boolean_becomes_text(e):
    e.set(e.field("ClientLink", "IsBillToClient"), type="xs:string")


@mutant((WIRE, "field", "changed", "GetUserResponse.User", "type"))
def structure_exchanged(e):
    e.set(e.field("/GetUserResponse", "User"), type="ent:Customer")


@mutant((SOURCE, "field", "changed", "GetAccountResponse.Account", "type"))
def reply_becomes_a_derived_type(e):
    e.set(e.field("/GetAccountResponse", "Account"), type="ent:AdvertiserAccount")


# Fields: occurrence, nillability, default.


@mutant((WIRE, "field", "changed", "ClientLink.ClientAccountId", "occurrence"))
def field_becomes_required(e):
    e.set(e.field("ClientLink", "ClientAccountId"), minOccurs="1")


@mutant((WIRE, "field", "changed", "ClientLink.IsBillToClient", "occurrence"))
def field_becomes_required_and_by_value(e):
    e.set(e.field("ClientLink", "IsBillToClient"), minOccurs="1")


@mutant((COMPATIBLE, "field", "changed", "OperationError.Message", "occurrence"))
def field_of_a_reply_becomes_required(e):
    e.set(e.field("OperationError", "Message", EXCEPTION), minOccurs="1")


@mutant((SOURCE, "field", "changed", "OperationError.Code", "occurrence"))
def number_of_a_reply_becomes_required(e):
    e.set(e.field("OperationError", "Code", EXCEPTION), minOccurs="1")


@mutant((WIRE, "field", "changed", "OperationError.Code", "occurrence"), reverse=True)
def number_of_a_reply_becomes_optional(e):
    e.set(e.field("OperationError", "Code", EXCEPTION), minOccurs="1")


@mutant((COMPATIBLE, "field", "changed", "Predicate.Value", "occurrence"), reverse=True)
def field_of_a_request_becomes_optional(e):
    e.set(e.field("Predicate", "Value"), minOccurs="1")


@mutant((SOURCE, "field", "changed", "GetUserRequest.UserId", "occurrence"))
def field_of_a_request_becomes_an_array(e):
    e.set(e.field("/GetUserRequest", "UserId"), maxOccurs="unbounded")


@mutant((WIRE, "field", "changed", "OperationError.Message", "occurrence"))
def field_of_a_reply_becomes_an_array(e):
    e.set(e.field("OperationError", "Message", EXCEPTION), maxOccurs="unbounded")


@mutant((WIRE, "field", "changed", "ArrayOfClientLink.ClientLink", "occurrence"))
def array_becomes_single(e):
    e.set(e.field("ArrayOfClientLink", "ClientLink"), maxOccurs="1")


@mutant((WIRE, "field", "changed", "ArrayOfPredicate.Predicate", "occurrence"))
def array_of_a_request_bounded(e):
    e.set(e.field("ArrayOfPredicate", "Predicate"), maxOccurs="10")


@mutant((COMPATIBLE, "field", "changed", "ArrayOfOperationError.OperationError", "occurrence"))
def array_of_a_reply_bounded(e):
    e.set(e.field("ArrayOfOperationError", "OperationError", EXCEPTION), maxOccurs="10")


@mutant(
    (COMPATIBLE, "field", "changed", "ArrayOfOperationError.OperationError", "occurrence"),
    reverse=True,
)
def array_of_a_reply_unbounded(e):
    e.set(e.field("ArrayOfOperationError", "OperationError", EXCEPTION), maxOccurs="10")


@mutant((COMPATIBLE, "field", "changed", "ClientLink.Note", "nillability"))
def optional_field_no_longer_nillable(e):
    e.set(e.field("ClientLink", "Note"), nillable="false")


@mutant((COMPATIBLE, "field", "changed", "ClientLink.IsBillToClient", "nillability"))
def optional_field_becomes_nillable(e):
    e.set(e.field("ClientLink", "IsBillToClient"), nillable="true")


@mutant((WIRE, "field", "changed", "KeyValuePairOfstringstring.value", "nillability"))
def required_field_no_longer_nillable(e):
    e.set(e.field("KeyValuePairOfstringstring", "value", GENERIC), nillable="false")


@mutant(
    (COMPATIBLE, "field", "changed", "KeyValuePairOfstringstring.value", "nillability"),
    reverse=True,
)
def required_text_becomes_nillable(e):
    e.set(e.field("KeyValuePairOfstringstring", "value", GENERIC), nillable="false")


@mutant((WIRE, "field", "changed", "ArrayOflong.long", "nillability"))
def array_entry_becomes_nillable(e):
    e.set(e.field("ArrayOflong", "long", ARRAYS), nillable="true")


@mutant((WIRE, "field", "changed", "ClientLink.IsBillToClient", "value"))
def default_added(e):
    e.set(e.field("ClientLink", "IsBillToClient"), default="true")


@mutant(
    (WIRE, "field", "changed", "ClientLink.StartDate", "type"),
    (WIRE, "field", "changed", "ClientLink.StartDate", "occurrence"),
    (COMPATIBLE, "field", "changed", "ClientLink.StartDate", "nillability"),
)
def three_changes_of_one_field(e):
    e.set(e.field("ClientLink", "StartDate"), type="xs:date", minOccurs="1", nillable="false")


# Enumerations and other simple types.


@mutant((COMPATIBLE, "enumeration value", "added", "ClientLinkStatus.LinkPaused", ""))
def value_added(e):
    node = e.value("ClientLinkStatus", "Active")
    e.add(node.parentNode, '<xs:enumeration value="LinkPaused"/>', node)


@mutant((WIRE, "enumeration value", "removed", "ClientLinkStatus.UnlinkRequested", ""))
def value_removed(e):
    e.remove(e.value("ClientLinkStatus", "UnlinkRequested"))


@mutant(
    (WIRE, "enumeration value", "removed", "PredicateOperator.In", ""),
    (COMPATIBLE, "enumeration value", "added", "PredicateOperator.OneOf", ""),
)
def value_renamed(e):
    e.set(e.value("PredicateOperator", "In"), value="OneOf")


@mutant(
    (WIRE, "enumeration value", "removed", "SortOrder.Ascending", ""),
    (COMPATIBLE, "enumeration value", "added", "SortOrder.ascending", ""),
)
def value_in_another_case(e):
    e.set(e.value("SortOrder", "Ascending"), value="ascending")


@mutant((COMPATIBLE, "type", "changed", "ClientLinkStatus", "order"))
def values_reordered(e):
    node = e.value("ClientLinkStatus", "Active")
    node.parentNode.insertBefore(node, e.value("ClientLinkStatus", "LinkPending"))


def open_values(e):
    kind = e.top(ENTITIES, "simpleType", "ClientLinkStatus")
    for node in kind.getElementsByTagNameNS(wsdl_document.XSD, "enumeration"):
        e.remove(node)


@mutant((COMPATIBLE, "type", "changed", "ClientLinkStatus", "values"))
def enumeration_opened(e):
    open_values(e)


@mutant((WIRE, "type", "changed", "ClientLinkStatus", "values"), reverse=True)
def enumeration_closed(e):
    open_values(e)


@mutant((WIRE, "type", "changed", "SortOrder", "definition"))
def enumeration_base_changed(e):
    kind = e.top(ENTITIES, "simpleType", "SortOrder")
    e.set(wsdl_document.children(kind, wsdl_document.XSD, "restriction")[0], base="xs:token")


@mutant((COMPATIBLE, "type", "changed", "guid", "definition"))
def pattern_of_an_unused_type(e):
    e.root.getElementsByTagNameNS(wsdl_document.XSD, "pattern")[1].setAttribute("value", ".*")


@mutant((WIRE, "type", "changed", "SortOrder", "kind"))
def simple_type_becomes_complex(e):
    e.remove(e.top(ENTITIES, "simpleType", "SortOrder"))
    e.add(e.schema(ENTITIES), '<xs:complexType name="SortOrder"><xs:sequence/></xs:complexType>')


@mutant((COMPATIBLE, "type", "added", "Color", ""))
def enumeration_added(e):
    e.add(
        e.schema(ENTITIES),
        '<xs:simpleType name="Color"><xs:restriction base="xs:string">'
        '<xs:enumeration value="Red"/></xs:restriction></xs:simpleType>',
    )


# Elements that no message has.


@mutant((COMPATIBLE, "element", "added", "Unused", ""))
def unused_element_added(e):
    e.add(e.schema(ENTITIES), '<xs:element name="Unused" type="xs:string"/>')


@mutant((COMPATIBLE, "element", "removed", "SortOrder", ""))
def unused_element_removed(e):
    e.remove(e.top(ENTITIES, "element", "SortOrder"))


# What makes no difference.


def shuffled(parent, *kinds):
    """The reverse order: another one for whatever has more than one component."""
    for node in reversed(
        wsdl_document.children(parent, wsdl_document.WSDL, *kinds)
        + wsdl_document.children(parent, wsdl_document.XSD, *kinds)
    ):
        parent.appendChild(node)


@neutral
def prefixes(e):
    text = e.text().decode()
    for old, new in (
        ("wsdl", "w"),
        ("xs", "schema"),
        ("tns", "ns1"),
        ("ent", "q7"),
        ("exc", "a"),
        ("adapi", "b"),
        ("gen", "c"),
        ("arr", "d"),
        ("ser", "cm"),
        ("soap", "ent"),
    ):
        text = re.sub(rf"(?<![\w.]){old}:(?=\w)", f"@{new}:", text)
        text = text.replace(f"xmlns:{old}=", f"xmlns:@{new}=")
    return text.replace("@", "")


@neutral
def default_namespace(e):
    text = re.sub(r"(</?)wsdl:", r"\1", e.text().decode())
    return text.replace("xmlns:wsdl=", "xmlns=")


@neutral
def white_space(e):
    return re.sub(r">\s*<", ">\n\n\t\t<", re.sub(r" (?=\w+=\")", "\n    ", e.text().decode()))


@neutral
def no_white_space(e):
    return re.sub(r">\s+<", "><", e.text().decode())


@neutral
def order_of_types(e):
    for namespace in (CUSTOMER, ENTITIES, EXCEPTION, ADAPI, GENERIC, ARRAYS, SERIALIZATION):
        shuffled(e.schema(namespace), "element", "complexType", "simpleType")


@neutral
def order_of_schemas(e):
    shuffled(wsdl_document.children(e.root, wsdl_document.WSDL, "types")[0], "schema")


@neutral
def order_of_messages(e):
    shuffled(e.root, "message")


@neutral
def order_of_operations(e):
    for part in wsdl_document.children(e.root, wsdl_document.WSDL, "portType", "binding"):
        shuffled(part, "operation")


@neutral
def order_of_the_rest(e):
    shuffled(e.root, "types", "message", "portType", "binding", "service")


@neutral
def comments(e):
    for node in list(e.root.childNodes):
        e.root.insertBefore(e.document.createComment(" generated 2018-01-01 "), node)


@neutral
def documentation(e):
    e.add(
        e.type("ClientLink"),
        "<xs:annotation><xs:documentation>A link.</xs:documentation>" "</xs:annotation>",
        e.sequence("ClientLink"),
    )
    e.add(
        e.operations("GetUser")[0],
        "<wsdl:documentation>Reads.</wsdl:documentation>",
        e.operations("GetUser")[0].firstChild,
    )


@neutral
def name_of_definitions(e):
    e.root.removeAttribute("name")


@neutral
def names_of_messages(e):
    text = e.text().decode()
    return text.replace("GetUserRequest_Headers", "Headers_17")


@neutral
def names_of_parts(e):
    e.message("GetUserRequest").getElementsByTagNameNS(wsdl_document.WSDL, "part")[0].setAttribute(
        "name", "body"
    )


@neutral
def names_of_faults(e):
    return e.text().decode().replace('name="AdApiFaultDetailFault"', 'name="GeneralFault"')


@neutral
def policy(e):
    for node in e.root.getElementsByTagName("wsp:Policy")[:1]:
        e.remove(node)
    for node in e.root.getElementsByTagName("wsp:PolicyReference"):
        e.remove(node)


@neutral
def soap12_prefix(e):
    e.root.setAttribute("xmlns:soap12", "http://schemas.xmlsoap.org/wsdl/soap12/")


@neutral
def numbers_of_values(e):
    for node in e.root.getElementsByTagNameNS(wsdl_document.XSD, "annotation"):
        if node.parentNode.localName == "enumeration":
            e.remove(node)


@neutral
def schema_in_two_parts(e):
    schema = e.schema(ENTITIES)
    e.add(
        schema.parentNode,
        f'<xs:schema elementFormDefault="qualified" ' f'targetNamespace="{ENTITIES}"/>',
    )
    second = schema.parentNode.lastChild
    for node in wsdl_document.children(schema, wsdl_document.XSD, "complexType")[:10]:
        second.appendChild(node)


@neutral
def occurrence_written_out(e):
    e.set(e.field("ClientLink", "Note"), maxOccurs="1")
    e.set(e.field("ClientLink", "IsBillToClient"), nillable="0")


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    text = V11.read_bytes()
    for each in MUTANTS + NEUTRAL:
        old, new = each.pair(text)
        (folder / f"{each.name}.wsdl").write_bytes(old if each.reverse else new)
    print(f"{len(MUTANTS)} mutants and {len(NEUTRAL)} neutral ones in {folder}")


if __name__ == "__main__":
    main()
