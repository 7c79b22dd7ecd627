"""What the tests of the installed library share: where it is, how to compile with it."""

import atexit
import fcntl
import functools
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
BUILD = Path(os.environ.get("BACM_BUILD", ROOT / "build"))
EXAMPLES = ROOT / "tests" / "examples"
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Werror"]

sys.path.insert(0, str(ROOT / "tests" / "sim"))
from harness import Simulator  # noqa: E402,F401 (it stands beside other tests)

DEMO = {"BACM_DEVELOPER_TOKEN": "DEV-DEMO", "BACM_ACCESS_TOKEN": "AGENCY-ADMIN-TOKEN"}


def run(*command, check=True, **keywords):
    """Run a command; its result, with text. A failure shows what it printed."""
    keywords.setdefault("timeout", 300)
    done = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, check=False, **keywords)
    if check and done.returncode != 0:
        raise AssertionError(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done


@functools.cache
def scratch():
    """A folder that goes when the tests end."""
    folder = Path(tempfile.mkdtemp(prefix="bacm-embed-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def make(*arguments, cwd=ROOT, build=BUILD):
    """make, as a person calls it: not as a part of the make that runs the tests.

    Tests that run at the same time take turns: make writes for one prefix at a time.
    """
    environment = {name: value for name, value in os.environ.items()
                   if not name.startswith(("MAKE", "MFLAGS"))}
    build.mkdir(exist_ok=True)
    with open(build / "tests.lock", "wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return run("make", f"BUILD={os.path.relpath(build, cwd)}", *arguments, cwd=cwd,
                   env=environment, timeout=900)


@functools.cache
def installed():
    """Prefix below which the library is installed, for all tests of a module."""
    prefix = scratch() / "prefix"
    make("install", f"PREFIX={prefix}")
    return prefix


def pkg_config(*arguments, prefix=None):
    prefix = prefix or installed()
    environment = dict(os.environ, PKG_CONFIG_PATH=str(prefix / "lib" / "pkgconfig"))
    return run("pkg-config", *arguments, env=environment).stdout.split()


def compile_program(name, sources, *flags, package="libbacm", compiler="gcc", static=False):
    """Compile sources with the flags that pkg-config gives for an installed package."""
    program = scratch() / name
    libraries = pkg_config("--libs", *(["--static"] if static else []), package)
    if static:
        libraries = link_statically(libraries)
    run(compiler, *flags, *pkg_config("--cflags", package), *sources, "-o", program, *libraries,
        f"-Wl,-rpath,{installed() / 'lib'}")
    return program


def link_statically(libraries):
    """Our own libraries as archives, the system's as they come."""
    words = []
    for word in libraries:
        if word.startswith("-lbacm"):
            words += ["-Wl,-Bstatic", word, "-Wl,-Bdynamic"]
        else:
            words.append(word)
    return words


def environment_for(simulator, url="url", **more):
    """Environment of an example that is to call a simulator: in v11, or at its urlV13."""
    environment = {**os.environ, **DEMO, "BACM_ENDPOINT": simulator.ready[url]}
    if simulator.ready["caFile"]:
        environment["BACM_CA_FILE"] = simulator.ready["caFile"]
    return {**environment, **more}
