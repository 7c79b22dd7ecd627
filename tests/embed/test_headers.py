"""Each public header compiles by itself, in every language that it promises."""

import shutil
import sys
import unittest

from support import ROOT, WARNINGS, installed, pkg_config, run

sys.path.insert(0, str(ROOT / "scripts"))
import headers  # noqa: E402

C = ["c99", "c11"]
CXX = ["c++11", "c++20"]
# They need gSOAP's header, which needs what POSIX declares.
GSOAP = {"operations_v11.h": "gsoapssl", "operations_v13.h": "gsoapssl",
         "stubs_v11.h": "libbacm-stubs"}
PARTS = {"stubs_v11_names.h", "stubs_v11_layout.h",
         *(f"{version}{part}.h" for version in ("v11", "v13")
           for part in ("H", "Stub", "Operations"))}


def compilers():
    found = [("gcc", C), ("g++", CXX)]
    if shutil.which("clang"):
        found += [("clang", C), ("clang++", CXX)]
    return found


class HeaderTest(unittest.TestCase):
    def setUp(self):
        self.include = installed() / "include"
        self.headers = sorted(path.name for path in (self.include / "bacm").glob("*.h")
                              if path.name not in PARTS)

    def compile(self, header, compiler, standard):
        flags = []
        if header in GSOAP:
            flags = ["-D_GNU_SOURCE", *pkg_config("--cflags", GSOAP[header])]
        language = "c++" if standard in CXX else "c"
        source = self.include.parent / f"{header}.{standard}.txt"
        source.write_text(f"#include <bacm/{header}>\n#include <bacm/{header}>\n"
                          "int one_declaration;\n")
        run(compiler, f"-std={standard}", *WARNINGS, "-Wshadow", "-Wundef", "-fsyntax-only",
            f"-I{self.include}", *flags, "-x", language, source)

    def test_alone(self):
        self.assertGreaterEqual(len(self.headers), 12)
        for compiler, standards in compilers():
            for standard in standards:
                for header in self.headers:
                    with self.subTest(header=header, compiler=compiler, standard=standard):
                        self.compile(header, compiler, standard)

    def test_only_opt_in_headers_need_gsoap(self):
        for header in self.headers:
            done = run("gcc", "-std=c99", "-M", f"-I{self.include}", "-x", "c",
                       self.include / "bacm" / header, check=False)
            if header in GSOAP:
                continue
            self.assertEqual(done.returncode, 0, header)
            self.assertNotIn("stdsoap2.h", done.stdout, header)
            self.assertNotIn("openssl", done.stdout, header)
            self.assertNotIn("jansson", done.stdout, header)

    def test_every_function_tells_its_threads_and_age(self):
        found = [(path.name, *pair) for path in sorted(headers.INCLUDE.glob("*.h"))
                 for pair in headers.functions(path)]
        self.assertGreater(len(found), 60)
        for word in ("Threads: ", "Since: 0."):
            self.assertEqual([(name, declaration) for name, comment, declaration in found
                              if word not in comment], [], word)

    def test_initialisers_in_cxx(self):
        source = self.include.parent / "initialisers.cpp"
        source.write_text("""
#include <bacm/bacm.h>
#include <bacm/bulk.h>
bacm_options a = BACM_OPTIONS_INIT;
bacm_options a13 = BACM_OPTIONS_INIT_FOR(bacm_api_v13);
bacm_oauth_options b = BACM_OAUTH_OPTIONS_INIT;
bacm_client_link c = BACM_CLIENT_LINK_INIT;
bacm_link_search d = BACM_LINK_SEARCH_INIT;
bacm_wait_options e = BACM_WAIT_OPTIONS_INIT;
bacm_bulk_options f = BACM_BULK_OPTIONS_INIT;
bacm_bulk_summary g = BACM_BULK_SUMMARY_INIT;
bacm_journal_info h = BACM_JOURNAL_INFO_INIT;
""")
        for standard in CXX:
            run("g++", f"-std={standard}", *WARNINGS, "-fsyntax-only", f"-I{self.include}", source)


if __name__ == "__main__":
    unittest.main()
