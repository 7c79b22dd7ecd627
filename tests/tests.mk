# Test programs. Each tests/GROUP/*.c is one program in $(BUILD)/tests/GROUP/,
# linked with the library's objects (so that inner functions can be tested) and
# with what the group shares: tests/support/*.c. The bulk group has the bulk
# objects as well.

# What each wire has to pass: GROUP runs against v11, GROUP@WIRE against another.
WIRE_GROUPS := wire sim cli oauth bulk
OTHER_WIRES := v13
each_wire = $(foreach group,$(1),$(group) $(OTHER_WIRES:%=$(group)@%))

ALL_TEST_GROUPS  := unit $(call each_wire,$(WIRE_GROUPS)) sim@v13-rest contract embed
QUICK_TEST_GROUPS := unit $(call each_wire,wire)
ASAN_TEST_GROUPS := unit $(call each_wire,$(WIRE_GROUPS)) sim@v13-rest
TSAN_TEST_GROUPS := $(ASAN_TEST_GROUPS)

TEST_GROUPS  := unit wire oauth bulk
TEST_SOURCES := $(foreach group,$(TEST_GROUPS),$(wildcard tests/$(group)/*.c))
TEST_PROGRAMS := $(TEST_SOURCES:%.c=$(BUILD)/%)
# Programs that tests start, not tests themselves.
TEST_HELPERS := $(BUILD)/tests/helpers/bulk_driver $(BUILD)/tests/helpers/bacm_killed \
                $(BUILD)/tests/helpers/bacm_unredacted

TEST_SUPPORT_OBJ := $(filter-out %/bulk_driver.o %/kill_points.o %/no_redaction.o,\
                      $(call objects,tests/support/*.c))
TEST_LINK = $(call QUIET,LD)$(CC) $(SANFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(ENGINE) \
            -lcmocka -lsqlite3 $(LIB_LIBS)

# A test may name the path of the tree it was built from.
$(BUILD)/obj/tests/%.o: COMMON += -Itests -DTEST_DATA='"$(CURDIR)/tests/data"'

$(BUILD)/tests/bulk/%: $(BUILD)/obj/tests/bulk/%.o $(TEST_SUPPORT_OBJ) $(BULK_OBJ) $(LIB_OBJ)
	@mkdir -p $(@D)
	$(TEST_LINK)

# Its service is made up, with the pages.
$(BUILD)/tests/bulk/test_rows: LDFLAGS += $(foreach name,count get is_last tracking_id free,\
    -Wl,--wrap=bacm_link_page_$(name))

# bacm with some functions replaced: one dies where a test wants, one hides nothing.
BACM_OBJ := $(CLI_OBJ) $(BULK_OBJ) $(LIB_OBJ)
wrap = $(foreach name,$(1),-Wl,--wrap=$(name))

$(BUILD)/tests/helpers/bacm_killed: $(BUILD)/obj/tests/support/kill_points.o $(BACM_OBJ)
	@mkdir -p $(@D)
	$(TEST_LINK) -lcsv $(call wrap,mkdir mkostemp open rename fsync close write)

$(BUILD)/tests/helpers/bacm_unredacted: $(BUILD)/obj/tests/support/no_redaction.o $(BACM_OBJ)
	@mkdir -p $(@D)
	$(TEST_LINK) -lcsv $(call wrap,bacm_redact bacm_redact_text)

$(BUILD)/tests/helpers/%: $(BUILD)/obj/tests/support/%.o $(BULK_OBJ) $(LIB_OBJ)
	@mkdir -p $(@D)
	$(TEST_LINK)

$(BUILD)/tests/%: $(BUILD)/obj/tests/%.o $(TEST_SUPPORT_OBJ) $(LIB_OBJ)
	@mkdir -p $(@D)
	$(TEST_LINK)

test-programs: $(TEST_PROGRAMS) $(TEST_HELPERS)

.PHONY: test-programs
.SECONDARY: $(TEST_SOURCES:%.c=$(BUILD)/obj/%.o) $(TEST_SUPPORT_OBJ)

# SOAP clients that others wrote, against the simulator.
interop:
	@scripts/install-deps build peers
	@$(MAKE) --no-print-directory -j$(JOBS) $(BUILD)/bin/bacm-sim
	@tests/bench/install-node-peer $(BUILD)/node
	@scripts/run-tests --build $(BUILD) interop

# The simulator's page, and that of bacm report, in headless Chromium.
test-page:
	@scripts/install-deps build browser
	@$(MAKE) --no-print-directory -j$(JOBS) $(BUILD)/bin/bacm $(BUILD)/bin/bacm-sim
	@scripts/run-tests --build $(BUILD) page

.PHONY: interop test-page
