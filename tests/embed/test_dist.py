"""The tarball has what git has, is the same each time, and builds without gSOAP's generators.

But where another gSOAP is installed than the one of gen/: then the build needs them.
"""

import hashlib
import os
import re
import subprocess
import tarfile
import unittest

from support import BUILD, ROOT, make, run, scratch

VERSION = re.search(r'#define BACM_VERSION "(.*)"',
                    (ROOT / "include" / "bacm" / "version.h").read_text()).group(1)
TARBALL = BUILD / f"bacm-{VERSION}.tar.gz"


class DistTest(unittest.TestCase):
    def pack(self):
        make("dist")
        return hashlib.sha256(TARBALL.read_bytes()).hexdigest()

    def unpack(self, name):
        folder = scratch() / name
        folder.mkdir()
        run("tar", "-xf", str(TARBALL), "-C", str(folder))  # as a user would
        return folder / f"bacm-{VERSION}"

    def test_same_bytes(self):
        first = self.pack()
        umask = os.umask(0o077)
        try:
            self.assertEqual(self.pack(), first)
        finally:
            os.umask(umask)

    def test_contents(self):
        self.pack()
        with tarfile.open(TARBALL) as tarball:
            members = tarball.getmembers()
        names = {member.name.partition("/")[2] for member in members}
        self.assertEqual(names, set(run("git", "ls-files", cwd=ROOT).stdout.splitlines()))
        self.assertIn("gen/v11/v11C.c", names)
        self.assertIn("gen/v13/v13C.c", names)
        self.assertEqual({(member.uid, member.gid, member.uname) for member in members},
                         {(0, 0, "")})
        self.assertEqual(len({member.mtime for member in members}), 1)

    def test_builds_without_the_generators(self):
        self.pack()
        tree = self.unpack("source")
        shims = scratch() / "shims"
        shims.mkdir()
        for tool in ("soapcpp2", "wsdl2h"):
            (shims / tool).write_text('#!/bin/sh\ntouch "$0.used"\nexit 1\n')
            (shims / tool).chmod(0o755)
        other_gsoap = (BUILD / "gen").is_dir()
        path = [] if other_gsoap else [str(shims)]
        environment = {**os.environ, "PATH": ":".join([*path, os.environ["PATH"]])}
        for name in [name for name in environment if name.startswith(("MAKE", "MFLAGS"))]:
            del environment[name]
        subprocess.run(["make", "-j2", "build/lib/libbacm.a", "build/bin/bacm"], cwd=tree,
                       env=environment, check=True, capture_output=True, timeout=600)
        self.assertEqual(run(tree / "build" / "bin" / "bacm", "--version").stdout.split()[1],
                         VERSION)
        self.assertEqual(list(shims.glob("*.used")), [])
        # The tarball of the unpacked tarball is the same one.
        make("dist", cwd=tree, build=tree / "build")
        self.assertEqual((tree / "build" / TARBALL.name).read_bytes(), TARBALL.read_bytes())


if __name__ == "__main__":
    unittest.main()
