# The C tests under valgrind: no error, no block that is lost; what a test or OpenSSL
# still holds at the end is not. What a test forks is silent: it plays the server, and is
# killed at the end.

LEAKS := definite,indirect,possible
VALGRIND := valgrind --quiet --error-exitcode=9 --leak-check=full --show-leak-kinds=$(LEAKS) \
            --errors-for-leak-kinds=$(LEAKS) --child-silent-after-fork=yes
VALGRIND_GROUPS := unit wire oauth

test-valgrind:
	@scripts/install-deps build test check
	@$(MAKE) --no-print-directory -j$(JOBS) all test-programs
	@scripts/run-tests --build $(BUILD) --under '$(VALGRIND)' $(VALGRIND_GROUPS)

.PHONY: test-valgrind
