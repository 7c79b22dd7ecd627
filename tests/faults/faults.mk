# What goes wrong below the library: sockets, memory and the machine's clock.

FAULT_HELPERS := $(addprefix $(BUILD)/tests/helpers/,io_faults.so clock_shift.so) \
                 $(BUILD)/tests/helpers/io_driver

# Its functions take the place of the C library's in any program; no sanitizer looks at them.
$(addprefix $(BUILD)/obj/tests/faults/,io_faults.o clock_shift.o): COMMON += -fvisibility=default -fno-sanitize=all

$(BUILD)/tests/helpers/%.so: $(BUILD)/obj/tests/faults/%.o
	@mkdir -p $(@D)
	$(call QUIET,LD)$(CC) -shared $(LDFLAGS) -o $@ $< -ldl

$(BUILD)/tests/helpers/io_driver: $(BUILD)/obj/tests/faults/io_driver.o $(BUILD)/lib/libbacm.a
	@mkdir -p $(@D)
	$(call QUIET,LD)$(CC) $(SANFLAGS) $(LDFLAGS) -o $@ $^ $(LIB_LIBS)

test-programs: $(FAULT_HELPERS)
ALL_TEST_GROUPS += faults
ASAN_TEST_GROUPS += faults
TSAN_TEST_GROUPS += faults
