"""The page for people: what is served. tests/page tries it in a browser."""

import unittest

from harness import SimulatorTest


class Files(SimulatorTest):
    def test_each_file_with_its_policy(self):
        for path, kind in (("/", "text/html"), ("/page.js", "text/javascript"),
                           ("/page.css", "text/css")):
            status, headers, body = self.sim.request("GET", path)
            self.assertEqual(status, 200)
            self.assertTrue(headers["Content-Type"].startswith(kind))
            self.assertIn("default-src 'none'", headers["Content-Security-Policy"])
            self.assertIn("frame-ancestors 'none'", headers["Content-Security-Policy"])
            self.assertNotIn(b"http://", body)
            self.assertNotIn(b"https://", body)
            self.assertEqual(self.sim.request("POST", path, b"")[0], 405)

    def test_looking_leaves_no_line_in_the_log(self):
        self.sim.request("GET", "/")
        self.sim.control("clock", method="GET")
        self.assertEqual(self.sim.log(), [])

if __name__ == "__main__":
    unittest.main()
