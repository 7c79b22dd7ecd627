"""The command line itself: help, options, environment, secrets."""

import re
import unittest

from support import CliTest, SimTest

COMMANDS = ("add", "search", "update", "wait", "journal", "call", "whoami", "login", "logout",
            "doctor")


class Help(CliTest):
    def test_overview(self):
        result = self.bacm("--help")
        self.assertEqual((result.code, result.err), (0, ""))
        for word in (*COMMANDS, "--ca-file FILE", "BACM_DEVELOPER_TOKEN", "Exit status:"):
            self.assertIn(word, result.out)

    def test_of_each_command(self):
        for command in COMMANDS:
            with self.subTest(command):
                result = self.bacm(command, "--help")
                self.assertEqual((result.code, result.err), (0, ""))
                self.assertIn(f"Usage: bacm {command} ", result.out)
                self.assertIn("Examples:\n  ", result.out)
                self.assertLess(max(map(len, result.out.splitlines())), 80)

    def test_command_help(self):
        self.assertEqual(self.bacm("help").out, self.bacm("--help").out)
        for words in (["add"], ["add", "--api", "v13"], ["--help"]):
            with self.subTest(words):
                result = self.bacm("help", *words)
                self.assertEqual((result.code, result.err), (0, ""))
                self.assertEqual(result.out, self.bacm(*words, "--help").out)
        result = self.bacm("help", "serach")
        self.assertEqual((result.code, result.out), (2, ""))
        self.assert_says(result, "did you mean 'search'?")

    def test_needs_no_good_configuration(self):
        self.assertEqual(self.bacm("add", "--help", BACM_TIMEOUT="never").code, 0)

    def test_version(self):
        result = self.bacm("--version")
        self.assertEqual(result.code, 0)
        self.assertRegex(result.out, r"\Abacm \d+\.\d+\.\d+\nlibbacm \d+\.\d+\.\d+\n\Z")


class Wrong(CliTest):
    def refused(self, *arguments, **options):
        result = self.bacm(*arguments, **options)
        self.assertEqual(result.code, 2)
        self.assertEqual(result.out, "")
        return result

    def test_no_command(self):
        self.assert_says(self.refused(), "no command; see bacm --help")

    def test_unknown_command(self):
        self.assert_says(self.refused("serach"), "unknown command 'serach'; did you mean 'search'?")
        self.assert_says(self.refused("wiat"), "did you mean 'wait'?")
        self.assert_says(self.refused("xyzzy"), "unknown command 'xyzzy'; see bacm --help")

    def test_unknown_option(self):
        self.assert_says(self.refused("add", "--dryrun"), "--dryrun; did you mean --dry-run?",
                         "bacm add --help")
        self.assert_says(self.refused("--outptu", "csv"), "did you mean --output?")
        self.assert_says(self.refused("--xyzzy"), "unknown option --xyzzy; see bacm --help")
        self.assert_says(self.refused("-Z"), "unknown option -Z")

    def test_option_of_another_command(self):
        self.assert_says(self.refused("whoami", "--dry-run"), "unknown option --dry-run")

    def test_value_is_missing(self):
        self.assert_says(self.refused("whoami", "--timeout"), "--timeout needs a value")

    def test_value_where_none_belongs(self):
        self.assert_says(self.refused("whoami", "--quiet=yes"), "takes no value")

    def test_values_out_of_range(self):
        for arguments, text in (
                (("--timeout", "0", "whoami"), "--timeout: '0' is not a number of seconds"),
                (("--timeout", "1e3", "whoami"), "'1e3'"),
                (("--connect-timeout", "0", "whoami"), "--connect-timeout: '0' is not a number of"),
                (("--max-reply-bytes", "12", "whoami"), "'12' is not a number of bytes"),
                (("--output", "xml", "whoami"), "--output: 'xml' is none of table,csv,ndjson"),
                (("--environment", "test", "whoami"), "'test' is none of production,sandbox"),
                (("--managing-customer-id", "C1", "whoami"), "'C1' is not an id"),
                (("add", "--format", "xls", "-"), "--format: 'xls' is none of csv,ndjson"),
                (("add", "--concurrency", "65", "-"), "--concurrency: '65' is not a number from"),
                (("search", "--page-size", "1001"), "--page-size: '1001'"),
                (("search", "--status", "Activ"), "did you mean Active?")):
            with self.subTest(arguments):
                self.assert_says(self.refused(*arguments), text)

    def test_too_many_arguments(self):
        self.assert_says(self.refused("whoami", "me"), "'me' is one argument too many")

    def test_variables_are_checked_like_options(self):
        self.assert_says(self.refused("whoami", BACM_TIMEOUT="soon"), "BACM_TIMEOUT: 'soon'")
        self.assert_says(self.refused("whoami", BACM_NO_ROLE_CHECK="maybe"),
                         "BACM_NO_ROLE_CHECK: 'maybe' is neither yes nor no")

    def test_secrets_are_no_options(self):
        for name in ("developer-token", "access-token", "client-secret", "refresh-token",
                     "username", "password"):
            for arguments in ((f"--{name}=SECRET-MARK", "whoami"),
                              (f"--{name}", "SECRET-MARK", "whoami"),
                              ("whoami", f"--{name}=SECRET-MARK")):
                with self.subTest(arguments):
                    result = self.refused(*arguments)
                    variable = "BACM_" + name.upper().replace("-", "_")
                    self.assert_says(result, "secrets are not taken from the command line",
                                     variable)
                    self.assertNotIn("SECRET-MARK", result.err)


class Global(SimTest):
    def test_options_stand_before_and_after_the_command(self):
        for arguments in (("--output", "csv", "whoami"), ("whoami", "--output", "csv"),
                          ("whoami", "--output=csv"), ("-q", "--output=csv", "whoami", "-v")):
            with self.subTest(arguments):
                result = self.bacm(*arguments)
                self.assertEqual(result.code, 0, result.err)
                self.assertEqual(result.csv()[0]["userId"], "7001")

    def test_option_wins_over_variable(self):
        result = self.bacm("whoami", "--output", "csv", BACM_OUTPUT="table")
        self.assertEqual(len(result.csv()), 1)

    def test_variables_of_flags(self):
        result = self.bacm("whoami", BACM_VERBOSE="1")
        self.assertRegex(result.err, r"GetUser: BACM_OK, HTTP 200, \d+ ms, \d+ bytes sent")
        self.assertEqual(self.bacm("whoami", BACM_VERBOSE="0").err, "")

    def test_empty_variable_is_none(self):
        self.assertEqual(self.bacm("whoami", BACM_TIMEOUT="", BACM_OUTPUT="").code, 0)

    def test_trace_is_redacted_and_private(self):
        result = self.bacm("whoami", "--trace", "trace.txt")
        self.assertEqual(result.code, 0, result.err)
        path = self.folder / "trace.txt"
        text = path.read_text()
        self.assertEqual(path.stat().st_mode & 0o777, 0o600)
        self.assertIn('SOAPAction: "GetUser"', text)
        self.assertIn("<GetUserResponse", text)
        self.assertEqual(len(re.findall(r"^--- \S+Z (?:connect|request|reply|close)$", text,
                                        re.MULTILINE)), text.count("\n--- ") + 1)
        for secret in ("DEV-DEMO", "AGENCY-ADMIN-TOKEN"):
            self.assertNotIn(secret, text)

    def test_trace_that_cannot_be_written(self):
        result = self.bacm("whoami", "--trace", "missing/trace.txt")
        self.assertEqual(result.code, 2)
        self.assert_says(result, "--trace: missing/trace.txt: No such file or directory")
        self.assertEqual(self.sim.log(), [])

    def test_trace_on_a_full_disk(self):
        self.assert_says(self.bacm("whoami", "--trace", "/dev/full"), "could not be written whole")

    def test_connect_to(self):
        port = self.sim.port
        url = self.url.replace(f":{port}/", "/")
        result = self.bacm("whoami", "--endpoint", url, "--connect-to", f"127.0.0.1:{port}")
        self.assertEqual(result.code, 0, result.err)

    def test_action_header_can_be_left_out(self):
        for arguments, there in (((), True), (("--no-action-header",), False)):
            self.bacm("whoami", "--trace", "trace.txt", *arguments)
            self.assertEqual('<cm:Action mustUnderstand="1">' in
                             (self.folder / "trace.txt").read_text(), there)


if __name__ == "__main__":
    unittest.main()
