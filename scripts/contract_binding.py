"""Reads operations, their binding and the service's port into the model of a contract.

Supported is document/literal over SOAP 1.1, at one port. What a binding leaves out is no
error: it changes what goes over the wire, and contract_changes tells so.
"""

from __future__ import annotations

from contract_model import Fault, Message, Operation
from contract_schema import DAMAGED
from wsdl_nodes import WSDL, WSDL_SOAP11, attribute, children, refuse, resolve


def named(node):
    return node.getAttribute("name")


class OperationReader:
    """The operations of the one binding that the service's SOAP 1.1 port offers."""

    def __init__(self, contract):
        self.contract = contract
        self.root = None
        self.messages = {}

    def read(self, root):
        self.root = root
        self.messages = self._table("message")
        contract = self.contract
        service, port, contract.address = self._port()
        binding = self._find(self._table("binding"), port, "binding", "binding")
        port_type = self._find(self._table("portType"), binding, "type", "portType")
        contract.service, contract.port = named(service), named(port)
        contract.binding, contract.port_type = named(binding), named(port_type)
        soap = children(binding, WSDL_SOAP11, "binding")
        if not soap:
            refuse(binding, "has no soap:binding; only SOAP 1.1 is supported")
        contract.transport = attribute(soap[0], "transport") or ""
        style = attribute(soap[0], "style") or "document"
        contract.operations = self._operations(binding, port_type, style)

    def _table(self, local):
        table = {}
        for node in children(self.root, WSDL, local):
            if table.setdefault(named(node), node) is not node:
                refuse(node, f"the {local} {named(node)} is declared twice")
        return table

    def _find(self, table, node, name, what):
        local = node.getAttribute(name).split(":")[-1]
        if local not in table:
            refuse(node, f"the {what} {local} is not declared: {DAMAGED}")
        return table[local]

    def _port(self):
        """(service, port, address): nodes and text."""
        ports = []
        for service in children(self.root, WSDL, "service"):
            for port in children(service, WSDL, "port"):
                address = children(port, WSDL_SOAP11, "address")
                if not address:
                    refuse(port, "has no soap:address; only SOAP 1.1 ports are supported")
                ports.append((service, port, address[0].getAttribute("location")))
        if len(ports) != 1:
            refuse(self.root, f"the WSDL has {len(ports)} SOAP 1.1 ports; one is expected")
        return ports[0]

    def _operations(self, binding, port_type, style):
        bound = self._by_name(binding, "operation")
        declared = self._by_name(port_type, "operation")
        for name, node in bound.items():
            if name not in declared:
                refuse(node, f"the operation {name} is bound but not declared")
        if not declared:
            refuse(port_type, "the WSDL declares no operation")
        found = {}
        for name, node in declared.items():
            if name not in bound:
                refuse(node, f"the operation {name} has no binding")
            found[name] = self._operation(node, bound[name], style)
        return found

    @staticmethod
    def _by_name(owner, local):
        found = {}
        for node in children(owner, WSDL, local):
            if found.setdefault(named(node), node) is not node:
                refuse(node, f"the {local} {named(node)} is there twice")
        return found

    def _operation(self, declared, bound, style):
        soap = children(bound, WSDL_SOAP11, "operation")
        if not soap:
            refuse(bound, f"the operation {named(bound)} has no SOAP 1.1 binding")
        if not children(declared, WSDL, "input"):
            refuse(declared, f"the operation {named(declared)} has no input")
        return Operation(
            soap[0].getAttribute("soapAction"),
            attribute(soap[0], "style") or style,
            self._end(declared, bound, "input"),
            self._end(declared, bound, "output"),
            self._faults(declared, bound),
        )

    def _end(self, declared, bound, direction):
        """One direction as a Message, None where the port type has none."""
        found, bindings = (children(node, WSDL, direction) for node in (declared, bound))
        if not found:
            if bindings:
                refuse(bindings[0], f"{named(bound)} is bound to an {direction} it does not have")
            return None
        own = self._find(self.messages, found[0], "message", "message")
        parts = self._parts(own)
        headers, faults, body = [], [], None
        for node in children(bindings[0], WSDL_SOAP11) if bindings else ():
            self._literal(node)
            if node.localName == "body":
                body = node
                continue
            headers.append(self._header(node, own, parts))
            if headers[-1] in headers[:-1]:
                refuse(node, f"the header {headers[-1].local} is there twice")
            for fault in children(node, WSDL_SOAP11, "headerfault"):
                self._literal(fault)
                faults.append(self._header(fault, None, parts))
        return Message(self._body(found[0], body, parts), tuple(headers), tuple(faults))

    @staticmethod
    def _literal(node):
        if attribute(node, "use") != "literal":
            refuse(node, "is not literal; only document/literal is supported")

    def _header(self, node, own, parts):
        """The element of a header part; one of the own message is no part of the body then."""
        message = self._find(self.messages, node, "message", "message")
        elements = self._parts(message)
        part = node.getAttribute("part")
        if part not in elements:
            refuse(node, f"the header part {part} is not declared")
        if message is own:
            if part not in parts:
                refuse(node, f"the part {part} is bound twice")
            del parts[part]
        return elements[part]

    @staticmethod
    def _body(end, body, parts):
        """The element that the body holds."""
        if body is None:
            return None
        chosen = attribute(body, "parts")
        if chosen is not None:
            for part in chosen.split():
                if part not in parts:
                    refuse(body, f"the part {part} is not declared")
            parts = {name: parts[name] for name in chosen.split()}
            if not parts:
                return None
        if len(parts) != 1:
            refuse(
                end,
                f"the {end.localName} of {named(end.parentNode)} has {len(parts)} body parts; "
                "document/literal has one",
            )
        return next(iter(parts.values()))

    def _faults(self, declared, bound):
        here, there = self._by_name(declared, "fault"), self._by_name(bound, "fault")
        faults = []
        for name in here.keys() | there.keys():
            detail, soap = None, []
            if name in here:
                message = self._find(self.messages, here[name], "message", "message")
                parts = list(self._parts(message).values())
                if len(parts) != 1:
                    refuse(here[name], f"a fault has one part, not {len(parts)}")
                detail = parts[0]
            if name in there:
                soap = children(there[name], WSDL_SOAP11, "fault")
                for node in soap:
                    self._literal(node)
                    if named(node) != name:
                        refuse(node, f"is not the fault {name} that it stands in")
            faults.append(Fault(detail, name in there, bool(soap), "" if detail else name))
        return tuple(sorted(faults, key=lambda each: (each.detail or ("", each.name), each.bound)))

    def _parts(self, message):
        parts = {}
        for part in children(message, WSDL, "part"):
            if not attribute(part, "element") or attribute(part, "type"):
                refuse(
                    part,
                    f"the message {named(message)} has a part that is no element; "
                    "only document/literal is supported",
                )
            name = resolve(part, attribute(part, "element"))
            if name not in self.contract.elements:
                refuse(
                    part,
                    f"the message {named(message)} refers to the element "
                    f"{name.local} of {name.namespace}, which is not declared: {DAMAGED}",
                )
            if named(part) in parts:
                refuse(part, f"the part {named(part)} is there twice")
            parts[named(part)] = name
        return parts
