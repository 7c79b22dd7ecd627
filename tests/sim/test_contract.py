"""The WSDL that the simulator serves."""

import re
import unittest
from xml.etree import ElementTree

import schema
from harness import SOAP_API as API, Simulator, SimulatorTest

ADDRESS = "{http://schemas.xmlsoap.org/wsdl/soap/}address"


class Contract(SimulatorTest):
    def wsdl(self, query, **headers):
        status, reply_headers, body = self.sim.request("GET", f"{self.sim.speaking(API).path}?{query}",
                                                       headers=headers)
        self.assertEqual(status, 200)
        self.assertTrue(reply_headers["Content-Type"].startswith("text/xml"))
        return body

    def address(self, body):
        return next(ElementTree.fromstring(body).iter(ADDRESS)).get("location")

    def test_all_but_the_address_is_the_contract(self):
        def without(text):
            return re.sub(rb'(<soap:address location=")[^"]*', rb"\\1", text)

        for query in ("wsdl", "singleWsdl", "WSDL", "singlewsdl"):
            body = self.wsdl(query)
            self.assertEqual(without(body), without(schema.wsdl(API.name).read_bytes()))
            self.assertEqual(self.address(body),
                             f"http://127.0.0.1:{self.sim.port}{self.sim.speaking(API).path}")

    def test_the_address_follows_the_host_that_was_asked(self):
        self.assertEqual(self.address(self.wsdl("wsdl", Host="sim.example:1")),
                         "http://sim.example:1" + self.sim.speaking(API).path)
        self.assertEqual(self.address(self.wsdl("wsdl", Host='x"><script>')),
                         f"http://localhost:{self.sim.port}{self.sim.speaking(API).path}")

    def test_a_page_without_a_query(self):
        status, headers, body = self.sim.request("GET", self.sim.speaking(API).path)
        self.assertEqual((status, headers["Content-Type"]), (200, "text/html; charset=utf-8"))
        self.assertIn(b"?wsdl", body)


class Tls(unittest.TestCase):
    def test_https_address(self):
        sim = Simulator()
        self.addCleanup(sim.stop)
        _, _, body = sim.request("GET", sim.speaking(API).path + "?wsdl")
        self.assertIn(b'location="https://localhost:%d/' % sim.port, body)


if __name__ == "__main__":
    unittest.main()
