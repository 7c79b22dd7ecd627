"""Runs bacm-sim for a test and talks to it with hand-written XML.

Nothing here uses the library or the engine, so a mistake that those two share
cannot hide in these tests.
"""

import http.client
import json
import os
import re
import ssl
import subprocess
import tempfile
import unittest
from urllib.parse import urlsplit
from xml.etree import ElementTree
from xml.sax.saxutils import escape

CM = "https://bingads.microsoft.com/Customer/v11"
ENT = CM + "/Entities"
EXC = CM + "/Exception"
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
GUID = re.compile(r"^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")


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
        self.scheme, self.host, self.port, self.path = url.scheme, url.hostname, url.port, url.path

    def tls_context(self):
        return ssl.create_default_context(cafile=self.ready["caFile"])

    def connection(self, timeout=20):
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
        fields = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": f'"{operation}"'}
        fields.update(headers or {})
        fields = {name: value for name, value in fields.items() if value is not None}
        data = envelope if isinstance(envelope, bytes) else envelope.encode()
        return self.request("POST", self.path, data, fields, connection)

    def call(self, operation, body="", token=AGENCY_ADMIN, developer=DEVELOPER, connection=None):
        status, _, data = self.post(operation, envelope(operation, body, token, developer),
                                    connection)
        return Reply(operation, status, data)

    def add(self, *links, **keywords):
        return self.call("AddClientLinks", client_links(links), **keywords)

    def update(self, *links, **keywords):
        return self.call("UpdateClientLinks", client_links(links), **keywords)

    def search(self, *predicates, order="", page=(0, 100), **keywords):
        return self.call("SearchClientLinks", search_body(predicates, order, page), **keywords)

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
        status = self.process.wait(timeout=20)
        self.errors = self.process.stderr.read()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            pipe.close()
        self.folder.cleanup()
        return status


class Reply:
    """A SOAP reply: either the response element or the fault."""

    def __init__(self, operation, status, data):
        self.status, self.data = status, data
        root = ElementTree.fromstring(data)
        body = root.find(f"{{{SOAP}}}Body")
        header = root.find(f"{{{SOAP}}}Header/{{{CM}}}TrackingId")
        self.tracking_id = header.text if header is not None else None
        self.response = body.find(f"{{{CM}}}{operation}Response")
        self.fault = body.find(f"{{{SOAP}}}Fault")

    def fault_code(self):
        """("adapi", 105), ("api", 3024), ("bare", "ActionNotSupported") or None."""
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
        api = detail.find(f"{{{CM}}}ApiFault")
        self.tracking_id = api.find(f"{{{ADAPI}}}TrackingId").text
        code = api.find(f"{{{EXC}}}OperationErrors/{{{EXC}}}OperationError/{{{EXC}}}Code")
        return "api", int(code.text)

    def codes(self):
        """For each link the list of its error codes; [] is success."""
        entries = self.response.findall(f"{{{CM}}}PartialErrors/{{{EXC}}}ArrayOfOperationError")
        return [[int(code.text) for code in entry.findall(f"{{{EXC}}}OperationError/{{{EXC}}}Code")]
                for entry in entries]

    def links(self):
        """The links of a search, each as {element: text or None}."""
        return [{child.tag.split("}")[1]: element_value(child) for child in link}
                for link in self.response.findall(f"{{{CM}}}ClientLinks/{{{ENT}}}ClientLink")]


def element_value(element):
    """Text, None for nil, or a dictionary for a map of keys and values."""
    if element.get(NIL) == "true":
        return None
    if len(element):
        return {pair.find(f"{{{GEN}}}key").text: pair.find(f"{{{GEN}}}value").text or ""
                for pair in element}
    return element.text or ""


def envelope(operation, body="", token=AGENCY_ADMIN, developer=DEVELOPER, header=""):
    """A request as the documentation shows it; None leaves a header out."""
    def part(name, value):
        return "" if value is None else f"<{name}>{escape(value)}</{name}>"

    return (f'<s:Envelope xmlns:s="{SOAP}"><s:Header xmlns="{CM}">'
            f'<Action mustUnderstand="1">{operation}</Action>'
            f'{part("AuthenticationToken", token)}{part("DeveloperToken", developer)}{header}'
            f'</s:Header><s:Body><{operation}Request xmlns="{CM}">{body}</{operation}Request>'
            f'</s:Body></s:Envelope>')


LINK_ORDER = (
    "ClientAccountId", "ClientAccountNumber", "ManagingCustomerId", "ManagingCustomerNumber",
    "Note", "Name", "InviterEmail", "InviterName", "InviterPhone", "IsBillToClient", "StartDate",
    "Status", "SuppressNotification", "LastModifiedDateTime", "LastModifiedByUserId", "Timestamp")


def client_link(fields):
    unknown = set(fields) - set(LINK_ORDER) - {"ForwardCompatibilityMap"}
    assert not unknown, unknown
    parts = []
    for name in LINK_ORDER:
        if name in fields:
            value = fields[name]
            parts.append(f'<e:{name} i:nil="true"/>' if value is None
                         else f"<e:{name}>{escape(str(value))}</e:{name}>")
    if fields.get("ForwardCompatibilityMap"):
        parts.append(f'<e:ForwardCompatibilityMap xmlns:g="{GEN}">' + "".join(
            f"<g:KeyValuePairOfstringstring><g:key>{escape(key)}</g:key><g:value>{escape(value)}"
            "</g:value></g:KeyValuePairOfstringstring>"
            for key, value in fields["ForwardCompatibilityMap"].items())
            + "</e:ForwardCompatibilityMap>")
    return "<e:ClientLink>" + "".join(parts) + "</e:ClientLink>"


def client_links(links):
    return (f'<ClientLinks xmlns:e="{ENT}" xmlns:i="{XSI}">'
            + "".join(client_link(link) for link in links) + "</ClientLinks>")


def invite(account_id, manager=AGENCY, **fields):
    """A new link; fields add to it or, when None, take away."""
    link = {"ClientAccountId": account_id, "ManagingCustomerId": manager, **fields}
    return {name: value for name, value in link.items() if value is not None}


def search_body(predicates, order="", page=(0, 100)):
    items = "".join(
        f"<e:Predicate><e:Field>{field}</e:Field><e:Operator>{operator}</e:Operator>"
        f"<e:Value>{value}</e:Value></e:Predicate>" for field, operator, value in predicates)
    paging = "" if page is None else (
        f'<PageInfo xmlns:e="{ENT}"><e:Index>{page[0]}</e:Index><e:Size>{page[1]}</e:Size>'
        "</PageInfo>")
    ordering = f'<Ordering xmlns:e="{ENT}">{order}</Ordering>' if order else ""
    return f'<Predicates xmlns:e="{ENT}">{items}</Predicates>{ordering}{paging}'


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
