"""Reading a contract: the model, imports, and everything that is no contract."""

import functools
import http.server
import json
import tempfile
import threading
import unittest
from pathlib import Path

from support import DATA, V11, V13, contract, wsdl_document
from mutants import CUSTOMER, ENTITIES, Editor

import contract_changes

QName = wsdl_document.QName


def qname(text):
    """{namespace}name of the JSON form."""
    namespace, _, local = text[1:].partition("}")
    return QName(namespace, local)


class Model(unittest.TestCase):
    """The model against v11.json, the same contract taken from the public proxies."""

    @classmethod
    def setUpClass(cls):
        cls.model = contract.load(V11)
        cls.data = json.loads((DATA / "v11.json").read_text(encoding="utf-8"))

    def fields(self, described):
        return [
            (
                f["name"],
                qname(f["type"]),
                f["minOccurs"],
                None if f["maxOccurs"] == "unbounded" else f["maxOccurs"],
                f["nillable"],
            )
            for f in described
        ]

    def read(self, kind):
        return [
            (f.name.local, f.type, f.minimum, f.maximum, f.nillable)
            for f in kind.fields
            if not f.attribute
        ]

    def test_service(self):
        service = self.data["service"]
        self.assertEqual(
            (
                self.model.service,
                self.model.port,
                self.model.port_type,
                self.model.binding,
                self.model.address,
                self.model.namespace,
            ),
            tuple(
                service[key]
                for key in ("name", "port", "portType", "binding", "address", "namespace")
            ),
        )

    def test_complex_types(self):
        named = {
            name
            for name, kind in self.model.types.items()
            if isinstance(kind, contract.ComplexType) and "/" not in name.local
        }
        self.assertEqual(
            named, {QName(t["namespace"], t["name"]) for t in self.data["complexTypes"]}
        )
        for described in self.data["complexTypes"]:
            kind = self.model.types[QName(described["namespace"], described["name"])]
            with self.subTest(described["name"]):
                self.assertEqual(kind.base, described["base"] and qname(described["base"]))
                self.assertEqual(self.read(kind), self.fields(described["fields"]))

    def test_enumerations(self):
        self.assertEqual(
            self.model.enumerations(),
            sorted(QName(t["namespace"], t["name"]) for t in self.data["simpleTypes"]),
        )
        for described in self.data["simpleTypes"]:
            kind = self.model.types[QName(described["namespace"], described["name"])]
            self.assertEqual(kind.values, tuple(v["value"] for v in described["values"]))

    def test_message_elements(self):
        for described in self.data["elements"]:
            if "fields" in described:
                kind = self.model.types[QName(described["namespace"], "/" + described["name"])]
                self.assertEqual(self.read(kind), self.fields(described["fields"]))

    def test_operations(self):
        self.assertEqual(list(self.model.operations), [o["name"] for o in self.data["operations"]])
        for described in self.data["operations"]:
            operation = self.model.operations[described["name"]]
            self.assertEqual(operation.action, described["soapAction"])
            for end, key in ((operation.input, "request"), (operation.output, "response")):
                self.assertEqual(end.body, qname(described[key]["element"]))
                self.assertEqual(
                    list(end.headers), [qname(h["element"]) for h in described[key]["headers"]]
                )


class Refused(unittest.TestCase):
    """What is no usable contract is refused with a text that says why."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="bacm-contract-")
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "service.wsdl"
        self.text = V11.read_bytes()

    def refuse(self, data, words):
        self.path.write_bytes(data)
        with self.assertRaisesRegex(wsdl_document.ContractError, words):
            contract.load(self.path)

    def edited(self, change):
        editor = Editor(self.text)
        change(editor)
        return editor.text()

    def test_html(self):
        for page in (
            b"<!DOCTYPE html><html><body><p>Sign in<br></body></html>",
            b"<html><head><title>Sign in</title></head><body><br></body></html>",
            b'<html xmlns="http://www.w3.org/1999/xhtml"><body/></html>',
        ):
            self.refuse(page, "is an HTML page, not a WSDL")

    def test_other_xml(self):
        self.refuse(b"<project/>", "not a WSDL 1.1 document: its root is project")

    def test_empty(self):
        self.refuse(b"", "not well-formed XML")

    def test_truncated_anywhere(self):
        for cut in range(1, len(self.text) - 1, len(self.text) // 60):
            self.refuse(self.text[:cut], r"not well-formed XML.*|not a WSDL")

    def test_damaged(self):
        self.refuse(self.text.replace(b"</wsdl:types>", b"</wsdl:typos>"), "not well-formed XML")

    def test_document_type(self):
        self.refuse(
            b'<!DOCTYPE x [<!ENTITY a "b">]>' + self.text.split(b"?>", 1)[1],
            "document type declaration",
        )

    def test_deep_nesting(self):
        self.refuse(b"<a>" * 100 + b"</a>" * 100, "nested deeper")

    def test_too_big(self):
        self.refuse(self.text + b" " * (wsdl_document.MAX_BYTES + 1), "more than 16 MiB")

    def test_missing_schema(self):
        self.refuse(
            self.edited(lambda e: e.remove(e.schema(ENTITIES))),
            "schema of .*/Entities is imported but missing",
        )

    def test_missing_type(self):
        self.refuse(
            self.edited(lambda e: e.remove(e.type("ClientLink"))), "type ClientLink .*not declared"
        )

    def test_missing_element(self):
        self.refuse(
            self.edited(lambda e: e.remove(e.top(CUSTOMER, "element", "TrackingId"))),
            "element TrackingId .*not declared",
        )

    def test_missing_message(self):
        self.refuse(
            self.edited(lambda e: e.remove(e.message("GetUserRequest"))),
            "message GetUserRequest is not declared",
        )

    def test_missing_import(self):
        self.refuse(
            self.edited(
                lambda e: e.add(
                    e.schema(CUSTOMER),
                    '<xs:import schemaLocation="gone.xsd" namespace="urn:gone"/>',
                )
            ),
            r"import gone\.xsd of .*No such file",
        )

    def test_declared_twice(self):
        def twice(e):
            e.add(
                e.schema(ENTITIES),
                '<xs:complexType name="ClientLink"><xs:sequence/></xs:complexType>',
            )

        self.refuse(self.edited(twice), "ClientLink .*declared twice")

    def test_two_fields_of_one_name(self):
        self.refuse(
            self.edited(
                lambda e: e.add(e.sequence("ClientLink"), '<xs:element name="Note" type="xs:int"/>')
            ),
            "ClientLink has two fields of one name",
        )

    def test_unsupported(self):
        self.refuse(
            self.edited(lambda e: e.add(e.type("ClientLink"), '<xs:attributeGroup ref="ent:x"/>')),
            "attributeGroup",
        )
        self.refuse(self.text.replace(b'use="literal"', b'use="encoded"'), "not literal")

    def test_soap12_port(self):
        def bind(e):
            port = e.root.getElementsByTagNameNS(wsdl_document.WSDL, "port")[0]
            e.add(
                port, '<s:address xmlns:s="http://schemas.xmlsoap.org/wsdl/soap12/" location="x"/>'
            )

        self.refuse(self.edited(bind), "SOAP 1.2")

    def test_not_there(self):
        for source, words in (
            (self.path.with_name("no"), "No such file"),
            ("ftp://127.0.0.1/x", "only http, https and files"),
            ("http://127.0.0.1:1/x?wsdl", "cannot fetch .*refused"),
        ):
            with self.assertRaisesRegex(wsdl_document.ContractError, words):
                contract.load(source)


class _Service(http.server.BaseHTTPRequestHandler):
    """Answers what the test put into pages: path and query -> bytes, or a redirect, or a status."""

    def __init__(self, pages, *arguments):
        self.pages = pages
        super().__init__(*arguments)

    def do_GET(self):
        page = self.pages.get(self.path, 404)
        if isinstance(page, int):
            self.send_error(page)
        elif isinstance(page, str):
            self.send_response(302)
            self.send_header("Location", page)
            self.end_headers()
        else:
            self.send_response(200)
            self.send_header("Content-Length", str(len(page) + self.pages.get("missing", 0)))
            self.end_headers()
            self.wfile.write(page)

    def log_message(self, *_arguments):
        pass


def in_parts(base):
    """The contract as a service gives it at ?wsdl: schemas and the port type of their own."""
    editor = Editor(V11.read_bytes())
    root = editor.root
    scope = {name: value for name, value in root.attributes.items() if name.startswith("xmlns")}
    names = " ".join(f'{name}="{value}"' for name, value in scope.items())

    def children(node, namespace, *kinds):
        return wsdl_document.children(node, namespace, *kinds)

    def texts(*kinds):
        return "".join(node.toxml() for node in children(root, wsdl_document.WSDL, *kinds))

    (types,) = children(root, wsdl_document.WSDL, "types")
    schemas = {
        node.getAttribute("targetNamespace"): node
        for node in children(types, wsdl_document.XSD, "schema")
    }
    places = {namespace: f"?xsd=xsd{number}" for number, namespace in enumerate(schemas)}
    pages = {}
    for namespace, schema in schemas.items():
        # Schemas import each other in a circle, as WCF's do.
        for node in children(schema, wsdl_document.XSD, "import"):
            node.setAttribute("schemaLocation", places[node.getAttribute("namespace")])
        for name, value in scope.items():
            schema.setAttribute(name, value)
        pages[base + places[namespace]] = schema.toxml("utf-8")
        types.removeChild(schema)
    imports = "".join(
        f'<xs:import schemaLocation="{place}" namespace="{namespace}"/>'
        for namespace, place in places.items()
    )
    editor.add(types, f'<xs:schema targetNamespace="{CUSTOMER}/Imports">{imports}</xs:schema>')
    pages[f"{base}?wsdl=wsdl0"] = (
        f'<wsdl:definitions {names} targetNamespace="{CUSTOMER}">'
        f'{texts("types", "message", "portType")}</wsdl:definitions>'
    ).encode()
    outer = texts("binding", "service").replace('"tns:BasicHttp', '"here:BasicHttp')
    pages[f"{base}?wsdl"] = (
        f'<wsdl:definitions {names} xmlns:here="http://tempuri.org/" '
        f'targetNamespace="http://tempuri.org/"><wsdl:import namespace="{CUSTOMER}" '
        f'location="{base}?wsdl=wsdl0"/>{outer}</wsdl:definitions>'
    ).encode()
    return pages


class Fetched(unittest.TestCase):
    PATH = "/Api/v11/CustomerManagementService.svc"

    def setUp(self):
        self.pages = {}
        self.server = http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), functools.partial(_Service, self.pages)
        )
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)
        self.url = f"http://127.0.0.1:{self.server.server_port}{self.PATH}"

    def changes(self, query):
        return contract_changes.compare(contract.load(V11), contract.load(self.url + query))

    def test_single_document(self):
        self.pages[self.PATH + "?singleWsdl"] = V11.read_bytes()
        fetched = contract.load(self.url + "?singleWsdl")
        self.assertEqual(fetched.data, V11.read_bytes())
        self.assertEqual(self.changes("?singleWsdl"), [])

    def test_imports(self):
        self.pages.update(in_parts(self.PATH))
        self.assertEqual(len(self.pages), 9)
        self.assertEqual(self.changes("?wsdl"), [])

    def test_imports_are_stored_as_one_document(self):
        self.pages.update(in_parts(self.PATH))
        flat = contract.load(self.url + "?wsdl").data
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "flat.wsdl"
            path.write_bytes(flat)
            again = contract.load(path)
        self.assertEqual(again.data, flat)
        self.assertEqual(contract_changes.compare(contract.load(V11), again), [])

    def test_each_missing_import(self):
        parts = in_parts(self.PATH)
        for part in parts:
            if part.endswith("?wsdl"):
                continue
            with self.subTest(part):
                self.pages.clear()
                self.pages.update({k: v for k, v in parts.items() if k != part})
                with self.assertRaisesRegex(wsdl_document.ContractError, "HTTP 404"):
                    contract.load(self.url + "?wsdl")

    def test_import_that_is_a_page(self):
        self.pages.update(in_parts(self.PATH))
        self.pages[self.PATH + "?xsd=xsd1"] = b"<!DOCTYPE html><html></html>"
        with self.assertRaisesRegex(wsdl_document.ContractError, "xsd1.*HTML page"):
            contract.load(self.url + "?wsdl")

    def test_statuses(self):
        for status in (301, 404, 500, 503):
            self.pages["/x"] = status
            with self.assertRaisesRegex(wsdl_document.ContractError, f"HTTP {status}"):
                contract.load(self.url.replace(self.PATH, "/x"))

    def test_cut_connection(self):
        self.pages[self.PATH + "?wsdl"] = V11.read_bytes()
        self.pages["missing"] = 100
        with self.assertRaisesRegex(wsdl_document.ContractError, "too early|IncompleteRead"):
            contract.load(self.url + "?wsdl")

    def test_redirects(self):
        self.pages["/moved"] = self.PATH + "?singleWsdl"
        self.pages["/file"] = V11.as_uri()
        self.pages["/loop"] = "/loop"
        self.pages[self.PATH + "?singleWsdl"] = V11.read_bytes()
        root = self.url.replace(self.PATH, "")
        self.assertEqual(contract.load(root + "/moved").service, contract.SERVICE_NAME)
        for path in ("/file", "/loop"):
            with self.assertRaises(wsdl_document.ContractError):
                contract.load(root + path)

    def test_import_of_a_local_file(self):
        self.pages[self.PATH + "?wsdl"] = (
            f'<wsdl:definitions xmlns:wsdl="{wsdl_document.WSDL}"><wsdl:import namespace="x" '
            f'location="{V13.as_uri()}"/></wsdl:definitions>'
        ).encode()
        with self.assertRaisesRegex(wsdl_document.ContractError, "file of this machine"):
            contract.load(self.url + "?wsdl")

    def test_import_without_end(self):
        for number in range(wsdl_document.MAX_DOCUMENTS + 1):
            self.pages[f"/?n={number}"] = (
                f'<wsdl:definitions xmlns:wsdl="{wsdl_document.WSDL}"><wsdl:import namespace="x" '
                f'location="?n={number + 1}"/></wsdl:definitions>'
            ).encode()
        with self.assertRaisesRegex(wsdl_document.ContractError, "more than 64 documents"):
            contract.load(self.url.replace(self.PATH, "/?n=0"))


if __name__ == "__main__":
    unittest.main()
