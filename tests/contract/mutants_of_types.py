"""Mutants of types and their fields."""

import re

from contract_editor import (
    ADAPI,
    ARRAYS,
    COMPATIBLE,
    ENTITIES,
    EXCEPTION,
    GENERIC,
    SOURCE,
    WIRE,
    mutant,
)
from support import wsdl_document


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
