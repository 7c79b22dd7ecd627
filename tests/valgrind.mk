# The tests under valgrind, C programs as well as what Python tests start: no error, no
# block that is lost; what a test or OpenSSL still holds at the end is not. What a test
# forks is silent: it plays the server, and is killed at the end. Each start of a program
# takes a second or more, so fewer runs are killed at a random point than else.

LEAKS := definite,indirect,possible
VALGRIND := valgrind --quiet --log-file=REPORTS/%p --error-exitcode=9 --leak-check=full \
            --show-leak-kinds=$(LEAKS) --errors-for-leak-kinds=$(LEAKS) \
            --child-silent-after-fork=yes --read-inline-info=no \
            "--suppressions=$(CURDIR)/tests/valgrind.supp"
VALGRIND_GROUPS := $(TSAN_TEST_GROUPS)

test-valgrind:
	@scripts/install-deps build test check
	@$(MAKE) --no-print-directory -j$(JOBS) all test-programs
	@JOB_ROUNDS=12 KILL_POINTS=$${KILL_POINTS:-5} scripts/run-tests --build $(BUILD) --under '$(VALGRIND)' \
	    --patience 10 $(VALGRIND_GROUPS)

.PHONY: test-valgrind
