"""Kill runs of bulk at random for as long as it is told, copy their journals, set the clock.

    SOAK_SECONDS   how long (600)
    KILL_SEED      of the first run; the further ones follow

After each kill the journal is taken away alone, as somebody who moves the file does, and the
next run goes on from the copy; a kill within a commit leaves two files, which go together. Each
run has a clock of its own that is wrong, or is set while it is under way. The simulator's log
judges, as in test_kill.py.
"""

import os
import random
import shutil
import time
import unittest

import test_kill
from support import shifted_clock

MOST_SHIFT_SECONDS = 2 * 3600
MOST_STEP_MS = 4000  # a run takes about as long
HOT = bytes.fromhex("d9d505f920a163d7")  # what a rollback journal of SQLite begins with


def is_hot(path):
    """Whether a commit was under way: at its end the beginning of this file is overwritten."""
    if not os.path.exists(path):
        return False
    with open(path, "rb") as file:
        return file.read(len(HOT)) == HOT


class Soak(test_kill.Kill):
    in_commit = 0

    def program(self, sim):
        arguments, environment = super().program(sim)
        shift = self.clocks.randint(-MOST_SHIFT_SECONDS, MOST_SHIFT_SECONDS)
        step_ms = self.clocks.choice((0, self.clocks.randrange(MOST_STEP_MS)))
        self.shifts.append((shift, step_ms))
        return arguments, shifted_clock(environment, shift, step_ms)

    def start(self, sim, will_be_killed):
        if os.path.exists(self.journal):
            self.move_journal()
        return super().start(sim, will_be_killed)

    def move_journal(self):
        """Alone; where the kill has met a commit, with what takes that back, as bacm(1) says."""
        rest = self.journal + "-journal"
        shutil.copy2(self.journal, self.journal + ".copy")
        os.unlink(self.journal)
        os.rename(self.journal + ".copy", self.journal)
        self.assertFalse(os.path.exists(self.journal + "-wal"))
        if is_hot(rest):
            self.in_commit += 1
        elif os.path.exists(rest):
            os.unlink(rest)

    def test_every_pair_once_whenever_it_is_killed(self):
        end = time.monotonic() + int(os.environ.get("SOAK_SECONDS", "600"))
        seed = test_kill.SEED
        clocks = steps = 0
        while time.monotonic() < end:
            with self.subTest(seed=seed):
                self.setUp()
                chance = random.Random(seed)
                self.clocks = random.Random(-seed - 1)
                self.shifts = []
                clients = test_kill.make_clients(chance, self.rows)
                customers = range(test_kill.FIRST_GENERATED,
                                  test_kill.FIRST_GENERATED + self.rows)
                sim = self.simulator(*[f"{fault},seed={chance.randrange(1000000)}"
                                       for fault in test_kill.FAULTS],
                                     arguments=(*self.old_links(customers), "--generate",
                                                f"agencies=1,clients={self.rows}"))
                self.write_input(clients)
                self.judge(sim, clients, self.run_to_the_end(sim, chance))
                self.doCleanups()
                clocks += len(self.shifts)
                steps += sum(step_ms > 0 for _, step_ms in self.shifts)
            seed += 1
        print(f"soak: {seed - test_kill.SEED} lists of {self.rows} rows, {clocks} runs with a wrong "
              f"clock, {steps} of them with one that was set, {self.in_commit} kills within a "
              "commit", flush=True)


def load_tests(loader, _tests, _pattern):
    return loader.loadTestsFromTestCase(Soak)


if __name__ == "__main__":
    unittest.main()
