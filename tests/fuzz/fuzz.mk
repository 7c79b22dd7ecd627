# Fuzzing. Each tests/fuzz/*.c is a target: it takes bytes and looks for a broken
# promise. With libFuzzer it becomes a program that searches for such bytes
# (make fuzz, needs clang); without, it is the test program tests/fuzz/TARGET, that
# replays the files of tests/fuzz/corpus/TARGET, each one a test. A file that
# made the fuzzer stop belongs there, with the mend.

SECONDS ?= 60
RUNS ?= -1
FUZZ_JOBS ?= 1

FUZZ_TARGETS ?= $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/*.c))
# What each target looks into: the command line, the simulator, or else the library.
FUZZ_CLI := config csv ndjson text
FUZZ_SIM := sim_request
FUZZ_LIB := $(filter-out $(FUZZ_CLI) $(FUZZ_SIM),$(FUZZ_TARGETS))

FUZZ_HARNESS := $(filter-out %/replay.o,$(call objects,tests/fuzz/harness/*.c))
FUZZ_REPLAY  := $(BUILD)/obj/tests/fuzz/harness/replay.o
FUZZ_REPLAYS := $(FUZZ_TARGETS:%=$(BUILD)/tests/fuzz/%)
FUZZERS      := $(FUZZ_TARGETS:%=$(BUILD)/fuzz/%)

FUZZ_COMMON_OBJ := $(filter-out %/reply.o %/rows.o,$(FUZZ_HARNESS))
FUZZ_LIB_OBJ := $(FUZZ_COMMON_OBJ) $(filter %/reply.o,$(FUZZ_HARNESS)) $(LIB_OBJ)
FUZZ_CLI_OBJ := $(FUZZ_COMMON_OBJ) $(filter %/rows.o,$(FUZZ_HARNESS)) \
                $(filter-out %/main.o,$(CLI_OBJ)) $(BULK_OBJ) $(LIB_OBJ)
FUZZ_SIM_OBJ := $(FUZZ_COMMON_OBJ) $(filter-out %/main.o,$(SIM_OBJ))

# Replies come from memory, not from a socket; a file has little room, the simulator one
# engine context.
FUZZ_LIB_WRAP := $(foreach f,open close is_idle read write,-Wl,--wrap=bacm_connection_$(f))
FUZZ_SIM_WRAP := $(foreach f,new free,-Wl,--wrap=soap_service_$(f))
comma := ,
fuzz_cli_wrap = $(if $(filter config,$(notdir $@)),-Wl$(comma)--wrap=private_file_read)
FUZZ_LINK = $(call QUIET,LD)mkdir -p $(@D) && $(CC) $(SANFLAGS) $(1) $(LDFLAGS) -o $@ \
            $(filter %.o,$^) $(ENGINE) -lcsv -lsqlite3 $(LIB_LIBS)

$(FUZZ_LIB:%=$(BUILD)/tests/fuzz/%): $(BUILD)/tests/fuzz/%: $(BUILD)/obj/tests/fuzz/%.o $(FUZZ_REPLAY) $(FUZZ_LIB_OBJ)
	$(call FUZZ_LINK,$(FUZZ_LIB_WRAP))
$(FUZZ_CLI:%=$(BUILD)/tests/fuzz/%): $(BUILD)/tests/fuzz/%: $(BUILD)/obj/tests/fuzz/%.o $(FUZZ_REPLAY) $(FUZZ_CLI_OBJ)
	$(call FUZZ_LINK,$(fuzz_cli_wrap))
$(FUZZ_SIM:%=$(BUILD)/tests/fuzz/%): $(BUILD)/tests/fuzz/%: $(BUILD)/obj/tests/fuzz/%.o $(FUZZ_REPLAY) $(FUZZ_SIM_OBJ)
	$(call FUZZ_LINK,$(FUZZ_SIM_WRAP))

$(FUZZ_REPLAYS) $(FUZZERS): | $(ENGINE)

# Built by `make fuzz` in a folder of its own, with clang and sanitizers.
$(FUZZ_LIB:%=$(BUILD)/fuzz/%): $(BUILD)/fuzz/%: $(BUILD)/obj/tests/fuzz/%.o $(FUZZ_LIB_OBJ)
	$(call FUZZ_LINK,-fsanitize=fuzzer $(FUZZ_LIB_WRAP))
$(FUZZ_CLI:%=$(BUILD)/fuzz/%): $(BUILD)/fuzz/%: $(BUILD)/obj/tests/fuzz/%.o $(FUZZ_CLI_OBJ)
	$(call FUZZ_LINK,-fsanitize=fuzzer $(fuzz_cli_wrap))
$(FUZZ_SIM:%=$(BUILD)/fuzz/%): $(BUILD)/fuzz/%: $(BUILD)/obj/tests/fuzz/%.o $(FUZZ_SIM_OBJ)
	$(call FUZZ_LINK,-fsanitize=fuzzer $(FUZZ_SIM_WRAP))

$(BUILD)/obj/tests/fuzz/%.o: COMMON += -Itests/fuzz/harness -DFUZZ_CORPUS='"$(CURDIR)/tests/fuzz/corpus"'

test-programs: $(FUZZ_REPLAYS)
ALL_TEST_GROUPS += fuzz
ASAN_TEST_GROUPS += fuzz
TSAN_TEST_GROUPS += fuzz

fuzzers: $(FUZZERS)

# Executions count most. To trace each comparison halves the speed, and the dictionaries
# have the words that it would find; in the generated code one path is as good as
# another, and AddressSanitizer alone watches it.
FUZZ_CFLAGS ?= -O2 -g -fno-sanitize-coverage=trace-cmp
FUZZ_GEN_CFLAGS ?= -fno-sanitize=fuzzer-no-link,undefined
ifneq ($(FUZZING),)
$(BUILD)/obj/gen/%.o: COMMON += $(FUZZ_GEN_CFLAGS)
$(FUZZ_HARNESS): COMMON += -DFUZZ_SEARCH
endif

fuzz:
	@scripts/install-deps build fuzz
	@$(MAKE) --no-print-directory -j$(JOBS) BUILD=$(BUILD)/fuzz CC=clang FUZZING=1 \
	    SANITIZE=fuzzer-no-link,address,undefined CFLAGS='$(FUZZ_CFLAGS)' WARN=-Wall fuzzers
	@tests/fuzz/run --jobs $(FUZZ_JOBS) --runs $(RUNS) $(BUILD)/fuzz $(SECONDS) $(FUZZ_TARGETS)

.PHONY: fuzz fuzzers
.SECONDARY: $(FUZZ_HARNESS) $(FUZZ_REPLAY) $(FUZZ_TARGETS:%=$(BUILD)/obj/tests/fuzz/%.o)
