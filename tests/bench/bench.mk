# make bench measures speed and memory; make bench QUICK=1 ends in some two
# minutes. Nothing here is a test: no figure can fail. What is measured is told
# by tests/bench/bench.py --help.

BENCH := $(BUILD)/bench
BENCH_SHARED := $(addprefix $(BUILD)/obj/tests/bench/,meter.o http.o support.o)
BENCH_PROGRAMS := $(addprefix $(BENCH)/,bench-server bench-measure bench-stub bench-wrapper \
                  bench-socket bench-curl)
BENCH_LINK = $(call QUIET,LD)mkdir -p $(@D) && $(CC) $(LDFLAGS) -o $@ $(filter %.o %.a,$^) -Wl,--gc-sections

$(BENCH)/bench-server: $(addprefix $(BUILD)/obj/tests/bench/,server.o replies.o http.o support.o)
	$(BENCH_LINK) -lssl -lcrypto

$(BENCH)/bench-measure: $(BUILD)/obj/tests/bench/measure.o
	$(BENCH_LINK)

$(BENCH)/bench-stub: $(BUILD)/obj/tests/bench/stub.o $(BENCH_SHARED) $(BUILD)/obj/stubs/gen/v11/v11Client.o \
                     $(BUILD)/obj/stubs/gen/v11/v11C.o $(GSOAP_ARCHIVE)
	$(BENCH_LINK) $(LIB_LIBS)

$(BENCH)/bench-wrapper: $(BUILD)/obj/tests/bench/wrapper.o $(BENCH_SHARED) $(BUILD)/lib/libbacm.a
	$(BENCH_LINK) $(LIB_LIBS)

$(BENCH)/bench-socket: $(BUILD)/obj/tests/bench/socket.o $(BENCH_SHARED)
	$(BENCH_LINK) -lssl -lcrypto

$(BENCH)/bench-curl: $(BUILD)/obj/tests/bench/curl.o $(BENCH_SHARED)
	$(BENCH_LINK) -lcurl

# One program for v11, for v13 and for both, linked as pkg-config --static says.
BENCH_VERSIONS := $(addprefix $(BENCH)/versions-,v11 v13 both)
$(BENCH)/versions-v11: DEFINES := -DWITH_V11
$(BENCH)/versions-v13: DEFINES := -DWITH_V13
$(BENCH)/versions-both: DEFINES := -DWITH_V11 -DWITH_V13
$(BENCH_VERSIONS): tests/embed/versions.c $(BUILD)/lib/libbacm.a
	@mkdir -p $(@D)
	$(call QUIET,LD)$(CC) -std=c11 -Iinclude $(CFLAGS) $(DEFINES) $(LDFLAGS) -o $@ $^ $(LIB_LIBS)

bench-programs: $(BENCH_PROGRAMS) $(BENCH_VERSIONS)

# A peer that cannot be installed is named in the table; the others are measured.
bench:
	@scripts/install-deps build bench
	@scripts/install-deps peers || echo 'bench: some peers are missing; they are left blank'
	@$(MAKE) --no-print-directory -j$(JOBS) all bench-programs
	@tests/bench/install-node-peer $(BENCH)/node || echo 'bench: the node peer is missing'
	@python3 tests/bench/bench.py --build $(BUILD) $(if $(QUICK),--quick) $(if $(ONLY),--only '$(ONLY)')

.PHONY: bench bench-programs
