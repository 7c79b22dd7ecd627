"""Fault rules: which calls they hit, and what each one does on the wire."""

import gzip
import http.client
import json
import socket
import subprocess
import time
import unittest
from xml.etree import ElementTree

from harness import AGENCY, API, CM, EXC, NIL, SimulatorTest, Simulator, envelope, invite, program

FREE = 1001001
LOST = (http.client.RemoteDisconnected, http.client.IncompleteRead, ConnectionResetError,
        BrokenPipeError)


class FaultTest(SimulatorTest):
    def arm(self, spec):
        self.sim.control("faults", {"clear": True})
        self.sim.control("faults", {"add": spec})

    def good(self):
        return self.sim.call("GetUser").status == 200


class Selection(FaultTest):
    def hits(self, spec, calls=10):
        """The numbers of the calls that an http=503 rule hits."""
        self.arm(f"http=503,{spec}" if spec else "http=503")
        return [number for number in range(1, calls + 1)
                if self.sim.post("GetUser", envelope("GetUser"))[0] == 503]

    def test_by_number(self):
        self.assertEqual(self.hits("", 3), [1, 2, 3])
        self.assertEqual(self.hits("call=3"), [3])
        self.assertEqual(self.hits("call=3-5"), [3, 4, 5])
        self.assertEqual(self.hits("every=3"), [3, 6, 9])
        self.assertEqual(self.hits("every=2,call=3-8"), [4, 6, 8])
        self.assertEqual(self.hits("every=3,times=2"), [3, 6])

    def test_by_operation(self):
        self.assertEqual(self.hits("op=AddClientLinks", 3), [])
        self.assertEqual(self.hits("op=GetUser,call=2", 3), [2])

    def test_by_chance_but_repeatable(self):
        first = self.hits("p=0.3,seed=7", 100)
        self.assertEqual(first, self.hits("p=0.3,seed=7", 100))
        self.assertNotEqual(first, self.hits("p=0.3,seed=8", 100))
        self.assertTrue(10 <= len(first) <= 50, len(first))

    def test_list_counts_and_clear(self):
        self.hits("every=2", 5)
        self.assertEqual(self.sim.control("faults", method="GET"),
                         [{"spec": "http=503,every=2", "seen": 5, "hit": 2}])
        self.assertEqual(self.sim.control("faults", {"clear": True}), [])
        self.assertTrue(self.good())

    def test_several_rules_at_once(self):
        self.sim.control("faults", {"add": "gzip"})
        self.sim.control("faults", {"add": "status=201"})
        status, headers, _ = self.sim.post("GetUser", envelope("GetUser"))
        self.assertEqual((status, headers["Content-Encoding"]), (201, "gzip"))

    def test_bad_rules_are_refused_with_what_is_wrong(self):
        for spec in ("", "explode", "delay", "delay=x", "delay=-1", "http=99", "count=0x",
                     "fault=adapi", "fault=other:1", "nil=never", "gzip=1", "drop-after,call=0",
                     "drop-after,call=5-3", "drop-after,p=0", "drop-after,p=2", "drop-after,nose=1",
                     "drop-after,op=", "drop-after,every", "x" * 200):
            with self.assertRaises(RuntimeError, msg=spec):
                self.sim.control("faults", {"add": spec})
            done = subprocess.run([program(), "--plain-http", "--fault", spec],
                                  capture_output=True, text=True, check=False, timeout=60)
            self.assertEqual(done.returncode, 2, spec)
            self.assertIn("--fault", done.stderr)

    def test_rules_from_the_command_line(self):
        sim = Simulator("--plain-http", "--fault", "http=429,call=1", "--fault", "http=503,call=2")
        self.addCleanup(sim.stop)
        got = [sim.post("GetUser", envelope("GetUser"))[0] for _ in range(3)]
        self.assertEqual(got, [429, 503, 200])


class Lost(FaultTest):
    """The reply does not come; the log and the state tell what was done."""

    def invited(self):
        return self.sim.invitations().get((FREE, AGENCY), 0)

    def test_refuse(self):
        self.arm("refuse,times=1")
        with self.assertRaises(LOST):
            self.sim.add(invite(FREE))
        self.assertEqual(self.sim.log()[-1]["operation"], "control")
        self.assertTrue(self.good())

    def test_drop_before_does_nothing(self):
        self.arm("drop-before,op=AddClientLinks")
        with self.assertRaises(LOST):
            self.sim.add(invite(FREE))
        self.assertEqual(self.sim.log()[-1]["outcome"], "dropped")
        self.assertEqual(self.sim.log()[-1]["injected"], ["drop-before,op=AddClientLinks"])
        self.assertEqual(self.invited(), 0)
        self.assertIsNone(self.sim.find(FREE))

    def test_drop_after_did_it(self):
        self.arm("drop-after,op=AddClientLinks,call=1")
        with self.assertRaises(LOST):
            self.sim.add(invite(FREE))
        self.assertTrue(self.sim.log()[-1]["dropped"])
        self.assertEqual(self.invited(), 1)
        self.assertEqual(self.sim.status_of(FREE), "LinkPending")
        self.assertEqual(self.sim.add(invite(FREE)).codes(), [[1410]])

    def test_delay_is_after_and_stall_before(self):
        for spec, done in (("delay=20000,op=AddClientLinks,call=1", 1),
                           ("stall=20000,op=AddClientLinks,call=1", 0)):
            self.sim.control("reset", {})
            before = self.invited()
            self.arm(spec)
            connection = self.sim.connection(timeout=3)
            with self.assertRaises(TimeoutError):
                self.sim.add(invite(FREE), connection=connection)
            connection.close()
            self.assertEqual(self.invited() - before, done, spec)

    def test_truncate(self):
        for spec in ("truncate=30", "truncate=-1", "truncate=0"):
            self.arm(spec)
            with self.assertRaises(LOST):
                self.sim.add(invite(FREE))
        self.assertEqual(self.invited(), 1)

    def test_fault_after_did_it(self):
        self.arm("fault-after=adapi:0,op=AddClientLinks,call=1")
        self.assertEqual(self.sim.add(invite(FREE)).fault_code(), ("adapi", 0))
        self.assertEqual(self.invited(), 1)

    def test_drip(self):
        self.arm("drip=1,times=1")
        start = time.monotonic()
        self.assertTrue(self.good())
        self.assertGreater(time.monotonic() - start, 1)

    def test_a_delayed_connection_does_not_hold_others_or_the_end(self):
        self.arm("delay=600000,call=1")
        with socket.create_connection(("127.0.0.1", self.sim.port)) as peer:
            peer.sendall(b"".join(self.sim.raw_get_user()))
            time.sleep(1)  # it comes before the next one
            self.assertTrue(self.good())
            self.sim.process.stdin.close()
            self.assertEqual(self.sim.process.wait(timeout=60), 0)


class Replies(FaultTest):
    def post(self, spec, operation="GetUser"):
        self.arm(spec)
        return self.sim.post(operation, envelope(operation))

    def parse(self, body):
        return json.loads(body) if API.rest else ElementTree.fromstring(body)

    def test_faults_by_channel_and_status(self):
        for spec, code in (("fault=adapi:117", ("adapi", 117)), ("fault=api:1001", ("api", 1001)),
                           ("fault=bare", ("bare", "Server")), ("fault=adapi:99999",
                                                               ("adapi", 99999))):
            self.arm(spec)
            reply = self.sim.call("GetUser")
            self.assertEqual((reply.status, reply.fault_code()), (API.fault_status(code[1]), code))
            self.sim.control("faults", {"add": "status=200"})
            reply = self.sim.call("GetUser")
            self.assertEqual((reply.status, reply.fault_code()), (200, code))

    def test_operation_errors(self):
        self.arm("fault=operation:1001")
        reply = self.sim.add(invite(FREE))
        code = reply.response.find(f"{{{CM}}}OperationErrors/{{{EXC}}}OperationError/{{{EXC}}}Code")
        self.assertEqual(code.text, "1001")
        self.assertEqual(reply.response.find(f"{{{CM}}}PartialErrors").get(NIL), "true")
        self.assertEqual(self.sim.invitations(), {})

    def test_pages_without_soap(self):
        for status in (303, 401, 429, 503):
            got, headers, body = self.post(f"http={status}")
            self.assertEqual(got, status)
            self.assertTrue(headers["Content-Type"].startswith("text/html"))
            self.assertIn(b"<html>", body)
        self.assertEqual(self.post("http=429")[1]["Retry-After"], "60")
        self.assertIsNotNone(self.post("http=303")[1]["Location"])

    def test_other_bodies(self):
        self.assertEqual(self.post("empty")[2], b"")
        with self.assertRaises(ElementTree.ParseError):
            ElementTree.fromstring(self.post("garbage")[2])
        self.assertEqual(self.post("type=application/json")[1]["Content-Type"],
                         "application/json")

    def test_gzip_and_chunked(self):
        _, headers, body = self.post("gzip")
        self.assertEqual(headers["Content-Encoding"], "gzip")
        self.assertIn(b"agency.admin", gzip.decompress(body))
        _, headers, body = self.post("chunked")
        self.assertEqual(headers["Transfer-Encoding"], "chunked")
        self.assertIsNone(headers["Content-Length"])
        self.parse(body)

    def test_huge_and_deep(self):
        body = self.post("huge=1000000")[2]
        self.assertGreater(len(body), 1000000)
        self.parse(body)
        body = self.post("deep=500")[2]
        self.assertIn(500 * (b"[" if API.rest else b"<x>"), body)
        self.parse(body)

    def test_count_of_partial_errors(self):
        for change in (1, -1, -2):
            self.arm(f"count={change}")
            codes = self.sim.add(invite(1001021), invite(1001021)).codes()
            self.assertEqual(len(codes), 2 + change)

    def test_nil_forms(self):
        def partial(spec, *links):
            self.sim.control("reset", {})
            self.arm(f"nil={spec}")
            response = self.sim.add(*links).response
            return (response.find(f"{{{CM}}}OperationErrors"),
                    response.find(f"{{{CM}}}PartialErrors"))

        good, bad = invite(FREE), invite(1001021)
        self.assertIsNone(partial("absent", good)[1])
        self.assertEqual(partial("nil", good)[1].get(NIL), "true")
        self.assertEqual(len(partial("empty", good)[1]), 0)
        self.assertEqual(len(partial("empty", good, bad)[1]), 2)
        entry = partial("entry-empty", good, bad)[1][0]
        self.assertEqual((len(entry), entry.get(NIL)), (0, None))
        entry = partial("entry-inner", good, bad)[1][0]
        self.assertEqual((len(entry), entry[0].get(NIL)), (1, "true"))
        self.assertIsNone(partial("call-absent", good)[0])
        self.assertIsNone(partial("call-empty", good)[0].get(NIL))

    def test_a_status_that_the_contract_does_not_know(self):
        self.arm("link-status=Frozen")
        self.assertEqual(self.sim.status_of(1001025), "Frozen")


class Rate(SimulatorTest):
    arguments = ("--plain-http", "--clock", "manual", "--rate-limit", "3")

    def calls(self, count, token="AGENCY-ADMIN-TOKEN"):
        return [self.sim.call("GetUser", token=token).fault_code() for _ in range(count)]

    def test_a_sliding_minute_for_each_user(self):
        throttled = ("adapi", 117)
        self.assertEqual(self.calls(2), [None, None])
        self.sim.control("clock", {"step": 30})
        self.assertEqual(self.calls(3), [None, throttled, throttled])
        self.assertEqual(self.calls(1, "CLIENT-ADMIN-TOKEN"), [None])
        self.sim.control("clock", {"step": 29.9})
        self.assertEqual(self.calls(1), [throttled])
        self.sim.control("clock", {"step": 0.1})
        self.assertEqual(self.calls(3), [None, None, throttled])


if __name__ == "__main__":
    unittest.main()
