# The C tests under valgrind: no error, no block that is lost. What a test forks is
# silent: it plays the server, and is killed at the end.

VALGRIND := valgrind --quiet --error-exitcode=9 --leak-check=full --show-leak-kinds=all \
            --errors-for-leak-kinds=all --child-silent-after-fork=yes
VALGRIND_GROUPS := unit wire oauth fuzz

test-valgrind:
	@scripts/install-deps build test check
	@$(MAKE) --no-print-directory -j$(JOBS) all test-programs
	@scripts/run-tests --build $(BUILD) --under '$(VALGRIND)' $(VALGRIND_GROUPS)

.PHONY: test-valgrind
