"""Kill runs of bulk at random for as long as it is told, and copy their journals meanwhile.

    SOAK_SECONDS   how long (600)
    KILL_SEED      of the first run; the further ones follow

After each kill the journal is taken away alone, as somebody who moves the file does, and the
next run goes on from the copy. The simulator's log judges, as in test_kill.py.
"""

import os
import random
import shutil
import time
import unittest

import test_kill


class Soak(test_kill.Kill):
    rounds = 0

    def start(self, sim, will_be_killed):
        if os.path.exists(self.journal):
            shutil.copy2(self.journal, self.journal + ".copy")
            for suffix in ("", "-journal", "-wal"):
                if os.path.exists(self.journal + suffix):
                    os.unlink(self.journal + suffix)
            os.rename(self.journal + ".copy", self.journal)
        return super().start(sim, will_be_killed)

    def test_every_pair_once_whenever_it_is_killed(self):
        end = time.monotonic() + int(os.environ.get("SOAK_SECONDS", "600"))
        seed = test_kill.SEED
        while time.monotonic() < end:
            with self.subTest(seed=seed):
                self.setUp()
                chance = random.Random(seed)
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
            seed += 1
        print(f"soak: {seed - test_kill.SEED} runs of {self.rows} rows", flush=True)


def load_tests(loader, _tests, _pattern):
    return loader.loadTestsFromTestCase(Soak)


if __name__ == "__main__":
    unittest.main()
