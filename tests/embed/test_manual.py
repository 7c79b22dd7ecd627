"""Man pages and completions say what the programs and headers say."""

import json
import re
import unittest

from support import BUILD, ROOT, installed, run, scratch
from test_exports import GENERATED, declared

BACM = BUILD / "bin" / "bacm"
BACM_SIM = BUILD / "bin" / "bacm-sim"


def page(section, name):
    """A page as a reader sees it, in wide lines and without marks for bold letters."""
    path = installed() / "share" / "man" / f"man{section}" / f"{name}.{section}"
    done = run("groff", "-man", "-Tascii", "-wall", "-rLL=400n", "-rHY=0", "-dAD=l", "-P-cbou",
               path)
    if done.stderr:
        raise AssertionError(f"{path}: {done.stderr}")
    return done.stdout


def options_of(help_text):
    return set(re.findall(r"^ +(?:-\w, )?(--[a-z][a-z-]+)", help_text, re.MULTILINE))


class ManualTest(unittest.TestCase):
    spec = json.loads(run(BACM, "__spec").stdout)

    def test_bacm_has_every_command_option_and_variable(self):
        text = page(1, "bacm")
        options = options_of(run(BACM, "--help").stdout)
        self.assertGreater(len(options), 10)
        for command in self.spec["commands"]:
            self.assertIn(f"bacm {command['name']} [option]...", text)
            options |= options_of(run(BACM, command["name"], "--help").stdout)
        for option in options:
            self.assertRegex(text, rf"(?m)^ +(-\w, )?{option}( |$)", option)
        for setting in self.spec["settings"]:
            if setting["secret"]:
                self.assertIn(setting["variable"], text)
                self.assertNotRegex(text, rf"(?m)^ +--{setting['name']}(?![\w-])")

    def test_bacm_has_what_holds_for_a_version_only(self):
        text = " ".join(page(1, "bacm").split())
        found = 0
        for command in self.spec["commands"]:
            for version, said in command["inVersion"].items():
                self.assertIn(f"Version {version[1:]}. {said}", text)
                found += 1
            for example in command["examplesInVersion"].values():
                self.assertIn(" ".join(example.split()), text)
        self.assertGreater(found, 3)

    def test_bacm_has_the_exit_statuses_of_the_help(self):
        text = re.sub(r"\s+", " ", page(1, "bacm"))
        found = re.findall(r"^  (\d)  (.*)$", run(BACM, "--help").stdout, re.MULTILINE)
        self.assertEqual(len(found), 8)
        for status, meaning in found:
            self.assertIn(f" {status} {meaning} ", text)

    def test_every_command_of_the_help_is_in_the_spec(self):
        help_text = run(BACM, "--help").stdout.split("Commands:\n")[1].split("\n\n")[0]
        self.assertEqual([line.split()[0] for line in help_text.splitlines()],
                         [command["name"] for command in self.spec["commands"]])

    def test_config_has_every_key(self):
        text = page(5, "bacm-config")
        for setting in self.spec["settings"]:
            wanted = self.assertRegex if setting["inFile"] else self.assertNotRegex
            wanted(text, rf"(?m)^ +{setting['name']} = ")

    def test_simulator_has_every_option(self):
        text = page(1, "bacm-sim")
        options = options_of(run(BACM_SIM, "--help").stdout)
        self.assertGreater(len(options), 15)
        for option in options:
            self.assertRegex(text, rf"(?m)^ +{option}\b", option)

    def test_library_has_every_function(self):
        text = page(3, "libbacm")
        names = declared(*(ROOT / "include" / "bacm").glob("*.h"), *GENERATED)
        self.assertIn("bacm_v13_get_user_mfa_status", names)
        missing = [name for name in sorted(names) if not re.search(rf"\b{name}\b *\(", text)]
        self.assertEqual(missing, [])

    def test_way_to_rest_has_the_addresses_and_the_day_of_the_code(self):
        text = page(7, "bacm-rest")
        contract = (ROOT / "src/lib/contract/v13_rest.c").read_text()
        addresses = re.findall(r'"(https:[^"]*)"\s*(?:"([^"]*)")?', contract)
        self.assertEqual(len(addresses), 2)
        for parts in addresses:
            self.assertRegex(text, re.escape("".join(parts)) + r"[,\s]")
        (day,) = re.findall(r'\.ends = "(.*)"', (ROOT / "src/cli/profile/version.c").read_text())
        self.assertIn(f"SOAP, which ends on {day}", text)
        self.assertIn("BACM_OPTIONS_INIT_FOR(bacm_api_v13_rest)", text)
        for other, section in (("bacm", 1), ("libbacm", 3)):
            self.assertIn("bacm-rest(7)", page(section, other).split("SEE ALSO")[1])

    def test_example_of_the_library_page_compiles(self):
        lines = page(3, "libbacm").split("EXAMPLE\n")[1].split("SEE ALSO")[0]
        source = scratch() / "example.c"
        source.write_text(lines)
        run("gcc", "-std=c11", "-Wall", "-Wextra", "-Werror", f"-I{installed() / 'include'}",
            "-fsyntax-only", source)


class CompletionTest(unittest.TestCase):
    spec = ManualTest.spec

    def setUp(self):
        self.environment = {"PATH": f"{BACM.parent}:/usr/bin:/bin", "HOME": str(scratch())}
        self.share = installed() / "share"

    def bash(self, *words):
        script = scratch() / "complete.bash"
        script.write_text('source "$1"; shift\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))\n'
                          '_bacm\nprintf "%s\\n" "${COMPREPLY[@]}"\n')
        return run("bash", script, self.share / "bash-completion/completions/bacm", *words,
                   env=self.environment).stdout.split()

    def fish(self, line):
        done = run("fish", "--no-config", "-c",
                   f"source {self.share}/fish/vendor_completions.d/bacm.fish; complete -C '{line}'",
                   env=self.environment)
        return [entry.split("\t")[0] for entry in done.stdout.splitlines()]

    def test_commands(self):
        names = [command["name"] for command in self.spec["commands"]]
        self.assertEqual(self.bash("bacm", ""), names)
        self.assertEqual(sorted(self.fish("bacm ")), sorted(names))

    def test_every_option(self):
        globals_ = {f"--{s['name']}" for s in self.spec["settings"] if not s["secret"]}
        globals_ |= {"--help", "--version"}
        for command in self.spec["commands"]:
            own = {f"--{option['name']}" for option in command["options"]}
            self.assertEqual(set(self.bash("bacm", command["name"], "--")), globals_ | own)
            self.assertEqual(set(self.fish(f"bacm {command['name']} --")), globals_ | own)

    def test_values(self):
        for complete in (lambda line: self.bash(*line.split(" ")), self.fish):
            self.assertEqual(sorted(complete("bacm --environment ")), ["production", "sandbox"])
            self.assertEqual(complete("bacm add --format n"), ["ndjson"])
            self.assertIn("GetUser", complete("bacm call GetU"))
            self.assertIn("ValidateAddress", complete("bacm call Vali"))  # of v13 only
            self.assertEqual(sorted(complete("bacm --api ")), ["v11", "v13", "v13-rest"])
            self.assertEqual(complete("bacm --environment sandbox who"), ["whoami"])
        self.assertEqual(self.bash("bacm", "add", "--deadline", ""), [])
        self.assertEqual(self.bash("bacm", "add", str(ROOT / "Make")), [str(ROOT / "Makefile")])
        self.assertEqual(self.bash("bacm", "--ca-file", str(ROOT / "Make")),
                         [str(ROOT / "Makefile")])

    def test_no_secret_is_an_option(self):
        for path in ("bash-completion/completions/bacm", "zsh/site-functions/_bacm",
                     "fish/vendor_completions.d/bacm.fish"):
            text = (self.share / path).read_text(encoding="utf-8")
            for setting in self.spec["settings"]:
                if setting["secret"]:
                    self.assertNotRegex(text, rf"{setting['name']}(?![\w-])")

    def test_zsh_reads_it_and_has_every_option(self):
        path = self.share / "zsh/site-functions/_bacm"
        run("zsh", "-n", path)
        text = path.read_text(encoding="utf-8")
        for command in self.spec["commands"]:
            self.assertIn(f"'{command['name']}:", text)
            for option in command["options"]:
                self.assertIn(f"--{option['name']}[", text)

    def test_every_shell_reads_quotes_in_help(self):
        spec = json.loads(json.dumps(self.spec))
        spec["settings"][0]["help"] = "it's \"quoted\" [and] a: \\ $HOME `id`"
        source = scratch() / "spec.json"
        source.write_text(json.dumps(spec))
        folder = scratch() / "quoted"
        run("sh", "-c", f"{ROOT}/scripts/completions {folder} <{source}")
        run("bash", "-n", folder / "bash" / "bacm")
        run("zsh", "-n", folder / "zsh" / "_bacm")
        run("fish", "-n", folder / "fish" / "bacm.fish")


if __name__ == "__main__":
    unittest.main()
