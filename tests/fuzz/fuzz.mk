# Fuzzing. Each tests/fuzz/*.c is a target: it takes bytes and looks for a broken
# promise. With libFuzzer it becomes a program that searches for such bytes
# (make fuzz, needs clang); without, it is the test program tests/fuzz/TARGET, that
# replays the files of tests/fuzz/corpus/TARGET, each one a test. A file that
# made the fuzzer stop belongs there, with the mend.

SECONDS ?= 60

FUZZ_TARGETS := $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/*.c))
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

# Replies come from memory, not from a socket.
FUZZ_WRAP := $(foreach f,open close is_idle read write,-Wl,--wrap=bacm_connection_$(f))
FUZZ_LINK = $(call QUIET,LD)mkdir -p $(@D) && $(CC) $(SANFLAGS) $(1) $(LDFLAGS) -o $@ \
            $(filter %.o,$^) $(GSOAP_ARCHIVE) -lcsv -lsqlite3 $(LIB_LIBS)

$(FUZZ_LIB:%=$(BUILD)/tests/fuzz/%): $(BUILD)/tests/fuzz/%: $(BUILD)/obj/tests/fuzz/%.o $(FUZZ_REPLAY) $(FUZZ_LIB_OBJ)
	$(call FUZZ_LINK,$(FUZZ_WRAP))
$(FUZZ_CLI:%=$(BUILD)/tests/fuzz/%): $(BUILD)/tests/fuzz/%: $(BUILD)/obj/tests/fuzz/%.o $(FUZZ_REPLAY) $(FUZZ_CLI_OBJ)
	$(call FUZZ_LINK)
$(FUZZ_SIM:%=$(BUILD)/tests/fuzz/%): $(BUILD)/tests/fuzz/%: $(BUILD)/obj/tests/fuzz/%.o $(FUZZ_REPLAY) $(FUZZ_SIM_OBJ)
	$(call FUZZ_LINK)

# Built by `make fuzz` in a folder of its own, with clang and sanitizers.
$(FUZZ_LIB:%=$(BUILD)/fuzz/%): $(BUILD)/fuzz/%: $(BUILD)/obj/tests/fuzz/%.o $(FUZZ_LIB_OBJ)
	$(call FUZZ_LINK,-fsanitize=fuzzer $(FUZZ_WRAP))
$(FUZZ_CLI:%=$(BUILD)/fuzz/%): $(BUILD)/fuzz/%: $(BUILD)/obj/tests/fuzz/%.o $(FUZZ_CLI_OBJ)
	$(call FUZZ_LINK,-fsanitize=fuzzer)
$(FUZZ_SIM:%=$(BUILD)/fuzz/%): $(BUILD)/fuzz/%: $(BUILD)/obj/tests/fuzz/%.o $(FUZZ_SIM_OBJ)
	$(call FUZZ_LINK,-fsanitize=fuzzer)

$(BUILD)/obj/tests/fuzz/%.o: COMMON += -Itests/fuzz/harness -DFUZZ_CORPUS='"$(CURDIR)/tests/fuzz/corpus"'

test-programs: $(FUZZ_REPLAYS)
ALL_TEST_GROUPS += fuzz
ASAN_TEST_GROUPS += fuzz

fuzzers: $(FUZZERS)

fuzz:
	@scripts/install-deps build fuzz
	@$(MAKE) --no-print-directory -j$(JOBS) BUILD=$(BUILD)/fuzz CC=clang \
	    SANITIZE=fuzzer-no-link,address,undefined CFLAGS='-O1 -g' WARN=-Wall fuzzers
	@tests/fuzz/run $(BUILD)/fuzz $(SECONDS) $(FUZZ_TARGETS)

.PHONY: fuzz fuzzers
.SECONDARY: $(FUZZ_HARNESS) $(FUZZ_REPLAY) $(FUZZ_TARGETS:%=$(BUILD)/obj/tests/fuzz/%.o)
