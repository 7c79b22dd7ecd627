"""Mutants of the service, its operations and their binding."""

from contract_editor import (
    ADAPI,
    ARRAYS,
    COMPATIBLE,
    CUSTOMER,
    ENTITIES,
    EXCEPTION,
    OPERATION_NAMES,
    SOURCE,
    WIRE,
    mutant,
)
from support import wsdl_document


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


# The binding: what it leaves out, and what it says beside the port type.


def bound_end(e, operation, direction):
    return wsdl_document.children(e.bound(operation), wsdl_document.WSDL, direction)[0]


@mutant((WIRE, "transport", "changed", "", ""))
def transport_changed(e):
    soap = e.root.getElementsByTagNameNS(wsdl_document.WSDL_SOAP11, "binding")[0]
    e.set(soap, transport="http://schemas.xmlsoap.org/soap/smtp")


@mutant((WIRE, "operation", "changed", "GetUser", "request element"))
def body_of_a_request_dropped(e):
    e.remove(e.soap("GetUser", "body")[0])


@mutant((WIRE, "operation", "changed", "GetUser", "reply element"))
def body_of_a_reply_dropped(e):
    e.remove(e.soap("GetUser", "body")[1])


@mutant((WIRE, "operation", "changed", "AddClientLinks", "request element"))
def body_without_parts(e):
    e.set(e.soap("AddClientLinks", "body")[0], parts="")


@mutant((WIRE, "operation", "changed", "GetUser", "reply element"), reverse=True)
def body_of_a_reply_added(e):
    e.remove(e.soap("GetUser", "body")[1])


@mutant(
    (WIRE, "operation", "changed", "GetUser", "reply element"),
    (WIRE, "header part", "removed", "GetUser reply header TrackingId", ""),
)
def reply_no_longer_bound(e):
    e.remove(bound_end(e, "GetUser", "output"))


@mutant((COMPATIBLE, "header fault", "added", "GetUser request header fault TrackingId", ""))
def header_fault_added(e):
    e.add(
        e.header("GetUser", "UserName"),
        '<soap:headerfault message="tns:GetUserResponse_Headers" part="TrackingId" use="literal"/>',
    )


@mutant((COMPATIBLE, "fault", "changed", "GetUser fault AdApiFaultDetail", "soap:fault"))
def body_of_a_fault_dropped(e):
    e.remove(e.soap("GetUser", "fault")[0])


@mutant(
    (COMPATIBLE, "fault", "changed", "GetUser fault AdApiFaultDetail", "soap:fault"), reverse=True
)
def body_of_a_fault_added(e):
    e.remove(e.soap("GetUser", "fault")[0])


def drop_fault(e, side, operation=None):
    """Takes the first fault out of the port type (0) or of the binding (1)."""
    for name in [operation] if operation else OPERATION_NAMES:
        e.remove(wsdl_document.children(e.operations(name)[side], wsdl_document.WSDL, "fault")[0])


@mutant((COMPATIBLE, "fault", "removed", "GetUser fault AdApiFaultDetail", ""))
def fault_dropped_from_the_binding(e):
    drop_fault(e, 1, "GetUser")


@mutant(
    (COMPATIBLE, "fault", "removed", "GetUser fault AdApiFaultDetail", ""),
    (COMPATIBLE, "fault", "added", "GetUser fault AdApiFaultDetailFault", ""),
)
def fault_dropped_from_the_port_type(e):
    drop_fault(e, 0, "GetUser")


@mutant(
    *[
        (SOURCE, "fault", "removed", f"{name} fault AdApiFaultDetail", "")
        for name in OPERATION_NAMES
    ]
)
def fault_dropped_from_all_bindings(e):
    drop_fault(e, 1)
