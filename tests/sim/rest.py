"""The REST wire, from and to the envelopes that the tests are written in.

A test says what it sends and what it expects in the XML of v13; here that becomes JSON
over HTTP by the types of the contract's WSDL, and the answer becomes XML again. The
simulator has its names and types from another source, so a mistake there is seen here.
"""

import json
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import schema

VERSION = "v13"
CM = f"https://bingads.microsoft.com/Customer/{VERSION}"
EXC = CM + "/Exception"
ADAPI = "https://adapi.microsoft.com"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
NIL = f"{{{XSI}}}nil"
NUMBERS = ("int", "unsignedByte", "decimal")

# Operations whose address does not follow from the name.
ROUTES = {
    "DismissNotifications": ("POST", "/Notifications/Dismiss"),
    "FindAccounts": ("POST", "/Accounts/Find"),
    "FindAccountsOrCustomersInfo": ("POST", "/AccountsOrCustomersInfo/Find"),
    "MapAccountIdToExternalAccountIds": ("POST", "/AccountId/MapToExternalAccountIds"),
    "MapCustomerIdToExternalCustomerId": ("POST", "/CustomerId/MapToExternalCustomerId"),
    "SendUserInvitation": ("POST", "/UserInvitation/Send"),
    "SignupCustomer": ("POST", "/Customer/Signup"),
    "UpgradeCustomerToAgency": ("POST", "/Customer/UpgradeToAgency"),
    "ValidateAddress": ("POST", "/Address/Validate"),
}
RULES = {"Add": ("POST", ""), "Update": ("PUT", ""), "Delete": ("DELETE", ""),
         "Search": ("POST", "/Search"), "Get": ("POST", "/Query")}


def route(operation):
    """Method and path below the base address."""
    if operation in ROUTES:
        return ROUTES[operation]
    verb = next(verb for verb in RULES if operation.startswith(verb))
    method, end = RULES[verb]
    return method, "/" + operation[len(verb):] + end


_schemas = []


def schemas():
    if not _schemas:
        _schemas.append(schema.Schemas(VERSION))
    return _schemas[0]


def local(name):
    return name.rpartition("}")[2]


def particles(kind, target=None):
    """The children of a type, or None when it holds text."""
    if not isinstance(kind, str):
        return schemas().particles(kind, target)
    if kind in schemas().complex:
        return schemas().particles(*schemas().complex[kind])
    return None


def element_type(tag):
    node, target = schemas().elements[tag]
    kind = node.get("type")
    return (schema.qualified(kind, schemas().scopes[node]) if kind
            else node.find(f"{{{schema.XSD}}}complexType")), target


def member(tag, kind_name):
    """The name in JSON: pairs have theirs with a capital."""
    name = local(tag)
    return name.capitalize() if "KeyValuePair" in str(kind_name) else name


def list_item(children):
    """The particle of a list's items, None when the type is no list."""
    return children[0] if len(children) == 1 and children[0][3] > 1 else None


def scalar(text, kind):
    if local(kind) == "boolean" and text in ("true", "false", "1", "0"):
        return text in ("true", "1")
    if local(kind) in NUMBERS:
        try:
            return int(text)
        except ValueError:
            return text
    return ", ".join(text.split()) if local(kind) == "AccountAdditionalField" else text


def to_json(element, kind, target=None):
    if element.get(NIL) == "true":
        return None
    children = particles(kind, target)
    if children is None:
        return scalar(element.text or "", kind)
    item = list_item(children)
    if item:
        return [to_json(each, item[4]) for each in element]
    types = {tag: child_kind for tag, _, _, _, child_kind in children}
    return {member(each.tag, kind): to_json(each, types[each.tag]) if each.tag in types
            else each.text for each in element}


def check_scalar(value, kind):
    name = local(kind)
    wanted = bool if name == "boolean" else int if name in ("int", "unsignedByte") else str
    assert type(value) is wanted, (kind, value)
    return str(value).lower() if wanted is bool else str(value)


def to_xml(value, tag, kind, target=None):
    """An element; anything that the contract has no place for is an error."""
    element = ElementTree.Element(tag)
    if value is None:
        element.set(NIL, "true")
        return element
    children = particles(kind, target)
    if children is None:
        element.text = check_scalar(value, kind)
        return element
    item = list_item(children)
    if item:
        assert isinstance(value, list), (tag, value)
        element.extend(to_xml(each, item[0], item[4]) for each in value)
        return element
    left = dict(value)
    for child, _, _, _, child_kind in children:
        name = member(child, kind)
        if name in left:
            element.append(to_xml(left.pop(name), child, child_kind))
    assert not left, (tag, left)
    return element


def request(operation, envelope):
    """(HTTP headers, body) of the call that an envelope asks for."""
    root = ElementTree.fromstring(envelope)
    header = root.find(f"{{{SOAP}}}Header")
    headers = {"Content-Type": "application/json"}
    for name, field, prefix in (("AuthenticationToken", "Authorization", "Bearer "),
                                ("DeveloperToken", "DeveloperToken", "")):
        value = header.find(f"{{{CM}}}{name}") if header is not None else None
        if value is not None:
            headers[field] = prefix + (value.text or "")
    body = root.find(f"{{{SOAP}}}Body")[0]
    return headers, json.dumps(to_json(body, *element_type(f"{{{CM}}}{operation}Request")))


def fault(answer):
    """What stands in a fault element for a fault's object."""
    def errors(entries, tag, namespace):
        return "".join(f'<{tag} xmlns="{namespace}">' + "".join(
            f"<{name}>{escape(str(value))}</{name}>" for name, value in entry.items()
            if value is not None) + f"</{tag}>" for entry in entries)

    tracking = f'<TrackingId xmlns="{ADAPI}">{answer.get("TrackingId")}</TrackingId>'
    if answer.get("Type") == "AdApiFaultDetail":
        inner = errors(answer["Errors"], "AdApiError", ADAPI)
        return (f'<AdApiFaultDetail xmlns="{ADAPI}">{tracking}<Errors>{inner}</Errors>'
                "</AdApiFaultDetail>")
    inner = errors(answer["OperationErrors"], "OperationError", EXC)
    return (f'<ApiFault xmlns="{CM}">{tracking}<OperationErrors xmlns="{EXC}">{inner}'
            "</OperationErrors></ApiFault>")


def reply(operation, data):
    """The envelope that says the same as an answer in JSON."""
    answer = json.loads(data)
    if "Type" in answer:
        body = (f'<s:Fault xmlns:s="{SOAP}"><faultcode>s:Server</faultcode><detail>'
                f"{fault(answer)}</detail></s:Fault>")
    elif "Message" in answer:
        body = f'<s:Fault xmlns:s="{SOAP}"><faultcode>s:Server</faultcode></s:Fault>'
    else:
        tag = f"{{{CM}}}{operation}Response"
        body = ElementTree.tostring(to_xml(answer, tag, *element_type(tag)), "unicode")
    return f'<s:Envelope xmlns:s="{SOAP}"><s:Body>{body}</s:Body></s:Envelope>'.encode()


# What the service leaves out when it is not set, rather than to write null.
LEFT_OUT = ("ClientEntityCustomerNumber", "AuthenticationToken", "TaxCertificate", "AccountMode")


def missing(operation, answer):
    """The members of the contract that an answer has not, each with its path."""
    def walk(value, kind, target, path):
        children = particles(kind, target) if value is not None else None
        item = list_item(children) if children else None
        if item:
            for index, each in enumerate(value):
                yield from walk(each, item[4], None, f"{path}[{index}]")
            return
        for child, _, _, _, child_kind in children or ():
            name = member(child, kind)
            if name in value:
                yield from walk(value[name], child_kind, None, f"{path}.{name}")
            elif name not in LEFT_OUT:
                yield f"{path}.{name}"

    return list(walk(answer, *element_type(f"{{{CM}}}{operation}Response"), operation))
