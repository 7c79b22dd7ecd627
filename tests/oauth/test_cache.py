"""The access token and the caller's role serve the next commands, and nobody else."""

import os
import re
import stat
import time
import unittest

from support import ADMIN_REFRESH, OAuthTest

CLIENT = "1001001"


class CacheTest(OAuthTest):
    cached = True

    def setUp(self):
        super().setUp()
        self.store()

    def store(self, token=ADMIN_REFRESH):
        self.write(".local/state/bacm/default.token",
                   "client-id = demo-native-app\nenvironment = production\nconfigured = \n"
                   f"refresh-token = {token}\n", 0o600)

    def beside(self, suffix):
        return self.token_file.with_name("default.token" + suffix)

    def search(self, code=0, **variables):
        result = self.bacm("search", CLIENT, **variables)
        self.assertEqual(result.code, code, result.err)
        return result

    def count(self, operation):
        return self.operations().count(operation)

    def change(self, suffix, name, value):
        text = self.beside(suffix).read_text()
        self.beside(suffix).write_text(re.sub(f"(?m)^{name} = .*$", f"{name} = {value}", text))


class Cache(CacheTest):
    def test_one_token_and_one_user_for_ten_commands(self):
        for _ in range(10):
            self.search()
        self.assertEqual(self.operations(), ["token", "GetUser"] + ["SearchClientLinks"] * 10)
        for suffix in (".access", ".user"):
            self.assertEqual(stat.S_IMODE(self.beside(suffix).stat().st_mode), 0o600)

    def test_of_jobs_that_begin_at_once_one_renews(self):
        jobs = [self.start("whoami") for _ in range(6)]
        for job in jobs:
            _, err = job.communicate(timeout=60)
            self.assertEqual(job.returncode, 0, err)
        self.assertEqual(self.count("token"), 1)

    def test_off_by_option(self):
        for _ in range(2):
            self.search(BACM_NO_TOKEN_CACHE="1")
        self.assertEqual(self.count("token"), 2)
        self.assertEqual(self.count("GetUser"), 2)
        self.assertEqual(sorted(os.listdir(self.token_file.parent)),
                         ["default.token", "default.token.lock"])

    def test_not_past_its_time(self):
        self.search()
        now = int(time.time())
        # One hour: renewed five minutes before the end; and a clock that was set back.
        for at, tokens in ((now - 3200, 1), (now - 3400, 2), (now + 1000, 3)):
            self.change(".access", "at", at)
            self.search()
            self.assertEqual(self.count("token"), tokens)
        self.change(".access", "at", now - 90000)
        self.change(".access", "renew", 10 ** 9)
        self.change(".access", "expires", 10 ** 9)
        self.search()
        self.assertEqual(self.count("token"), 4)

    def test_role_for_a_quarter_of_an_hour(self):
        self.search()
        for age, users in ((800, 1), (1000, 2)):
            self.change(".user", "at", int(time.time()) - age)
            self.search()
            self.assertEqual(self.count("GetUser"), users)

    def test_of_other_settings_or_another_sign_in(self):
        self.search()
        self.search(BACM_SCOPE="bingads.manage offline_access more")
        self.assertEqual(self.count("token"), 2)
        self.search()
        self.assertEqual(self.count("token"), 3)
        self.store(self.stored_token())
        self.search()
        self.assertEqual((self.count("token"), self.count("GetUser")), (4, 4))

    def test_file_that_others_can_read(self):
        self.search()
        self.beside(".access").chmod(0o644)
        self.beside(".user").chmod(0o644)
        result = self.search()
        self.assertNotIn("chmod", result.err)
        self.assertEqual((self.count("token"), self.count("GetUser")), (2, 2))
        self.assertEqual(stat.S_IMODE(self.beside(".access").stat().st_mode), 0o600)

    def test_damaged(self):
        self.search()
        for suffix in (".access", ".user"):
            for content in (b"", b"\0" * 100, b"for = \nat = x\n", os.urandom(500)):
                self.beside(suffix).write_bytes(content)
                self.search()

    def test_token_that_the_service_refuses(self):
        """It is renewed once, and then the new one serves the others."""
        self.search()
        self.sim.control("tokens", {"expireUser": 7001})
        self.search()
        self.assertEqual(self.count("token"), 2)
        self.search()
        self.assertEqual(self.count("token"), 2)

    def test_role_that_the_service_denies(self):
        self.search()
        self.sim.control("faults", {"add": "fault=adapi:106,op=SearchClientLinks,times=1"})
        self.search(code=4)
        self.assertFalse(self.beside(".user").exists())
        self.search()
        self.assertEqual(self.count("GetUser"), 2)

    def test_managing_customer_that_is_set(self):
        for _ in range(3):
            self.search(BACM_MANAGING_CUSTOMER_ID="2002002")
        self.assertEqual((self.count("token"), self.count("GetUser")), (1, 1))

    def test_doctor_looks_at_the_sign_in_itself(self):
        self.search()
        self.sim.control("tokens", {"revokeUser": 7001})
        self.search()
        result = self.bacm("doctor")
        self.assertEqual(result.code, 4, result.out)

    def test_logout_removes_it(self):
        self.search()
        self.assertEqual(self.bacm("logout").code, 0)
        self.assertEqual(os.listdir(self.token_file.parent), [])


if __name__ == "__main__":
    unittest.main()
