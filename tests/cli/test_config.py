"""The configuration file: places, profiles, rights, mistakes."""

import os
import unittest

from support import AGENCY_ADMIN, CLIENT_ADMIN, DEVELOPER, SimTest

NEEDED = f"developer-token = {DEVELOPER}\naccess-token = {AGENCY_ADMIN}\n"


class Config(SimTest):
    def settings(self):
        """Everything from the file, but for where the simulator is."""
        return {"BACM_ENDPOINT": self.url, "BACM_CA_FILE": self.sim.ready["caFile"]}

    def user(self, *arguments, **variables):
        result = self.bacm("whoami", *arguments, **variables)
        self.assertEqual(result.code, 0, result.err)
        return result.records()[0]["userName"]

    def refused(self, content, *texts, arguments=(), mode=0o600):
        self.write("config", content, mode=mode)
        result = self.bacm("--config", "config", *arguments, "whoami")
        self.assertEqual(result.code, 2, result.err)
        self.assert_says(result, *texts)
        self.assertEqual(self.sim.log(), [])
        return result

    def test_below_home(self):
        self.write(".config/bacm/config", "[default]\n" + NEEDED, mode=0o600)
        self.assertEqual(self.user(), "agency.admin")

    def test_below_xdg_config_home(self):
        self.write("xdg/bacm/config", "[default]\n" + NEEDED, mode=0o600)
        self.assertEqual(self.user(XDG_CONFIG_HOME=str(self.folder / "xdg")), "agency.admin")

    def test_relative_xdg_config_home_is_ignored(self):
        self.write("xdg/bacm/config", "nonsense", mode=0o600)
        self.write(".config/bacm/config", "[default]\n" + NEEDED, mode=0o600)
        self.assertEqual(self.user(XDG_CONFIG_HOME="xdg"), "agency.admin")

    def test_named(self):
        self.write("config", "[default]\n" + NEEDED, mode=0o600)
        self.assertEqual(self.user("--config", "config"), "agency.admin")
        self.assertEqual(self.user(BACM_CONFIG="config"), "agency.admin")

    def test_none_is_no_error(self):
        result = self.bacm("whoami")
        self.assertEqual(result.code, 3)
        self.assert_says(result, "BACM_E_NO_CREDENTIALS")

    def test_named_one_is_missing(self):
        result = self.bacm("--config", "config", "whoami")
        self.assertEqual(result.code, 2)
        self.assert_says(result, "config: No such file or directory")

    def test_profiles(self):
        self.write("config", f"# two users\n[default]\n{NEEDED}\n; the client\n[ client ]\n"
                             f"developer-token={DEVELOPER}\naccess-token =  {CLIENT_ADMIN}  \n",
                   mode=0o600)
        self.assertEqual(self.user("--config", "config"), "agency.admin")
        self.assertEqual(self.user("--config", "config", "--profile", "client"), "client.admin")
        self.assertEqual(self.user(BACM_CONFIG="config", BACM_PROFILE="client"), "client.admin")

    def test_environment_wins_over_file_and_option_over_both(self):
        self.write("config", f"[default]\n{NEEDED}output = table\n", mode=0o600)
        self.variables["BACM_CONFIG"] = "config"
        self.assertIn("User name", self.bacm("whoami").out)
        self.assertEqual(len(self.bacm("whoami", BACM_OUTPUT="csv").csv()), 1)
        self.assertEqual(len(self.bacm("whoami", "--output", "ndjson",
                                       BACM_OUTPUT="csv").records()), 1)
        self.assertEqual(self.user("--output=ndjson", BACM_ACCESS_TOKEN=CLIENT_ADMIN),
                         "client.admin")

    def test_crlf(self):
        self.write("config", ("[default]\n" + NEEDED).replace("\n", "\r\n"), mode=0o600)
        self.assertEqual(self.user("--config", "config"), "agency.admin")

    def test_others_can_read_it(self):
        for mode in (0o640, 0o604, 0o620, 0o644):
            with self.subTest(oct(mode)):
                self.refused("[default]\n" + NEEDED, "others can read or write this file; "
                             "run: chmod 600 'config'", mode=mode)

    def test_of_another_user(self):
        # Only root can give a file away; for anybody else root's own files are another user's.
        path = "/etc/passwd"
        if os.geteuid() == 0:
            self.write("config", "[default]\n" + NEEDED, mode=0o600)
            os.chown(self.folder / "config", 12345, -1)
            path = "config"
        result = self.bacm("--config", path, "whoami")
        self.assertEqual(result.code, 2)
        self.assert_says(result, f"{path}: belongs to another user")

    def test_folder(self):
        os.mkdir(self.folder / "config")
        result = self.bacm("--config", "config", "whoami")
        self.assertEqual(result.code, 2)
        self.assert_says(result, "config: not a regular file")

    def test_mistakes(self):
        for content, *texts in (
                ("[default]\ntimout = 3\n", "config:2: unknown key 'timout'; did you mean "
                                            "'timeout'?"),
                ("[default]\nxyzzy = 3\n", "config:2: unknown key 'xyzzy'; see bacm --help"),
                ("[default]\n\nconfig = other\n", "config:3: key 'config': it cannot stand in the "
                                                  "file; give --config or BACM_CONFIG"),
                ("[default]\nprofile = x\n", "config:2: key 'profile'", "--profile or BACM_PROFILE"),
                ("[default]\nprofil = x\n", "config:2: unknown key 'profil'; see bacm --help"),
                ("timeout = 3\n", "config:1: a key before the first section"),
                ("[default]\ntimeout\n", "config:2: neither [SECTION] nor KEY = VALUE"),
                ("[default]\ntimeout =\n", "config:2: no value", "timeout"),
                ("[default]\ntimeout = long\n", "config:2: timeout: 'long' is not a number"),
                ("[default]\nverbose = perhaps\n", "config:2: verbose: 'perhaps' is neither"),
                ("[default\n", "config:1: a section is written [NAME]"),
                ("[]\n", "config:1: a section needs a name"),
                ("[a]\n[b]\n[a]\n", "config:3: this section stands here a second time"),
                ("[default]\ntimeout = 3\ntimeout = 4\n", "config:3: this key stands in the section "
                                                          "a second time: timeout"),
                (b"[default]\ntimeout = 3\0\n", "NUL byte"),
                (b"[default]\n" + b"# x\n" * 100_000, "longer than 262144 bytes")):
            with self.subTest(content[:40]):
                self.refused(content, *texts)

    def test_mistakes_of_other_profiles_count_too(self):
        self.refused(f"[default]\n{NEEDED}[other]\ntimout = 3\n", "config:5: unknown key")

    def test_unknown_profile(self):
        content = f"[agency]\n{NEEDED}"
        self.refused(content, "config: no section [agenzy]; did you mean 'agency'?",
                     arguments=("--profile", "agenzy"))
        self.refused(content, "config: no section [other]", arguments=("--profile", "other"))

    def test_mistakes_do_not_show_secrets(self):
        for content in ("[default]\naccess-tokn = SECRET-MARK\n",
                        "[default]\npassword SECRET-MARK\n",
                        "[default]\nrefresh-token M.C123_SECRET-MARK==\n",
                        "[default]\npassword: SECRET-MARK=x\n",
                        "[default]\nM.C123_SECRET-MARK==\n",
                        f"[default]\n{'x' * 40}SECRET-MARK==\n",
                        "[default]\naccess-token = SECRET-MARK\naccess-token = SECRET-MARK\n"):
            with self.subTest(content):
                self.assertNotIn("SECRET-MARK", self.refused(content).err)

    def test_key_without_its_equals_sign(self):
        self.refused("[default]\nrefresh-token abc==\n",
                     "config:2: only '=' may follow the key refresh-token")


if __name__ == "__main__":
    unittest.main()
