"""Each test that README names for a promise is there, and is run."""

import re
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SECTION = "What may be trusted with what"
NAME = re.compile(r"`([^`]+)`")
FILE = re.compile(r"[\w./-]+\.(?:c|py|case)")


def section():
    text = (ROOT / "README.md").read_text("utf-8")
    return re.search(rf"^## {SECTION}\n(.*?)^## ", text, re.MULTILINE | re.DOTALL).group(1)


def named():
    """Files, and tests: what the last column of a table names or prose names in brackets,
    and what is called test_..."""
    text = section()
    rows = [line for line in text.splitlines() if line.startswith("|")]
    prose = " ".join(line for line in text.splitlines() if not line.startswith("|"))
    places = [row.rstrip("| ").rpartition("|")[2] for row in rows]
    places += re.findall(r"\([^()]*\)", prose)
    names = [name for place in places for name in NAME.findall(place)]
    names += re.findall(r"`(test_\w+)`", text)
    files = {name for name in names + NAME.findall(text) if FILE.fullmatch(name)}
    return files, set(names) - files


class PromiseTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.files, self.functions = named()

    def test_there_are_many(self):
        """A section that is written in another way must not pass by naming nothing."""
        self.assertGreater(len(self.files), 15)
        self.assertGreater(len(self.functions), 30)

    def test_files(self):
        there = {path.name for path in (ROOT / "tests").rglob("*") if path.is_file()}
        missing = [name for name in sorted(self.files)
                   if not (ROOT / name).is_file() and ("/" in name or name not in there)]
        self.assertEqual(missing, [])

    def test_functions(self):
        python = "\n".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
        c = "\n".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.c"))
        missing = []
        for name in sorted(self.functions):
            is_run = f'{{"{name}"' in c or (
                re.search(rf"^static void {name}\(void \*\*state\)", c, re.MULTILINE) and
                re.search(rf"(?<!void )\b{name}\b", c))
            if not is_run and not re.search(rf"^    def {name}\(self", python, re.MULTILINE):
                missing.append(name)
        self.assertEqual(missing, [])


if __name__ == "__main__":
    unittest.main()
