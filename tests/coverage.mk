# How much of the hand-written code the tests reach, in lines and branches.

COVERAGE_GROUPS := $(ASAN_TEST_GROUPS)

coverage:
	@scripts/install-deps build test
	@$(MAKE) --no-print-directory -j$(JOBS) BUILD=$(BUILD)/coverage CFLAGS='-O0 -g --coverage' \
	    LDFLAGS=--coverage ANYWHERE= all test-programs
	@find $(BUILD)/coverage -name '*.gcda' -delete
	@scripts/run-tests --build $(BUILD)/coverage --full $(COVERAGE_GROUPS)
	@scripts/run-tests --build $(BUILD)/coverage --only network embed
	@scripts/coverage $(BUILD)/coverage

.PHONY: coverage
