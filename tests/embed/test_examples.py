"""The examples, compiled with the installed library and run against the simulator."""

import os
import subprocess
import unittest

from support import (EXAMPLES, WARNINGS, Simulator, compile_program, environment_for, installed,
                     link_statically, pkg_config, run, scratch)

STRICT = [*WARNINGS, "-Wshadow", "-Wconversion"]
ALREADY_INVITED = 1001025
PREPAID = 1001021
CLIENT_CUSTOMER = 3001001


class ExampleTest(unittest.TestCase):
    def setUp(self):
        self.simulator = Simulator()
        self.addCleanup(self.simulator.stop)

    def start(self, program, *arguments, **more):
        return subprocess.run([str(program), *map(str, arguments)], capture_output=True, text=True,
                              check=False, timeout=60, env=environment_for(self.simulator, **more))

    def invitations(self):
        return [link["accountId"] for entry in self.simulator.log()
                if entry["operation"] == "AddClientLinks"
                for link in entry["links"] if link["accepted"]]

    def test_invite(self):
        for name, static in (("invite", False), ("invite_static", True)):
            program = compile_program(name, [EXAMPLES / "invite.c"], "-std=c11", *STRICT,
                                      static=static)
            linked = run("ldd", program).stdout
            self.assertEqual("libbacm.so.0" in linked, not static)
        done = self.start(scratch() / "invite", 1001001, PREPAID, 1001002)
        self.assertEqual(done.returncode, 1, done.stderr)
        lines = done.stdout.splitlines()
        self.assertEqual(lines[0], "1001001: invited")
        self.assertIn("prepaid", lines[1])
        self.assertEqual(lines[2], "1001002: invited")
        done = self.start(scratch() / "invite_static", 1001003)
        self.assertEqual((done.returncode, done.stdout), (0, "1001003: invited\n"), done.stderr)
        self.assertEqual(self.invitations(), [1001001, 1001002, 1001003])

    def test_invite_in_v13(self):
        """An account and a whole customer, which v11 does not know; statically without v11."""
        for name, static in (("invite_v13", False), ("invite_v13_static", True)):
            compile_program(name, [EXAMPLES / "invite_v13.c"], "-std=c11", *STRICT, static=static)
        program = scratch() / "invite_v13"
        done = self.start(program, 1001001, CLIENT_CUSTOMER, url="urlV13")
        self.assertEqual((done.returncode, done.stdout),
                         (0, f"account 1001001: invited\ncustomer {CLIENT_CUSTOMER}: invited\n"),
                         done.stderr)
        done = self.start(scratch() / "invite_v13_static", PREPAID, url="urlV13")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertRegex(done.stdout, rf"^account {PREPAID}: .*prepaid")
        self.assertNotIn(b"Customer/v11", (scratch() / "invite_v13_static").read_bytes())
        # A Standard user may invite accounts, and no customers.
        standard = {"url": "urlV13", "BACM_ACCESS_TOKEN": "AGENCY-STANDARD-TOKEN"}
        done = self.start(program, 1001002, **standard)
        self.assertEqual((done.returncode, done.stdout), (0, "account 1001002: invited\n"),
                         done.stderr)
        done = self.start(program, 1001003, 3001002, **standard)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("Super Admin, which links of customers need", done.stderr)

    def test_invite_from_cxx(self):
        program = compile_program("invite_cxx", [EXAMPLES / "invite.cpp"], "-std=c++17", *STRICT,
                                  compiler="g++")
        done = self.start(program, 1001001, ALREADY_INVITED)
        self.assertEqual(done.stdout, f"1001001: invited\n{ALREADY_INVITED}: not invited\n",
                         done.stderr)
        self.assertEqual(self.invitations(), [1001001])
        refused = self.start(program, 1001002, BACM_ACCESS_TOKEN="AGENCY-STANDARD-TOKEN")
        self.assertEqual(refused.returncode, 1)
        self.assertIn("Super Admin", refused.stderr)

    def test_search_and_update(self):
        program = compile_program("search_update", [EXAMPLES / "search_update.c"], "-std=c11",
                                  *STRICT)
        done = self.start(program, ALREADY_INVITED)
        self.assertEqual((done.returncode, done.stdout), (0, f"{ALREADY_INVITED} canceled\n"),
                         done.stderr)
        done = self.start(program)
        self.assertIn(f"{ALREADY_INVITED} LinkCanceled", done.stdout.splitlines())
        done = self.start(program, 1001999)
        self.assertEqual((done.returncode, done.stdout), (1, "no such link\n"))

    def test_token_from_a_vault(self):
        program = compile_program("vault_token", [EXAMPLES / "vault_token.c"], "-std=c11", *STRICT)
        vault = scratch() / "vault"
        vault.write_text("EXPIRED-TOKEN\nAGENCY-ADMIN-TOKEN\n")
        done = self.start(program, vault)
        self.assertEqual((done.returncode, done.stdout), (0, "agency.admin\n"), done.stderr)
        self.assertEqual(done.stderr.count("vault: asked"), 2)
        self.assertEqual(done.stderr.count("refused"), 1)
        vault.unlink()
        self.assertEqual(self.start(program, vault).returncode, 1)

    def test_bulk_with_progress(self):
        for name, static in (("bulk", False), ("bulk_static", True)):
            program = compile_program(name, [EXAMPLES / "bulk_progress.c"], "-std=c11", *STRICT,
                                      package="libbacm-bulk", static=static)
            linked = run("ldd", program).stdout
            self.assertEqual("libbacm-bulk.so.0" in linked, not static)
            journal = scratch() / f"{name}.journal"
            first = 1001001 if not static else 1001011
            done = self.start(program, journal, first, 8)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(done.stdout, "".join(f"{first + i} added\n" for i in range(8)))
            self.assertIn("8 rows, 8 added, 1 calls", done.stderr)
            again = self.start(program, journal, first, 8)
            self.assertEqual(again.stdout, done.stdout)
        self.assertEqual(sorted(self.invitations()),
                         [*range(1001001, 1001009), *range(1001011, 1001019)])


class BesideTest(unittest.TestCase):
    """Another gSOAP service, made by soapcpp2 as usual, in the same process."""

    @classmethod
    def setUpClass(cls):
        cls.folder = scratch() / "second"
        cls.folder.mkdir()
        run("wsdl2h", "-c", "-o", "rates.h", EXAMPLES / "second" / "rates.wsdl", cwd=cls.folder)
        run("soapcpp2", "-c", "-x", "-w", "-L", "-1", "rates.h", cwd=cls.folder)
        plain = pkg_config("--cflags", "gsoap")
        assert "-DWITH_OPENSSL" not in plain, "this test is about two layouts of struct soap"
        for source in ("soapC.c", "soapClient.c", "soapServer.c"):
            run("gcc", "-std=gnu11", "-w", "-c", *plain, source, cwd=cls.folder)
        run("gcc", "-std=gnu11", "-Wall", "-Wextra", "-Werror", "-I.", *plain, "-c",
            EXAMPLES / "second" / "rates.c", cwd=cls.folder)
        run("gcc", "-std=gnu11", *STRICT, *pkg_config("--cflags", "libbacm-stubs"), "-c",
            EXAMPLES / "beside_gsoap_stubs.c", cwd=cls.folder)
        run("gcc", "-std=c11", *STRICT, *pkg_config("--cflags", "libbacm"), "-c",
            EXAMPLES / "beside_gsoap.c", cwd=cls.folder)

    def check(self, name, *libraries):
        program = self.folder / name
        objects = sorted(self.folder.glob("*.o"))
        run("gcc", *objects, "-o", program, *libraries, f"-Wl,-rpath,{installed() / 'lib'}")
        simulator = Simulator()
        self.addCleanup(simulator.stop)
        done = subprocess.run([str(program)], capture_output=True, text=True, check=False,
                              timeout=60, env=environment_for(simulator))
        self.assertEqual((done.returncode, done.stdout),
                         (0, "rate 1.25\nuser 7001\nstubs 7001\nrate 1.25\n"), done.stderr)
        return run("ldd", program).stdout

    def test_shared(self):
        linked = self.check("shared", *pkg_config("--libs", "gsoap", "libbacm", "libbacm-stubs"))
        for library in ("libgsoap", "libbacm.so", "libbacm-stubs.so"):
            self.assertIn(library, linked)

    def test_static_beside_shared_engine(self):
        ours = link_statically(pkg_config("--libs", "--static", "libbacm", "libbacm-stubs"))
        linked = self.check("static", *ours, *pkg_config("--libs", "gsoap"))
        self.assertNotIn("libbacm", linked)
        self.assertIn("libgsoap", linked)

    def test_everything_static(self):
        ours = link_statically(pkg_config("--libs", "--static", "libbacm", "libbacm-stubs"))
        linked = self.check("all_static", "-Wl,-Bstatic", "-lgsoap", "-Wl,-Bdynamic", *ours)
        self.assertNotIn("libgsoap", linked)


class StubsCheckTest(unittest.TestCase):
    """Another layout of struct soap is refused with a sentence."""

    def compile(self, *flags, before="", check=True):
        source = scratch() / "layout.c"
        source.write_text(f"{before}#include <bacm/stubs_v11.h>\n#include <stdio.h>\n"
                          "int main(void) {\n"
                          "    const char *refusal = BACM_STUBS_V11_CHECK();\n"
                          "    puts(refusal ? refusal : \"same\");\n"
                          "    return refusal != 0;\n}\n")
        return run("gcc", "-std=gnu11", *flags, f"-I{installed() / 'include'}", source, "-o",
                   scratch() / "layout", f"-L{installed() / 'lib'}", "-lbacm-stubs",
                   f"-Wl,-rpath,{installed() / 'lib'}", check=check)

    def flags(self):
        return [flag for flag in pkg_config("--cflags", "libbacm-stubs") if flag.startswith("-D")]

    def test_own_flags(self):
        self.compile(*self.flags())
        self.assertEqual(run(scratch() / "layout").stdout, "same\n")

    def test_missing_flag(self):
        for flag in self.flags():
            done = self.compile(*[f for f in self.flags() if f != flag], check=False)
            self.assertNotEqual(done.returncode, 0)
            self.assertIn(f"{flag[2:]} is missing: compile with the flags of: "
                          "pkg-config --cflags libbacm-stubs", done.stderr)

    def test_other_flags(self):
        for flag in ("WITH_COOKIES", "WITH_LEAN", "WITH_NOIDREF", "WITH_SELF_PIPE"):
            done = self.compile(*self.flags(), f"-D{flag}", check=False)
            self.assertIn(f"{flag} is not a flag of the library", done.stderr)

    def test_after_another_gsoap_header(self):
        done = self.compile(*self.flags(), before="#include <stdsoap2.h>\n", check=False)
        self.assertIn("before any header of gSOAP", done.stderr)

    def test_layout_that_no_flag_shows(self):
        done = self.compile(*self.flags(), "-DSOAP_BUFLEN=1024", check=False)
        self.assertIn("struct soap has another layout than in libbacm-stubs", done.stderr)

    def test_another_library_at_load_time(self):
        source = scratch() / "load.c"
        source.write_text("""
#include <bacm/stubs_v11.h>
#include <stdio.h>
int main(void)
{
    const size_t size = sizeof(struct soap);
    const char *flags = BACM_STUBS_V11_FLAGS;
    const char *refusals[] = {bacm_stubs_v11_check(size, GSOAP_VERSION, flags),
                              bacm_stubs_v11_check(size + 8, GSOAP_VERSION, flags),
                              bacm_stubs_v11_check(size, GSOAP_VERSION + 1, flags),
                              bacm_stubs_v11_check(size, GSOAP_VERSION, "WITH_DOM")};
    for (int i = 0; i < 4; i++)
        puts(refusals[i] ? refusals[i] : "same");
    return 0;
}
""")
        program = compile_program("load", [source], "-std=gnu11", package="libbacm-stubs")
        lines = run(program).stdout.splitlines()
        self.assertEqual(lines[0], "same")
        self.assertIn("another size", lines[1])
        self.assertIn("another version of gSOAP", lines[2])
        self.assertIn("other WITH_* flags", lines[3])

    def test_from_cxx(self):
        source = scratch() / "context.cpp"
        source.write_text("""
#include <bacm/stubs_v11.h>
int main()
{
    struct soap *soap = soap_new();
    struct _cm__GetUserRequest request = {};
    if (BACM_STUBS_V11_CHECK() || !soap)
        return 1;
    soap_set_namespaces(soap, namespaces);
    soap_default__cm__GetUserRequest(soap, &request);
    soap_destroy(soap);
    soap_end(soap);
    soap_free(soap);
    return 0;
}
""")
        program = compile_program("context", [source], "-std=gnu++17", *WARNINGS,
                                  package="libbacm-stubs", compiler="g++")
        self.assertEqual(os.spawnv(os.P_WAIT, program, [str(program)]), 0)


if __name__ == "__main__":
    unittest.main()
