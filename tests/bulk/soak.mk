# Runs of bulk that are killed, with journals that are copied, for SECONDS (600).
soak: SECONDS ?= 600
soak:
	@scripts/install-deps build test
	@$(MAKE) --no-print-directory -j$(JOBS) all test-programs
	@cd tests/bulk && SOAK_SECONDS=$(SECONDS) BACM=$(abspath $(BUILD))/bin/bacm \
	    BACM_SIM=$(abspath $(BUILD))/bin/bacm-sim BACM_BUILD=$(abspath $(BUILD)) \
	    PYTHONPATH=..:. PYTHONDONTWRITEBYTECODE=1 python3 soak.py

.PHONY: soak
