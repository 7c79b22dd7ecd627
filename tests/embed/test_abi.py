"""A break of the binary interface without another SONAME is noticed."""

import re
import shutil
import unittest

from support import ROOT, run, scratch


class AbiTest(unittest.TestCase):
    def check(self, *arguments):
        done = run(ROOT / "scripts" / "abi", "check", *arguments, check=False)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        self.assertEqual(done.stderr, "")
        return done.returncode, done.stdout

    def changed(self, header, old, new):
        """(status, report) of the headers with one change in them."""
        include = scratch() / "changed" / "bacm"
        shutil.rmtree(include, ignore_errors=True)
        shutil.copytree(ROOT / "include" / "bacm", include)
        path = include / header
        text = path.read_text(encoding="utf-8")
        self.assertRegex(text, old)
        path.write_text(re.sub(old, new, text, count=1), encoding="utf-8")
        return self.check("--include", include)

    def test_headers_are_compatible_with_the_record(self):
        self.assertEqual(self.check(), (0, ""))

    def test_record_has_every_function(self):
        for library in ("libbacm", "libbacm-bulk"):
            text = (ROOT / "tests" / "data" / f"abi-{library}.xml").read_text(encoding="utf-8")
            names = set(re.findall(r"<elf-symbol name='(\w+)'", text))
            exports = (ROOT / "tests" / "data" / f"exports-{library}.txt").read_text().split()
            self.assertEqual(names, {name for name in exports
                                     if not re.match(r"bacm_v\d+_", name)})

    def test_breaks(self):
        breaks = {
            "function removed": ("client.h", r"BACM_API const char \*bacm_client_version\([^;]*;",
                                 ""),
            "parameter added": ("user.h", r"int64_t user_id,", "int64_t user_id, int more,"),
            "parameter changed": ("user.h", r"int64_t user_id,", "int32_t user_id,"),
            "result changed": ("version.h", r"const char \*bacm_version", "int bacm_version"),
            "member removed": ("client.h", r"    unsigned send_timeout_ms;[^\n]*\n", ""),
            "member inserted": ("client.h", r"    unsigned send_timeout_ms;",
                                "    unsigned one_more; unsigned send_timeout_ms;"),
            "member changed": ("links.h", r"int64_t client_account_id;", "int client_account_id;"),
            "members swapped": ("error.h", r"    (char symbol\[64\];[^\n]*)\n    (char field[^\n]*)",
                                r"    \2\n    \1"),
            "struct without size grown": ("links.h", r"    const char \*value;\n} bacm_key_value",
                                          "    const char *value;\n    int more;\n} bacm_key_value"),
            "status renumbered": ("error.h", r"X\(E_PARTIAL, 50,", "X(E_PARTIAL, 49,"),
            "enumerator inserted": ("client.h", r"    BACM_SANDBOX ",
                                    "    BACM_STAGING, BACM_SANDBOX "),
            "bulk member inserted": ("bulk.h", r"    unsigned tries;", "    long more; unsigned tries;"),
        }
        for name, change in breaks.items():
            with self.subTest(name):
                status, report = self.changed(*change)
                self.assertEqual(status, 1)
                self.assertIn("breaks programs", report)
                self.assertIn("raise SOMAJOR", report)

    def test_additions(self):
        additions = {
            "function added": ("version.h", r"/\*\*\n \* Version of the library",
                               "/** More. */\nBACM_API int bacm_more(void);\n\\g<0>"),
            "member at the end": ("client.h", r"} bacm_options;", "    int more;\n} bacm_options;"),
            "comment": ("client.h", r"Make a client\.", "Make a client, indeed."),
        }
        for name, change in additions.items():
            with self.subTest(name):
                self.assertEqual(self.changed(*change), (0, ""))

    def test_another_soname_may_break(self):
        include = scratch() / "other" / "bacm"
        shutil.copytree(ROOT / "include" / "bacm", include)
        header = include / "version.h"
        header.write_text(header.read_text().replace("const char *bacm_version", "int bacm_version"))
        self.assertEqual(self.check("--include", include)[0], 1)
        self.assertEqual(self.check("--include", include, "--somajor", "1"), (0, ""))


if __name__ == "__main__":
    unittest.main()
