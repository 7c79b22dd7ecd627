"""What make install puts where, and what other build systems make of it."""

import os
import re
import unittest
from pathlib import Path

from support import (EXAMPLES, ROOT, Simulator, environment_for, installed, make, pkg_config, run,
                     scratch)

VERSION = re.search(r'#define BACM_VERSION "(.*)"',
                    (ROOT / "include" / "bacm" / "version.h").read_text()).group(1)


def files(folder):
    return sorted(str(path.relative_to(folder)) for path in Path(folder).rglob("*")
                  if not path.is_dir() or path.is_symlink())


class InstallTest(unittest.TestCase):
    places = ("PREFIX=/usr", "LIBDIR=/usr/lib/some-triplet", "DATADIR=/usr/somewhere/share")

    def test_places(self):
        root = scratch() / "root"
        make("install", f"DESTDIR={root}", *self.places)
        found = files(root)
        for path in ("usr/bin/bacm", "usr/bin/bacm-sim", "usr/include/bacm/bacm.h",
                     "usr/include/bacm/bulk.h", "usr/include/bacm/v11Stub.h",
                     "usr/include/bacm/operations_v13.h", "usr/include/bacm/v13Operations.h",
                     "usr/include/bacm/v13Stub.h", "usr/include/bacm/v13H.h",
                     "usr/lib/some-triplet/libbacm.a",
                     f"usr/lib/some-triplet/libbacm.so.{VERSION}",
                     "usr/lib/some-triplet/libbacm.so.0", "usr/lib/some-triplet/libbacm.so",
                     "usr/lib/some-triplet/pkgconfig/libbacm.pc",
                     "usr/lib/some-triplet/cmake/bacm/bacm-config.cmake",
                     "usr/somewhere/share/man/man1/bacm.1",
                     "usr/somewhere/share/man/man3/libbacm.3",
                     "usr/somewhere/share/man/man5/bacm-config.5",
                     "usr/somewhere/share/bash-completion/completions/bacm",
                     "usr/somewhere/share/zsh/site-functions/_bacm",
                     "usr/somewhere/share/fish/vendor_completions.d/bacm.fish"):
            self.assertIn(path, found)
        for path in found:
            self.assertTrue(path.startswith(("usr/bin/", "usr/include/bacm/",
                                             "usr/lib/some-triplet/", "usr/somewhere/share/")), path)
        pc = (root / "usr/lib/some-triplet/pkgconfig/libbacm.pc").read_text()
        self.assertIn("libdir=/usr/lib/some-triplet\n", pc)
        self.assertNotIn(str(root), pc)
        (root / "usr/include/other.h").write_text("somebody else's")
        make("uninstall", f"DESTDIR={root}", *self.places)
        self.assertEqual(files(root), ["usr/include/other.h"])
        self.assertFalse((root / "usr/include/bacm").exists())

    def test_everybody_can_read_it(self):
        root = scratch() / "private"
        umask = os.umask(0o077)
        try:
            make("install", f"DESTDIR={root}", "PREFIX=/usr")
        finally:
            os.umask(umask)
        for path in [root / "usr", *(root / "usr").rglob("*")]:
            wanted = 0o755 if path.is_dir() or path.parent.name == "bin" else 0o644
            if not path.is_symlink():
                self.assertEqual(path.stat().st_mode & 0o777, wanted, path)

    def test_a_second_install_changes_nothing(self):
        before = {path: os.stat(installed() / path, follow_symlinks=False).st_size
                  for path in files(installed()) if not path.endswith(".txt")}
        make("install", f"PREFIX={installed()}")
        for path, size in before.items():
            self.assertEqual(os.stat(installed() / path, follow_symlinks=False).st_size, size, path)

    def test_installed_texts_name_no_folder_of_the_build(self):
        for path in files(installed()):
            if path.endswith((".a", ".txt")) or "libbacm" in path or path.startswith("bin/"):
                continue
            self.assertNotIn(str(ROOT), (installed() / path).read_text(encoding="utf-8"), path)


class PkgConfigTest(unittest.TestCase):
    packages = ("libbacm", "libbacm-bulk", "libbacm-stubs")

    def test_versions(self):
        for package in self.packages:
            self.assertEqual(pkg_config("--modversion", package), [VERSION])

    def test_shared_link_names_only_what_is_ours(self):
        for package in self.packages:
            ours = {word for word in pkg_config("--libs", package) if word.startswith("-l")}
            self.assertEqual([word for word in ours if not word.startswith("-lbacm")], [], package)

    def test_static_link_names_the_rest(self):
        words = pkg_config("--libs", "--static", "libbacm")
        for library in ("-lssl", "-lcrypto", "-lz", "-lexpat", "-ljansson"):
            self.assertIn(library, words)
        self.assertIn("-lsqlite3", pkg_config("--libs", "--static", "libbacm-bulk"))

    def test_only_stubs_have_flags_of_gsoap(self):
        self.assertFalse([word for word in pkg_config("--cflags", "libbacm") if "WITH_" in word])
        self.assertEqual(
            {word for word in pkg_config("--cflags", "libbacm-stubs") if word.startswith("-D")},
            {word for word in pkg_config("--cflags", "gsoapssl") if word.startswith("-D")})


CMAKE_PROJECT = """\
cmake_minimum_required(VERSION 3.13)
project(consumer C)
find_package(bacm {version} REQUIRED CONFIG)
add_executable(invite {examples}/invite.c)
target_link_libraries(invite PRIVATE bacm::bacm)
add_executable(invite_static {examples}/invite.c)
target_link_libraries(invite_static PRIVATE bacm::bacm_static)
add_executable(bulk {examples}/bulk_progress.c)
target_link_libraries(bulk PRIVATE bacm::bulk)
add_executable(bulk_static {examples}/bulk_progress.c)
target_link_libraries(bulk_static PRIVATE bacm::bulk_static)
add_executable(stubs stubs.c)
target_link_libraries(stubs PRIVATE bacm::stubs)
add_executable(stubs_static stubs.c)
target_link_libraries(stubs_static PRIVATE bacm::stubs_static)
"""

STUBS_PROGRAM = """\
#include <bacm/stubs_v11.h>
int main(void)
{
    return BACM_STUBS_V11_CHECK() != NULL;
}
"""


class CMakeTest(unittest.TestCase):
    def configure(self, name, version, check=True):
        folder = scratch() / name
        folder.mkdir()
        (folder / "CMakeLists.txt").write_text(
            CMAKE_PROJECT.format(version=version, examples=EXAMPLES))
        (folder / "stubs.c").write_text(STUBS_PROGRAM)
        return folder, run("cmake", "-S", folder, "-B", folder / "build",
                           f"-DCMAKE_PREFIX_PATH={installed()}", check=check)

    def test_targets(self):
        folder, _ = self.configure("cmake", VERSION)
        run("cmake", "--build", folder / "build")
        simulator = Simulator()
        self.addCleanup(simulator.stop)
        for i, name in enumerate(("invite", "invite_static")):
            done = run(folder / "build" / name, 1001001 + i, env=environment_for(simulator))
            self.assertEqual(done.stdout, f"{1001001 + i}: invited\n")
        for i, name in enumerate(("bulk", "bulk_static")):
            done = run(folder / "build" / name, folder / f"{name}.journal", 1001011 + i, 1,
                       env=environment_for(simulator))
            self.assertEqual(done.stdout, f"{1001011 + i} added\n")
        for name in ("stubs", "stubs_static"):
            run(folder / "build" / name)
        linked = run("ldd", folder / "build" / "invite").stdout
        self.assertIn(f"libbacm.so.0 => {installed()}", linked)
        for name in ("invite_static", "bulk_static", "stubs_static"):
            self.assertNotIn("libbacm", run("ldd", folder / "build" / name).stdout)

    def test_versions(self):
        major, minor, _ = VERSION.split(".")
        for i, (asked, fits) in enumerate(((f"{major}", True), (f"{major}.{minor}", True),
                                           (f"{major}.{int(minor) + 1}", False),
                                           (f"{int(major) + 1}.0", False))):
            _, done = self.configure(f"cmake_version_{i}", asked, check=False)
            self.assertEqual(done.returncode == 0, fits, f"{asked}: {done.stderr}")

    def test_moved_installation(self):
        moved = scratch() / "moved"
        run("cp", "-a", installed(), moved)
        folder = scratch() / "cmake_moved"
        folder.mkdir()
        (folder / "CMakeLists.txt").write_text(
            CMAKE_PROJECT.format(version=VERSION, examples=EXAMPLES))
        (folder / "stubs.c").write_text(STUBS_PROGRAM)
        run("cmake", "-S", folder, "-B", folder / "build", f"-DCMAKE_PREFIX_PATH={moved}")
        run("cmake", "--build", folder / "build", "--target", "invite")
        self.assertIn(f"{moved}/lib/libbacm.so", run("ldd", folder / "build" / "invite").stdout)


if __name__ == "__main__":
    unittest.main()
