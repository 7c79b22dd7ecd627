"""What the contract tests share: paths, loading, running a script."""

import hashlib
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

WSDL_NAME = contract.WSDL_NAME
V11 = ROOT / "wsdl" / "v11" / WSDL_NAME
V13 = ROOT / "wsdl" / "v13" / WSDL_NAME
DATA = Path(__file__).resolve().parent / "data"

# The contracts as published. What is expected of exactly these files is skipped
# when a contract has moved on, until somebody renews it together with these sums.
PUBLISHED = {
    V11: "e325cbcbdc811e9318ab52e7b140e6a77e38dba80b40eba8a02052b5316eb164",
    V13: "23849918c433c747d4aba76981fdcb8e4cc00101db0159b661312f33c6dcfdf0",
}


def is_published(*paths):
    return all(hashlib.sha256(path.read_bytes()).hexdigest() == PUBLISHED[path] for path in paths)


def run(script, *arguments, root=ROOT, environment=None, timeout=300):
    """Runs a script of a tree; the test's own FORCE and make flags stay out of it."""
    clean = {key: value for key, value in os.environ.items()
             if key not in ("FORCE", "WSDL", "MAKEFLAGS", "MFLAGS", "MAKELEVEL")}
    return subprocess.run(
        [str(root / "scripts" / script), *map(str, arguments)], cwd=root,
        env={**clean, **(environment or {})}, capture_output=True, text=True, check=False,
        timeout=timeout)


def copy_tree(target):
    """A tree with all that generation and the wrapper's compilation need."""
    for name in ("scripts", "wsdl", "gen", "include"):
        shutil.copytree(ROOT / name, target / name)
    shutil.copytree(ROOT / "src" / "lib", target / "src" / "lib")
    return target


def state(tree):
    """Path -> bytes of everything that a regeneration may replace."""
    return {str(path.relative_to(tree)): path.read_bytes()
            for folder in ("wsdl", "gen") for path in sorted((tree / folder).rglob("*"))
            if path.is_file()}
