"""Runs bacm-sim for a test and talks to it with hand-written XML.

Nothing here uses the library or the engine, so a mistake that those two share
cannot hide in these tests.
"""

import copy
import http.client
import json
import os
import re
import ssl
import subprocess
import sys
import tempfile
import unittest
from urllib.parse import urlsplit
from xml.etree import ElementTree
from xml.sax.saxutils import escape

# Other groups know this folder as a package.
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import rest  # noqa: E402  the path comes first

ADAPI = "https://adapi.microsoft.com"
ARR = "http://schemas.microsoft.com/2003/10/Serialization/Arrays"
GEN = "http://schemas.datacontract.org/2004/07/System.Collections.Generic"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
NIL = f"{{{XSI}}}nil"

DEVELOPER = "DEV-DEMO"
AGENCY_ADMIN = "AGENCY-ADMIN-TOKEN"
CLIENT_ADMIN = "CLIENT-ADMIN-TOKEN"
AGENCY = 2002002
# How much longer than else a program may take, for instance under valgrind.
PATIENCE = int(os.environ.get("TEST_PATIENCE", "1"))
GUID = re.compile(r"^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")


class Api:
    """A version of the service, in what its messages differ from another one's."""

    def __init__(self, name):
        self.name = name
        version, _, wire = name.partition("-")
        self.rest = wire == "rest"
        self.cm = f"https://bingads.microsoft.com/Customer/{version}"
        self.ent = self.cm + "/Entities"
        self.exc = self.cm + "/Exception"
        self.v11 = name == "v11"
        # What a value that cannot be read earns.
        self.unreadable = ("api", 100) if self.rest else ("bare", "DeserializationFailed")
        self.client_id = "ClientAccountId" if self.v11 else "ClientEntityId"
        self.client_number = "ClientAccountNumber" if self.v11 else "ClientEntityNumber"
        self.link_order = (
            ("ClientAccountId", "ClientAccountNumber", "ManagingCustomerId",
             "ManagingCustomerNumber") if self.v11 else
            ("Type", "ClientEntityId", "ClientEntityNumber", "ClientEntityName",
             "ManagingCustomerId", "ManagingCustomerNumber", "ManagingCustomerName")) + (
            "Note", "Name", "InviterEmail", "InviterName", "InviterPhone", "IsBillToClient",
            "StartDate", "Status", "SuppressNotification", "LastModifiedDateTime",
            "LastModifiedByUserId", "Timestamp", "ForwardCompatibilityMap") + (
            () if self.v11 else ("CustomerLinkPermission", "ClientEntityCustomerNumber"))

    def fault_status(self, code):
        """The HTTP status of a fault."""
        statuses = {0: 500, 105: 401, 106: 403, 109: 401, 116: 401, 117: 429, 1001: 403, "Server": 500}
        return statuses.get(code, 400) if self.rest else 500

    def envelope(self, operation, body="", token="AGENCY-ADMIN-TOKEN", developer="DEV-DEMO",
                 header=""):
        """A request as the documentation shows it; None leaves a header out."""
        def part(name, value):
            return "" if value is None else f"<{name}>{escape(value)}</{name}>"

        return (f'<s:Envelope xmlns:s="{SOAP}"><s:Header xmlns="{self.cm}">'
                f'<Action mustUnderstand="1">{operation}</Action>'
                f'{part("AuthenticationToken", token)}{part("DeveloperToken", developer)}{header}'
                f'</s:Header><s:Body><{operation}Request xmlns="{self.cm}">{body}'
                f'</{operation}Request></s:Body></s:Envelope>')

    def client_link(self, fields):
        unknown = set(fields) - set(self.link_order)
        assert not unknown, unknown
        parts = []
        for name in self.link_order:
            value = fields.get(name, "")
            if name == "ForwardCompatibilityMap":
                if value:
                    parts.append(map_element(value))
            elif value is None:
                parts.append(f'<e:{name} i:nil="true"/>')
            elif name in fields:
                parts.append(f"<e:{name}>{escape(str(value))}</e:{name}>")
        return "<e:ClientLink>" + "".join(parts) + "</e:ClientLink>"

    def client_links(self, links):
        return (f'<ClientLinks xmlns:e="{self.ent}" xmlns:i="{XSI}">'
                + "".join(map(self.client_link, links)) + "</ClientLinks>")

    def invite(self, account_id, manager=2002002, **fields):
        """A new link; fields add to it or, when None, take away."""
        link = {self.client_id: account_id, "ManagingCustomerId": manager}
        if not self.v11:
            link["IsBillToClient"] = "false"
        link.update(fields)
        return {name: value for name, value in link.items() if value is not None}

    def search_body(self, predicates, order="", page=(0, 100)):
        items = "".join(
            f"<e:Predicate><e:Field>{field}</e:Field><e:Operator>{operator}</e:Operator>"
            f"<e:Value>{value}</e:Value></e:Predicate>" for field, operator, value in predicates)
        paging = "" if page is None else (
            f'<PageInfo xmlns:e="{self.ent}"><e:Index>{page[0]}</e:Index><e:Size>{page[1]}'
            "</e:Size></PageInfo>")
        ordering = f'<Ordering xmlns:e="{self.ent}">{order}</Ordering>' if order else ""
        return f'<Predicates xmlns:e="{self.ent}">{items}</Predicates>{ordering}{paging}'


V11, V13, REST = Api("v11"), Api("v13"), Api("v13-rest")
# Most tests run once for each version and wire: scripts/run-tests sim, sim@v13, sim@v13-rest.
API = {api.name: api for api in (V11, V13, REST)}[os.environ.get("TEST_API", "v11")]
# What is about SOAP itself is tried with the same version when the tests run over REST.
SOAP_API = V13 if API.rest else API


def soap_only(tests):
    """Takes tests away from the run over REST; a skipped test would count as failed."""
    return None if API.rest else tests
CM, ENT, EXC = API.cm, API.ent, API.exc
CLIENT_ID, CLIENT_NUMBER = API.client_id, API.client_number
envelope, client_links, invite = API.envelope, API.client_links, API.invite
search_body = API.search_body


def program():
    path = os.environ.get("BACM_SIM")
    if not path:
        raise RuntimeError("set BACM_SIM to the path of the bacm-sim to test")
    return path


class Simulator:
    """A running bacm-sim; its options as keyword arguments are left to `arguments`."""

    def __init__(self, *arguments, log=True):
        self.folder = tempfile.TemporaryDirectory(prefix="bacm-sim-test-")
        self.log_path = os.path.join(self.folder.name, "log.ndjson")
        command = [program(), "--exit-with-stdin", *arguments]
        if log:
            command += ["--log", self.log_path]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True)
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("bacm-sim did not start: " + self.process.stderr.read())
        self.ready = json.loads(line)
        url = urlsplit(self.ready["url"])
        self.scheme, self.host, self.port = url.scheme, url.hostname, url.port
        self.use(API)

    def use(self, api):
        self.api = api
        url = "url" if api.v11 else "urlRest" if api.rest else "urlV13"
        self.path = urlsplit(self.ready[url]).path

    def speaking(self, api):
        """The same simulator, by another version of its service."""
        other = copy.copy(self)
        other.use(api)
        return other

    def tls_context(self):
        """As Python 3.13 and later make it, which take RFC 5280 at its word."""
        context = ssl.create_default_context(cafile=self.ready["caFile"])
        context.verify_flags |= ssl.VERIFY_X509_STRICT
        return context

    def connection(self, timeout=20 * PATIENCE):
        if self.scheme == "http":
            return http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        return http.client.HTTPSConnection(self.host, self.port, timeout=timeout,
                                           context=self.tls_context())

    def request(self, method, path, body=None, headers=None, connection=None):
        """(status, headers, body bytes) of one HTTP exchange."""
        own = connection is None
        connection = connection or self.connection()
        try:
            connection.request(method, path, body=body, headers=headers or {})
            reply = connection.getresponse()
            return reply.status, reply.headers, reply.read()
        finally:
            if own:
                connection.close()

    def post(self, operation, envelope, connection=None, headers=None):
        """Sends an envelope, over REST as the JSON that says the same."""
        if self.api.rest:
            method, path = rest.route(operation)
            fields, body = rest.request(operation, envelope)
            return self.request(method, self.path + path, body, {**fields, **(headers or {})},
                                connection)
        fields = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": f'"{operation}"'}
        fields.update(headers or {})
        fields = {name: value for name, value in fields.items() if value is not None}
        data = envelope if isinstance(envelope, bytes) else envelope.encode()
        return self.request("POST", self.path, data, fields, connection)

    def raw_get_user(self, *lines):
        """The bytes of a call, its length last in the head unless `lines` stand there."""
        envelope = self.api.envelope("GetUser")
        if self.api.rest:
            method, path = rest.route("GetUser")
            headers, body = rest.request("GetUser", envelope)
        else:
            method, path, body = "POST", "", envelope
            headers = {"Content-Type": "text/xml", "SOAPAction": '"GetUser"'}
        head = [f"{method} {self.path}{path} HTTP/1.1", "Host: localhost",
                *(f"{name}: {value}" for name, value in headers.items()),
                *(lines or [f"Content-Length: {len(body)}"]), "", ""]
        return "\r\n".join(head).encode(), body.encode()

    def call(self, operation, body="", token=AGENCY_ADMIN, developer=DEVELOPER, connection=None):
        status, headers, data = self.post(
            operation, self.api.envelope(operation, body, token, developer), connection)
        reply = Reply(operation, status, data, self.api)
        reply.tracking_id = reply.tracking_id or headers["TrackingId"]
        return reply

    def add(self, *links, **keywords):
        return self.call("AddClientLinks", self.api.client_links(links), **keywords)

    def update(self, *links, **keywords):
        return self.call("UpdateClientLinks", self.api.client_links(links), **keywords)

    def search(self, *predicates, order="", page=(0, 100), **keywords):
        return self.call("SearchClientLinks", self.api.search_body(predicates, order, page),
                         **keywords)

    def find(self, account_id, token=AGENCY_ADMIN, manager=AGENCY):
        """The link of a pair as a dictionary of its elements, None when there is none."""
        for link in self.search(("ClientAccountId", "Equals", account_id), token=token).links():
            if link["ManagingCustomerId"] == str(manager):
                return link
        return None

    def status_of(self, account_id, **keywords):
        link = self.find(account_id, **keywords)
        return link and link["Status"]

    def control(self, what, body=None, method="POST"):
        """Sends a control request; the decoded JSON answer."""
        data = json.dumps(body).encode() if body is not None else None
        status, _, answer = self.request(
            method, "/control/" + what, data,
            {"X-Bacm-Sim": "1", "Content-Type": "application/json", "Content-Length":
             str(len(data or b""))} if method == "POST" else {"X-Bacm-Sim": "1"})
        if status != 200:
            raise RuntimeError(f"control {what}: {status} {answer!r}")
        return json.loads(answer)

    def log(self):
        with open(self.log_path, encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    def invitations(self):
        """How often each pair was accepted, by the log."""
        counts = {}
        for record in self.log():
            if record["operation"] != "AddClientLinks":
                continue
            for link in record.get("links", []):
                if link["accepted"]:
                    pair = (link["accountId"], link["managingCustomerId"])
                    counts[pair] = counts.get(pair, 0) + 1
        return counts

    def stop(self):
        """Ends it the way a test runner that dies would; its exit status."""
        if self.process.poll() is None:
            self.process.stdin.close()
        status = self.process.wait(timeout=60 * PATIENCE)
        self.errors = self.process.stderr.read()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            pipe.close()
        self.folder.cleanup()
        return status


class Reply:
    """A SOAP reply: either the response element or the fault."""

    def __init__(self, operation, status, data, api=API):
        self.operation, self.status, self.api = operation, status, api
        self.data = rest.reply(operation, data) if api.rest else data
        cm = api.cm
        root = ElementTree.fromstring(self.data)
        body = root.find(f"{{{SOAP}}}Body")
        header = root.find(f"{{{SOAP}}}Header/{{{cm}}}TrackingId")
        self.tracking_id = header.text if header is not None else None
        self.response = body.find(f"{{{cm}}}{operation}Response")
        self.fault = body.find(f"{{{SOAP}}}Fault")

    def fault_code(self):
        """("adapi", 105), ("api", 3024), ("bare", "ActionNotSupported") or None."""
        cm, exc = self.api.cm, self.api.exc
        if self.fault is None:
            return None
        detail = self.fault.find("detail")
        if detail is None:
            return "bare", self.fault.find("faultcode").text.split(":")[1]
        adapi = detail.find(f"{{{ADAPI}}}AdApiFaultDetail")
        if adapi is not None:
            self.tracking_id = adapi.find(f"{{{ADAPI}}}TrackingId").text
            code = adapi.find(f"{{{ADAPI}}}Errors/{{{ADAPI}}}AdApiError/{{{ADAPI}}}Code")
            return "adapi", int(code.text)
        api = detail.find(f"{{{cm}}}ApiFault")
        self.tracking_id = api.find(f"{{{ADAPI}}}TrackingId").text
        code = api.find(f"{{{exc}}}OperationErrors/{{{exc}}}OperationError/{{{exc}}}Code")
        return "api", int(code.text)

    def roles(self):
        """The ids that GetUser answers, in v13 those of the user's own customer."""
        if self.api.v11:
            found = self.response.findall(f"{{{self.api.cm}}}Roles/{{{ARR}}}int")
        else:
            found = [role.find(f"{{{self.api.ent}}}RoleId") for role in self.customer_roles()
                     if role.find(f"{{{self.api.ent}}}CustomerLinkPermission").get(NIL)]
        return [role.text for role in found]

    def customer_roles(self):
        return self.response.findall(
            f"{{{self.api.cm}}}CustomerRoles/{{{self.api.ent}}}CustomerRole")

    def codes(self):
        """For each link the list of its error codes; [] is success."""
        cm, exc = self.api.cm, self.api.exc
        entries = self.response.findall(f"{{{cm}}}PartialErrors/{{{exc}}}ArrayOfOperationError")
        return [[int(code.text) for code in entry.findall(f"{{{exc}}}OperationError/{{{exc}}}Code")]
                for entry in entries]

    def links(self):
        """The links of a search, each as {element: text or None}."""
        return [{child.tag.split("}")[1]: element_value(child) for child in link}
                for link in self.response.findall(
                    f"{{{self.api.cm}}}ClientLinks/{{{self.api.ent}}}ClientLink")]


def element_value(element):
    """Text, None for nil, or a dictionary for a map of keys and values."""
    if element.get(NIL) == "true":
        return None
    if len(element):
        return {pair.find(f"{{{GEN}}}key").text: pair.find(f"{{{GEN}}}value").text or ""
                for pair in element}
    return element.text or ""


def map_element(pairs):
    return f'<e:ForwardCompatibilityMap xmlns:g="{GEN}">' + "".join(
        f"<g:KeyValuePairOfstringstring><g:key>{escape(key)}</g:key><g:value>{escape(value)}"
        "</g:value></g:KeyValuePairOfstringstring>"
        for key, value in pairs.items()) + "</e:ForwardCompatibilityMap>"


def order_by(field, order):
    return f"<e:OrderBy><e:Field>{field}</e:Field><e:Order>{order}</e:Order></e:OrderBy>"


class SimulatorTest(unittest.TestCase):
    """One simulator for each test; `arguments` are its options."""

    maxDiff = None

    arguments = ("--plain-http",)

    def setUp(self):
        self.sim = Simulator(*self.arguments)
        self.addCleanup(self.stop)

    def stop(self):
        status = self.sim.stop()
        self.assertEqual(self.sim.errors, "")
        self.assertEqual(status, 0)
