# Runs of bulk that are killed, with journals that are copied and clocks that are set, for SECONDS
# (600).
# make fuzz has a default of its own for SECONDS.
SOAK_SECONDS = $(if $(filter command environment,$(origin SECONDS)),$(SECONDS),600)

soak:
	@scripts/install-deps build test
	@$(MAKE) --no-print-directory -j$(JOBS) all test-programs
	@cd tests/bulk && SOAK_SECONDS=$(SOAK_SECONDS) BACM=$(abspath $(BUILD))/bin/bacm \
	    BACM_SIM=$(abspath $(BUILD))/bin/bacm-sim BACM_BUILD=$(abspath $(BUILD)) \
	    PYTHONPATH=..:. PYTHONDONTWRITEBYTECODE=1 python3 soak.py

.PHONY: soak
