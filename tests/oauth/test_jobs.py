"""Many jobs with one sign-in: none spends a token in vain, and none stands in another's way."""

import fcntl
import os
import shutil
import signal
import subprocess
import time
import unittest

from support import ADMIN_REFRESH, PATIENCE, OAuthTest, field, page_url, program

NOBODY = 65534
# How many refreshes each of eight processes makes; the long form belongs to make test-full.
# The long loop once: it is of no contract version. An instrumented run says how many it stands.
IS_LONG = "TEST_FULL" in os.environ and "TEST_API" not in os.environ
ROUNDS = int(os.environ.get("JOB_ROUNDS", "1000" if IS_LONG else "12"))


class JobsTest(OAuthTest):
    def store(self, token=ADMIN_REFRESH, path=None):
        path = path or ".local/state/bacm/default.token"
        self.write(path, "client-id = demo-native-app\nenvironment = production\nconfigured = \n"
                         f"refresh-token = {token}\n", 0o600)

    def run_at_once(self, count, *arguments, **variables):
        """(code, err) of each of so many jobs."""
        jobs = [self.start("whoami", *arguments, **variables) for _ in range(count)]
        done = [job.communicate(timeout=60 * PATIENCE) for job in jobs]
        return [(job.returncode, err.decode()) for job, (_, err) in zip(jobs, done)]


class AtOnce(JobsTest):
    """The issuer takes each refresh token once, and one that comes again ends the sign-in."""

    arguments = ("--oauth-strict=family",)

    def test_jobs_take_turns(self):
        self.store()
        for count in (3, 6):
            for _ in range(4):
                for code, err in self.run_at_once(count):
                    self.assertEqual(code, 0, err)
        self.assertEqual({call["outcome"] for call in self.token_calls()}, {"ok"})
        self.assertEqual(len(self.token_calls()), 4 * (3 + 6))

    def test_eight_processes_and_many_refreshes(self):
        self.store()
        loop = f'i=0; while [ $i -lt {ROUNDS} ]; do "$0" whoami || exit 1; i=$((i+1)); done'
        jobs = [subprocess.Popen(["sh", "-c", loop, program()], cwd=self.folder,
                                 env=self.environment(), stdout=subprocess.DEVNULL,
                                 stderr=subprocess.PIPE) for _ in range(8)]
        for job in jobs:
            self.addCleanup(self.end, job)
        for job in jobs:
            _, err = job.communicate(timeout=3600 * PATIENCE)
            self.assertEqual(job.returncode, 0, err.decode())
        self.assertEqual(len(self.token_calls()), 8 * ROUNDS)
        self.assertEqual({call["outcome"] for call in self.token_calls()}, {"ok"})

    def test_the_wait_is_bounded(self):
        self.store()
        path = self.token_file.with_name("default.token.lock")
        with open(path, "w", opener=lambda *a: os.open(*a, 0o600)) as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            before = time.monotonic()
            result = self.bacm("whoami", "--timeout", "1")
            self.assertEqual(result.code, 6, result.err)
            self.assert_says(result, "another process is still renewing")
            self.assertGreater(time.monotonic() - before, 0.9)
        self.assertEqual(self.sim.log(), [])
        self.assertEqual(self.bacm("whoami").code, 0)

    def test_newer_token_of_a_program_without_the_lock(self):
        """The successor is stored while this job waits to ask once more."""
        self.assertEqual(self.bacm("whoami", BACM_REFRESH_TOKEN=ADMIN_REFRESH,
                                   BACM_TOKEN_FILE="elsewhere").code, 0)
        newer = self.stored_token(self.folder / "elsewhere")
        self.store("A-TOKEN-THAT-ANOTHER-HAS-SPENT")
        job = self.start("whoami")
        while not any(call["outcome"] != "ok" for call in self.token_calls()):
            time.sleep(0.02)
        self.store(newer)
        _, err = job.communicate(timeout=60 * PATIENCE)
        self.assertEqual(job.returncode, 0, err.decode())


class Killed(JobsTest):
    """The issuer goes on to take old tokens: else a kill between reply and storage is the end."""

    def test_jobs_that_are_killed_leave_a_token_that_works(self):
        self.store()
        for turn in range(40 if IS_LONG else 8):
            jobs = [self.start("whoami") for _ in range(4)]
            time.sleep(0.004 * (turn % 10))
            for job in jobs[:3]:
                job.send_signal(signal.SIGKILL)
            for job in jobs:
                job.communicate(timeout=60 * PATIENCE)
            self.assertEqual(jobs[3].returncode, 0)
            self.assertEqual(self.bacm("whoami").code, 0)
        self.assertEqual(sorted(os.listdir(self.token_file.parent)),
                         ["default.token", "default.token.lock"])


class NotStorable(JobsTest):
    """What cannot be stored is not spent."""

    arguments = ("--oauth-strict=family",)

    def bacm_by(self, *command, **variables):
        """bacm whoami, run by another command."""
        return subprocess.run([*command, program(), "whoami"], cwd=self.folder, text=True,
                              env=self.environment(**variables), capture_output=True,
                              timeout=60 * PATIENCE, check=False)

    def check_not_spent(self, done, *texts):
        self.assertEqual(done.returncode, 4, done.stderr)
        for text in ("BACM_E_TOKEN_STORE", *texts):
            self.assertIn(text, done.stderr)
        self.assertEqual(self.sim.log(), [])

    def with_mounts(self, script, **variables):
        """bacm where the script has mounted something: as root, or as root of a namespace."""
        if not shutil.which("unshare"):
            self.fail("this test needs unshare, of util-linux")
        return self.bacm_by("unshare", "-m" if os.geteuid() == 0 else "-rm", "sh", "-c",
                            script + ' && exec "$@"', "sh", **variables)

    def test_full_disk(self):
        self.store(path="kept.token")
        done = self.with_mounts(
            'mkdir disk && mount -t tmpfs -o size=16k none disk && cp -p kept.token disk/t && '
            '! head -c 100k /dev/zero > disk/filler 2>/dev/null', BACM_TOKEN_FILE="disk/t")
        self.check_not_spent(done, "No space left on device")

    def test_read_only_file_system(self):
        self.store(path="disk/t")
        done = self.with_mounts('mount --bind disk disk && mount -o remount,bind,ro disk',
                                BACM_TOKEN_FILE="disk/t")
        self.check_not_spent(done, "Read-only file system")

    def test_folder_without_permission(self):
        self.store()
        command = self.as_nobody()
        os.chown(self.token_file, NOBODY, NOBODY)
        done = self.bacm_by(*command)
        self.check_not_spent(done, "Permission denied")

    def as_nobody(self):
        if os.geteuid() != 0 or not shutil.which("setpriv"):
            self.fail("a second user can be played by root only, with setpriv of util-linux")
        for path in (self.folder, *self.folder.rglob("*")):
            path.chmod(path.stat().st_mode | (0o055 if path.is_dir() else 0))
        os.chmod(self.sim.ready["caFile"], 0o644)
        return ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")

    def test_another_user_cannot_read_the_page_or_finish(self):
        """What the browser is given is for one user's eyes; without its state nothing ends."""
        self.write("bin/xdg-open", "#!/bin/true\n", 0o755)
        process = self.start("login", DISPLAY=":7", PATH=f"{self.folder}/bin:{os.environ['PATH']}",
                             BACM_REDIRECT_URI="http://localhost")
        said = ""
        while "://" not in said:
            said += process.stderr.readline().decode()
        base = field(page_url(said), "redirect_uri")
        page, = self.token_file.parent.glob("*.html")
        nobody = self.as_nobody()
        for command in (["cat", str(page)], ["cat", f"/proc/{process.pid}/environ"]):
            done = subprocess.run([*nobody, *command], capture_output=True, text=True, check=False)
            self.assertEqual(done.stdout, "")
            self.assertIn("Permission denied", done.stderr)
        with open(f"/proc/{process.pid}/cmdline", encoding="utf-8") as file:
            self.assertNotIn("state", file.read())
        code = "import sys, urllib.request; urllib.request.urlopen(sys.argv[1])"
        done = subprocess.run([*nobody, "/usr/bin/python3", "-c", code, base + "/?code=C&state=S"],
                              capture_output=True, text=True, check=False)
        self.assertIn("400", done.stderr)
        self.assertIsNone(process.poll())
        self.assertEqual(self.sim.log(), [])

    def test_another_user_cannot_read_or_hold_it(self):
        """Neither the token nor the lock can be had by another one; a lock of his is refused."""
        self.store()
        self.assertEqual(self.bacm("whoami").code, 0)
        seen = len(self.sim.log())
        done = self.bacm_by(*self.as_nobody(), HOME=None,
                            BACM_TOKEN_FILE=str(self.token_file))
        self.assertEqual(done.returncode, 4, done.stderr)
        self.assertIn("Permission denied", done.stderr)
        self.assertEqual(len(self.sim.log()), seen)
        lock = self.token_file.with_name("default.token.lock")
        done = subprocess.run([*self.as_nobody(), "flock", "-n", str(lock), "true"],
                              capture_output=True, text=True, check=False)
        self.assertIn("Permission denied", done.stderr)
        lock.unlink()
        lock.touch(0o600)
        os.chown(lock, NOBODY, NOBODY)
        result = self.bacm("whoami")
        self.assertEqual(result.code, 4)
        self.assert_says(result, "belongs to another user")
        self.assertEqual(len(self.sim.log()), seen)


if __name__ == "__main__":
    unittest.main()
