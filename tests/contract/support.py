"""What the contract tests share: paths, loading, running a script."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / "scripts"
sys.dont_write_bytecode = True
sys.path.insert(0, str(SCRIPTS))

import contract  # noqa: E402  the path comes first
import wsdl_document  # noqa: E402,F401  for the tests

WSDL_NAME = contract.WSDL_NAME
# The contracts as they were published, whatever wsdl/ has come to since.
DATA = Path(__file__).resolve().parent / "data"
V11 = DATA / "v11.wsdl"
V13 = DATA / "v13.wsdl"
# The ones that the wrapper is built on now.
VERSIONS = ("v11", "v13")
PRESENT, PRESENT_V13 = (ROOT / "wsdl" / version / WSDL_NAME for version in VERSIONS)


def run(script, *arguments, root=ROOT, environment=None, timeout=300):
    """Runs a script of a tree; the test's own FORCE and make flags stay out of it."""
    clean = {
        key: value
        for key, value in os.environ.items()
        if key not in ("FORCE", "WSDL", "API", "MAKEFLAGS", "MFLAGS", "MAKELEVEL")
    }
    return subprocess.run(
        [str(root / "scripts" / script), *map(str, arguments)],
        cwd=root,
        env={**clean, **(environment or {})},
        capture_output=True,
        text=True,
        check=False,
        timeout=timeout,
    )


def bindings():
    """gen/, or what the build made in its place because another gSOAP is installed."""
    made = Path(os.environ.get("BACM_BUILD", ROOT / "build")) / "gen"
    done = subprocess.run(
        ["pkg-config", "--modversion", "gsoapssl"], capture_output=True, text=True, check=True
    )
    provenance = (ROOT / "gen" / "v11" / "PROVENANCE").read_text()
    return ROOT / "gen" if f"soapcpp2  {done.stdout.strip()} " in provenance else made


def copy_tree(target):
    """A tree with all that generation and the wrapper's compilation need."""
    for name in ("scripts", "wsdl", "include"):
        shutil.copytree(ROOT / name, target / name)
    shutil.copytree(bindings(), target / "gen")
    shutil.copytree(ROOT / "src" / "lib", target / "src" / "lib")
    return target


def state(tree):
    """Path -> bytes of everything that a regeneration may replace."""
    return {
        str(path.relative_to(tree)): path.read_bytes()
        for folder in ("wsdl", "gen")
        for path in sorted((tree / folder).rglob("*"))
        if path.is_file()
    }
