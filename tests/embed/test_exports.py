"""What the libraries export, need and are hardened with."""

import re
import sys
import unittest

from support import BUILD, ROOT, run

LIB = BUILD / "lib"
GENERATED = sorted((ROOT / "gen").glob("*/*Operations.h"))


def declared(*headers):
    """Names that headers declare BACM_API."""
    found = set()
    for header in headers:
        text = re.sub(r"/\*.*?\*/", "", header.read_text(encoding="utf-8"), flags=re.DOTALL)
        found |= set(re.findall(r"^BACM_API[^;(]*?(\w+)\(", text, re.MULTILINE))
    return found


def static_symbols(library):
    """Global names that a program sees; the members of an archive may share hidden ones."""
    words = (line.split() for line in run("readelf", "-sW", library).stdout.splitlines())
    return {word[7] for word in words if len(word) == 8 and word[4] in ("GLOBAL", "WEAK")
            and word[5] == "DEFAULT" and word[6] != "UND"}


def all_static_symbols(library):
    lines = run("nm", "-g", "--defined-only", library).stdout.splitlines()
    return {line.split()[2] for line in lines if len(line.split()) == 3}


def shared_symbols(library):
    lines = run("nm", "-D", "--defined-only", library).stdout.splitlines()
    return {line.split()[2].split("@")[0] for line in lines if " A " not in line}


def recorded(name):
    return set((ROOT / "tests" / "data" / f"exports-{name}.txt").read_text().split())


def needed(library):
    return set(re.findall(r"\(NEEDED\).*\[(.*)\]", run("readelf", "-d", library).stdout))


class ExportTest(unittest.TestCase):
    maxDiff = None
    headers = sorted((ROOT / "include" / "bacm").glob("*.h"))

    def of(self, *names):
        return [header for header in self.headers if header.name in names]

    def check(self, name, expected, for_the_members=r"$^"):
        static = {symbol for symbol in static_symbols(LIB / f"{name}.a")
                  if not re.match(for_the_members, symbol)}
        self.assertEqual(static, expected)
        self.assertEqual(shared_symbols(LIB / f"{name}.so"), expected)
        self.assertEqual(recorded(name), expected,
                         f"tests/data/exports-{name}.txt is the list of what is promised")

    def test_libbacm(self):
        own = [header for header in self.headers if header.name not in ("bulk.h", "stubs_v11.h")]
        # The engine, that of the core, is called by the member of each version.
        self.check("libbacm", declared(*own, *GENERATED), r"bacm_engine_")

    def test_all_static_names_are_ours(self):
        for name in ("libbacm", "libbacm-bulk"):
            others = [symbol for symbol in all_static_symbols(LIB / f"{name}.a")
                      if not symbol.startswith("bacm_")]
            self.assertEqual(others, [])

    def test_versions_of_symbols(self):
        """All public names carry the node of this SONAME."""
        for name in ("libbacm", "libbacm-bulk"):
            lines = run("nm", "-D", "--defined-only", LIB / f"{name}.so").stdout.splitlines()
            versions = {line.split()[2].partition("@")[2] for line in lines if " A " not in line}
            self.assertEqual(versions, {"@LIBBACM_0"}, name)

    def test_libbacm_bulk(self):
        self.check("libbacm-bulk", declared(*self.of("bulk.h")))

    def test_every_header_is_looked_at(self):
        everything = declared(*self.headers, *GENERATED)
        self.assertGreater(len(everything), 80)
        self.assertIn("bacm_v11_get_user", everything)
        self.assertIn("bacm_v13_get_user", everything)
        self.assertIn("bacm_stubs_v11_check", everything)

    def test_stubs_have_nothing_but_their_prefix(self):
        static = static_symbols(LIB / "libbacm-stubs.a")
        self.assertEqual(static, shared_symbols(LIB / "libbacm-stubs.so"))
        self.assertEqual([name for name in static if not name.startswith("bacm_stubs_v11_")], [])
        for name in ("soap_call___cm__AddClientLinks", "soap_putheader", "namespaces",
                     "soap_set_namespaces", "check", "soap_default__cm__GetUserRequest"):
            self.assertIn("bacm_stubs_v11_" + name, static)

    def test_stubs_refer_to_no_plain_name_of_gsoap(self):
        undefined = run("nm", "-u", LIB / "libbacm-stubs.a").stdout
        self.assertEqual(re.findall(r" U (soap_\w+|namespaces)$", undefined, re.MULTILINE), [])

    def test_libbacm_refers_to_no_name_of_gsoap(self):
        for name in ("libbacm.a", "libbacm-bulk.a"):
            undefined = run("nm", "-u", LIB / name).stdout
            self.assertEqual(re.findall(r" U (soap_\w+|namespaces)$", undefined, re.MULTILINE), [],
                             name)

    def test_libraries_neither_print_nor_exit(self):
        forbidden = {"exit", "_exit", "abort", "printf", "puts", "putchar", "perror", "stdout",
                     "__printf_chk", "signal", "sigaction", "fork", "system", "popen"}
        for name in ("libbacm.a", "libbacm-bulk.a"):
            undefined = set(run("nm", "-u", LIB / name).stdout.split())
            self.assertEqual(undefined & forbidden, set(), name)


class LinkTest(unittest.TestCase):
    system = {"libc.so.6", "libm.so.6", "libpthread.so.0", "ld-linux-x86-64.so.2"}

    def test_sonames(self):
        for name in ("libbacm", "libbacm-bulk", "libbacm-stubs"):
            dynamic = run("readelf", "-d", LIB / f"{name}.so").stdout
            self.assertIn(f"Library soname: [{name}.so.0]", dynamic)
            self.assertIn(f"{name}.so.0", (LIB / f"{name}.so.0").readlink().name)

    def test_unloading_leaves_the_code(self):
        """A lookup of a name may still run then."""
        program = ("import _ctypes, ctypes, sys; "
                   "_ctypes.dlclose(ctypes.CDLL(sys.argv[1])._handle); "
                   "print(open('/proc/self/maps').read())")
        maps = run(sys.executable, "-c", program, LIB / "libbacm.so").stdout
        self.assertIn("/libbacm.so.", maps)

    def test_dependencies(self):
        tls = {"libssl.so.3", "libcrypto.so.3"}
        expected = {"libbacm": tls | {"libz.so.1", "libexpat.so.1", "libjansson.so.4"},
                    "libbacm-bulk": {"libbacm.so.0", "libsqlite3.so.0", "libjansson.so.4"},
                    "libbacm-stubs": tls | {"libz.so.1"}}
        for name, libraries in expected.items():
            self.assertLessEqual(needed(LIB / f"{name}.so") - self.system, libraries, name)

    def check_hardened(self, file, program):
        dynamic = run("readelf", "-d", file).stdout
        segments = run("readelf", "-lW", file).stdout
        self.assertNotIn("TEXTREL", dynamic)
        self.assertRegex(dynamic, r"BIND_NOW|Flags:.* NOW")
        self.assertIn("GNU_RELRO", segments)
        self.assertRegex(segments, r"GNU_STACK.* RW ")
        self.assertNotRegex(segments, r"GNU_STACK.* RWE ")
        if program:
            self.assertIn("DYN", run("readelf", "-h", file).stdout)
        symbols = run("nm", "-D", "--undefined-only", file).stdout
        self.assertIn("__stack_chk_fail", symbols)
        self.assertRegex(symbols, r"__\w+_chk\b", "FORTIFY")

    def test_hardening(self):
        for name in ("libbacm", "libbacm-bulk"):
            self.check_hardened(LIB / f"{name}.so", program=False)
        for name in ("bacm", "bacm-sim"):
            self.check_hardened(BUILD / "bin" / name, program=True)


if __name__ == "__main__":
    unittest.main()
