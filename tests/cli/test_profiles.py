"""Profiles for several agencies, and secrets that commands give."""

import time
import unittest

from support import AGENCY_ADMIN, CLIENT_ADMIN, DEVELOPER, SimTest


class Profiles(SimTest):
    def settings(self):
        return {"BACM_ENDPOINT": self.url, "BACM_CA_FILE": self.sim.ready["caFile"]}

    def configure(self, text):
        self.write(".config/bacm/config", text, 0o600)

    def test_list(self):
        self.configure(f"[default]\napi = v13\naccess-token = SECRET-{AGENCY_ADMIN}\n"
                       "[north]\nclient-id = a\nenvironment = sandbox\n"
                       "managing-customer-id = 2002002\n[south]\nclient-id = b\n[empty]\n")
        self.write(".local/state/bacm/south.token", "", 0o600)
        result = self.bacm("profile", "list", BACM_API=None, BACM_ENDPOINT=None)
        self.assertEqual(result.code, 0, result.err)
        default = result.records()[3]["api"]
        self.assertEqual(
            [(row["profile"], row["api"], row["environment"], row["managingCustomerId"],
              row["signIn"]) for row in result.records()],
            [("default", "v13", "production", None, "access-token"),
             ("north", default, "sandbox", 2002002, "run bacm login"),
             ("south", default, "production", None, "signed in"),
             ("empty", default, "production", None, "none")])
        self.assertNotIn("SECRET", result.out)
        self.assertTrue(result.records()[1]["tokenFile"].endswith("/bacm/north.token"))
        self.assertEqual(self.sim.log(), [])

    def test_list_without_a_file_and_of_a_wrong_one(self):
        result = self.bacm("profile", "list")
        self.assertEqual((result.code, result.out), (0, ""))
        self.configure("[a]\nnonsense\n")
        self.assertEqual(self.bacm("profile", "list").code, 2)
        self.assertEqual(self.bacm("profile").code, 2)
        self.assertEqual(self.bacm("profile", "remove").code, 2)

    def user(self, code=0, *arguments, **variables):
        result = self.bacm("whoami", *arguments, **variables)
        self.assertEqual(result.code, code, result.err)
        return result.records()[0]["userName"] if code == 0 else result.err

    def test_each_has_its_own_tokens(self):
        self.configure(f"[a]\ndeveloper-token = {DEVELOPER}\naccess-token = {AGENCY_ADMIN}\n"
                       f"[b]\ndeveloper-token = {DEVELOPER}\naccess-token = {CLIENT_ADMIN}\n")
        self.assertEqual(self.user(0, "--profile", "a"), "agency.admin")
        self.assertEqual(self.user(0, "--profile", "b"), "client.admin")
        self.assertIn("did you mean", self.user(2, "--profile", "bb"))

    def test_token_command(self):
        self.configure(f"[default]\ndeveloper-token-command = printf {DEVELOPER}\n"
                       "token-command = cat token; echo called >> calls\n")
        self.write("token", f"{AGENCY_ADMIN}\r\n300\n")
        self.assertEqual(self.user(), "agency.admin")
        self.assertEqual((self.folder / "calls").read_text(), "called\n")
        self.assertEqual(self.bacm("doctor").code, 0)

    def test_it_is_asked_again_when_the_service_refuses(self):
        self.configure(f"[default]\ndeveloper-token = {DEVELOPER}\n"
                       f"token-command = test -e once && echo {AGENCY_ADMIN} || echo EXPIRED-TOKEN; "
                       "touch once\n")
        self.assertEqual(self.user(), "agency.admin")

    def test_access_token_wins_and_stdin_is_left_alone(self):
        self.configure(f"[default]\ndeveloper-token = {DEVELOPER}\ntoken-command = cat; false\n")
        self.assertEqual(self.user(BACM_ACCESS_TOKEN=AGENCY_ADMIN), "agency.admin")
        self.assertIn("token-command", self.user(4))

    def test_commands_that_do_not_do(self):
        for command in ("false", "true", f"echo {AGENCY_ADMIN}; exit 1", "no-such-program",
                        "head -c 100000 /dev/zero | tr '\\0' x", "printf 'a\\001b'"):
            with self.subTest(command):
                self.configure(f"[default]\ndeveloper-token = {DEVELOPER}\n"
                               f"token-command = {command}\n")
                self.assertNotIn(AGENCY_ADMIN, self.user(4).replace(command, ""))
        self.assertEqual(self.sim.log(), [])
        self.configure("[default]\ndeveloper-token-command = false\n")
        self.assertIn("developer-token-command", self.user(2))

    def test_command_that_does_not_end(self):
        self.configure(f"[default]\ndeveloper-token = {DEVELOPER}\ntimeout = 1\n"
                       "token-command = sleep 600 & sleep 600\n")
        before = time.monotonic()
        self.user(4)
        self.assertLess(time.monotonic() - before, 300)


if __name__ == "__main__":
    unittest.main()
