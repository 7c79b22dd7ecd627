# bacm: build, test, generate.
#
## make demo        install what is missing, build, show an invitation run
## make test        install what is missing, build, run the tests of every part
## make test-full   the same and all that takes long (tests/full-only), as CI does
## make             build the libraries and programs into build/
## make test-asan   the tests under AddressSanitizer and UBSan
## make test-tsan   the tests under ThreadSanitizer
## make test-valgrind  the tests under valgrind
## make coverage    lines and branches that the tests reach
## make fuzz        search for input that breaks a promise (SECONDS=60 a target)
## make test-kill   kill -9 at 200 points of bulk runs of 2,000 rows: some minutes
## make interop     SOAP clients that others wrote, against the simulator
## make test-page   the simulator's page and that of bacm report in headless Chromium
## make bench       measure speed and memory (QUICK=1: in two minutes)
## make model       the protocol of bulk runs as a model, checked with spin
## make soak        bulk runs that are killed, journals that are copied, clocks that are set, SECONDS=600
## make lint        clang-format, clang-tidy, cppcheck on hand-written code
## make regen       generate gen/ anew (WSDL=file or URL: from another contract,
##                  of the version API=v11 or v13)
## make check-gen   fail when gen/ is not what the contract gives
## make docs        man pages and completions, below build/share
## make install     PREFIX, DESTDIR, LIBDIR; make uninstall takes it back
## make dist        the tarball; make deb: Debian packages; make check-release: try both
## make check-distros  the last commit on bare Debian 12, 13 and testing (QUICK=1: less)
## make clean       remove build/
#
# Everything that is built goes below $(BUILD). A new source file is found by
# its folder: src/lib is libbacm, src/cli is bacm, src/sim is bacm-sim, each
# tests/unit/*.c, tests/wire/*.c and so on is one test program.

BUILD   ?= build
PREFIX  ?= /usr/local
CC      ?= cc
CFLAGS  ?= -O2 -g
JOBS    ?= $(shell nproc 2>/dev/null || echo 2)
VERSION := $(shell sed -n 's/^.define BACM_VERSION "\(.*\)"/\1/p' include/bacm/version.h)
SOMAJOR := 0

# SANITIZE=address,undefined builds the hand-written code instrumented; give it
# its own BUILD folder (make test-asan does).
SANITIZE ?=
ifneq ($(SANITIZE),)
SANFLAGS := -fsanitize=$(SANITIZE) -fno-omit-frame-pointer -fno-sanitize-recover=undefined
endif

# A newer compiler or library warns of more: WERROR=1 is for those who change the code.
WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wvla \
        $(if $(WERROR),-Werror,-Werror=implicit-function-declaration)
# FORTIFY wants an optimising compiler, and sanitizers do its work themselves.
HARDEN := -fstack-protector-strong $(if $(SANITIZE),,$(if $(filter -O1 -O2 -O3 -Os,$(CFLAGS)), \
          -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2))
# The same bytes wherever the folder is.
ANYWHERE := -ffile-prefix-map='$(CURDIR)=.' -ffile-prefix-map='$(abspath $(BUILD))=./build'
STD  := -std=c11 -D_GNU_SOURCE
INC  := -Iinclude -Isrc -I$(BUILD)/include

# The versions of the contract that are built in.
APIS := v11 v13

# The engine's layout depends on its WITH_* macros: they come from pkg-config
# and from nowhere else. -isystem keeps our warnings out of generated headers.
GSOAP_CFLAGS := $(shell pkg-config --cflags gsoapssl 2>/dev/null)
GSOAP_LIBDIR := $(shell pkg-config --variable=libdir gsoapssl 2>/dev/null)
GSOAP_ARCHIVE := $(GSOAP_LIBDIR)/libgsoapssl.a
# Whoever compiles without them is told so before the first header is missing.
PACKAGES := $(shell pkg-config --exists gsoapssl libssl zlib expat jansson sqlite3 2>/dev/null || echo packages)

# gen/ was made by one version of gSOAP, and its headers refuse the library of any other. Where
# another one is installed, the same script makes the bindings again, below $(BUILD).
GSOAP_VERSION := $(shell pkg-config --modversion gsoapssl 2>/dev/null)
made_by = $(shell sed -n 's/^soapcpp2 *\([^ ]*\).*/\1/p' $(1)/PROVENANCE 2>/dev/null)
GEN := $(if $(filter-out $(call made_by,gen/v11),$(GSOAP_VERSION)),$(BUILD)/gen,gen)
GEN_INC := $(APIS:%=-isystem $(GEN)/%) -isystem $(GEN)

LIB_LIBS := -lssl -lcrypto -lz -lexpat -ljansson -lpthread
# Names are changed in finished objects, which those of a link-time optimiser are not.
COMMON   := $(STD) $(INC) $(GEN_INC) $(GSOAP_CFLAGS) $(CPPFLAGS) $(CFLAGS) -fno-lto $(SANFLAGS) $(HARDEN) $(ANYWHERE) \
            -fPIC -fvisibility=hidden -ffunction-sections -fdata-sections -MD -MP

objects = $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard $(1)))

# The library, with the bindings of each version; the engine comes behind it.
GEN_OBJ  := $(call objects,$(foreach api,$(APIS),$(foreach part,C Operations Soap Rest,gen/$(api)/$(api)$(part).c)))
LIB_OBJ  := $(call objects,src/lib/*/*.c) $(GEN_OBJ)
ENGINE   := $(BUILD)/obj/engine.a
NAMES    := $(BUILD)/names
BULK_OBJ := $(call objects,src/bulk/*.c)
CLI_OBJ := $(call objects,src/cli/*.c src/cli/*/*.c)
# The simulator too is said once, and its SOAP operations (src/sim/soap/service) once a version.
SIM_CORE_OBJ := $(call objects,src/serve/*.c src/sim/*.c src/sim/*/*.c)
SIM_API_OBJ := $(APIS:%=$(BUILD)/obj/sim/%.o)
SIM_OBJ := $(SIM_CORE_OBJ) $(SIM_API_OBJ) \
           $(BUILD)/obj/src/lib/contract/gsoap_table.o $(BUILD)/obj/src/lib/base/alloc.o

BINARIES  := $(if $(CLI_OBJ),$(BUILD)/bin/bacm) $(if $(SIM_OBJ),$(BUILD)/bin/bacm-sim)
LIBRARIES := $(BUILD)/lib/libbacm.a $(BUILD)/lib/libbacm.so \
             $(BUILD)/lib/libbacm-bulk.a $(BUILD)/lib/libbacm-bulk.so \
             $(BUILD)/lib/libbacm-stubs.a $(BUILD)/lib/libbacm-stubs.so

all: $(LIBRARIES) $(BINARIES)

help:
	@sed -n 's/^## //p' $(firstword $(MAKEFILE_LIST))

# One line a file; make V=1 shows the commands.
ifeq ($(V),)
QUIET = @printf '  %-6s %s\n' $(1) '$(patsubst $(BUILD)/%,%,$@)';
endif

# --- objects ---------------------------------------------------------------

packages:
	@scripts/install-deps --name build

ifneq ($(GEN),gen)
define made_again
$(patsubst gen/%,$(GEN)/%,$(wildcard gen/$(1)/*)) &: $(wildcard wsdl/$(1)/*) scripts/generate \
    $(if $(filter $(GSOAP_VERSION),$(call made_by,$(GEN)/$(1))),,force) | $(PACKAGES)
	@mkdir -p $(GEN)
	$$(call QUIET,GEN)scripts/generate $(1) --force --out $(GEN)/$(1) >/dev/null
	@touch $(GEN)/$(1)/*
endef
$(foreach api,$(APIS),$(eval $(call made_again,$(api))))
PACKAGES += $(APIS:%=$(GEN)/%/PROVENANCE)
endif

$(BUILD)/obj/gen/%.o: $(GEN)/%.c | $(NAMES)/engine
	@mkdir -p $(@D)
	$(call QUIET,CC)$(CC) $(RENAME) $(COMMON) -w -c $< -o $@

$(BUILD)/obj/%.o: %.c | $(NAMES)/engine
	@mkdir -p $(@D)
	$(call QUIET,CC)$(CC) $(RENAME) $(COMMON) $(WARN) -c $< -o $@

# --- names -----------------------------------------------------------------------
# gSOAP gives every service the same global names, and so does each version of the
# contract. Ours are others: the engine's begin with bacm_engine_, those of a version
# with bacm_VERSION_. Headers made here say so to the compiler (-include), and one
# objcopy to the engine's archive. So neither library can collide with another gSOAP
# service, versions live side by side, and a program pays for those that it names.
#
# By the same way the library, the bindings and the engine have their memory from
# the allocator of bacm/alloc.h.

REDIRECTED := malloc calloc realloc free strdup strndup

$(NAMES)/engine: $(foreach api,$(APIS),$(GEN)/$(api)/$(api)H.h) scripts/names | $(PACKAGES)
	$(call QUIET,NAMES)scripts/names $(GSOAP_ARCHIVE) $(NAMES) $(filter %.h,$^)

$(ENGINE): $(NAMES)/engine
	@mkdir -p $(@D)
	$(call QUIET,NAMES)objcopy $(foreach f,$(REDIRECTED),--redefine-sym $(f)=bacm_$(f)) \
	    --redefine-syms=$< $(GSOAP_ARCHIVE) $@

# What a compiler reads first.
RENAME = -include $(NAMES)/engine.h
define version_names
$(filter $(BUILD)/obj/gen/$(1)/% %/$(1).o %/$(1)_soap.o %/$(1)_rest.o %_$(1).o,$(LIB_OBJ)) \
    $(BUILD)/obj/tests/wire/test_typed_$(1).o: RENAME += -include $(NAMES)/$(1).h
$(BUILD)/obj/sim/$(1)/%.o: RENAME += -include $(NAMES)/$(1).h
endef
$(foreach api,$(APIS),$(eval $(call version_names,$(api))))
# The bare stubs have names of their own.
$(BUILD)/obj/src/stubs/%.o $(BUILD)/obj/tests/bench/stub.o: RENAME =
$(filter-out %/base/alloc.o,$(LIB_OBJ)) $(BULK_OBJ): RENAME += -include src/lib/base/redirect.h

# --- libbacm ---------------------------------------------------------------------

$(BUILD)/lib/libbacm.a: $(LIB_OBJ) $(ENGINE)
	@mkdir -p $(@D)
	@cp $(ENGINE) $@
	$(call QUIET,AR)$(AR) rcsD $@ $(LIB_OBJ)

# nodelete: a lookup of a name may outlive the call, and so must its code.
$(BUILD)/lib/libbacm.so.$(VERSION): $(LIB_OBJ) $(ENGINE) src/lib/libbacm.map
	@mkdir -p $(@D)
	$(call QUIET,LD)$(CC) -shared $(SANFLAGS) $(LDFLAGS) -o $@ $(LIB_OBJ) $(ENGINE) -Wl,-soname,libbacm.so.$(SOMAJOR) \
	    -Wl,--version-script=src/lib/libbacm.map -Wl,--exclude-libs,ALL -Wl,--gc-sections \
	    -Wl,-z,relro,-z,now,-z,nodelete $(if $(SANITIZE),,-Wl,-z,defs) $(LIB_LIBS)

$(BUILD)/lib/libbacm.so: $(BUILD)/lib/libbacm.so.$(VERSION)
	@ln -sf libbacm.so.$(VERSION) $(@D)/libbacm.so.$(SOMAJOR)
	@ln -sf libbacm.so.$(SOMAJOR) $@

# --- libbacm-bulk ------------------------------------------------------------
# A second library, over the public interface of the first, so that only those
# who want the journal need SQLite.

$(BUILD)/obj/libbacm-bulk.o: $(BULK_OBJ)
	$(call QUIET,LD)$(LD) -r -o $@.tmp $^
	@objcopy --localize-hidden $@.tmp $@
	@rm -f $@.tmp

$(BUILD)/lib/libbacm-bulk.a: $(BUILD)/obj/libbacm-bulk.o
	@mkdir -p $(@D)
	@rm -f $@
	$(call QUIET,AR)$(AR) rcsD $@ $<

$(BUILD)/lib/libbacm-bulk.so.$(VERSION): $(BUILD)/obj/libbacm-bulk.o $(BUILD)/lib/libbacm.so src/lib/libbacm.map
	$(call QUIET,LD)$(CC) -shared $(SANFLAGS) $(LDFLAGS) -o $@ $< -Wl,-soname,libbacm-bulk.so.$(SOMAJOR) \
	    -Wl,--version-script=src/lib/libbacm.map -Wl,-z,relro,-z,now \
	    $(if $(SANITIZE),,-Wl,-z,defs) -L$(BUILD)/lib -lbacm -lsqlite3 -ljansson -lpthread

$(BUILD)/lib/libbacm-bulk.so: $(BUILD)/lib/libbacm-bulk.so.$(VERSION)
	@ln -sf libbacm-bulk.so.$(VERSION) $(@D)/libbacm-bulk.so.$(SOMAJOR)
	@ln -sf libbacm-bulk.so.$(SOMAJOR) $@

# --- libbacm-stubs -----------------------------------------------------------
# The bare stubs with an engine of their own, every symbol renamed: see
# bacm/stubs_v11.h, which the names and the layout are made for here. The rename
# is done on the finished object, so that the engine's calls of generated
# functions follow it; neither soapcpp2's -n, -p nor -q reaches those. The engine
# was compiled for static linking: its references must stay inside (-Bsymbolic).

STUBS_OBJ := $(BUILD)/obj/stubs/gen/v11/v11C.o $(BUILD)/obj/stubs/gen/v11/v11Client.o \
             $(BUILD)/obj/stubs/src/stubs/namespaces.o
STUBS_HEADERS := $(BUILD)/include/bacm/stubs_v11_names.h $(BUILD)/include/bacm/stubs_v11_layout.h

define compile_stub
	@mkdir -p $(@D)
	$(call QUIET,CC)$(CC) $(COMMON) -fvisibility=default -w -c $< -o $@
endef

$(BUILD)/obj/stubs/%.o: %.c | $(PACKAGES)
	$(compile_stub)

$(BUILD)/obj/stubs/gen/%.o: $(GEN)/%.c | $(PACKAGES)
	$(compile_stub)

$(BUILD)/obj/stubs.names: $(STUBS_OBJ) scripts/stubs-headers
	$(call QUIET,NAMES)$(LD) -r -o $(BUILD)/obj/stubs.o $(STUBS_OBJ) --whole-archive $(GSOAP_ARCHIVE)
	@scripts/stubs-headers $(BUILD)/obj/stubs.o $(BUILD)/include/bacm $(CC) $(GSOAP_CFLAGS) >$@.tmp
	@mv $@.tmp $@

$(BUILD)/obj/src/stubs/check.o: $(BUILD)/obj/stubs.names

$(BUILD)/obj/libbacm-stubs.o: $(BUILD)/obj/stubs.names $(BUILD)/obj/src/stubs/check.o
	$(call QUIET,LD)$(LD) -r -o $@.tmp $(BUILD)/obj/stubs.o $(BUILD)/obj/src/stubs/check.o
	@objcopy --redefine-syms=$< $@.tmp $@
	@rm -f $@.tmp

$(BUILD)/lib/libbacm-stubs.a: $(BUILD)/obj/libbacm-stubs.o
	@mkdir -p $(@D)
	@rm -f $@
	$(call QUIET,AR)$(AR) rcsD $@ $<

$(BUILD)/lib/libbacm-stubs.so.$(VERSION): $(BUILD)/obj/libbacm-stubs.o src/lib/libbacm.map
	@mkdir -p $(@D)
	$(call QUIET,LD)$(CC) -shared $(SANFLAGS) $(LDFLAGS) -o $@ $< -Wl,-soname,libbacm-stubs.so.$(SOMAJOR) \
	    -Wl,-Bsymbolic,--version-script=src/lib/libbacm.map -Wl,-z,relro,-z,now \
	    $(if $(SANITIZE),,-Wl,-z,defs) -lssl -lcrypto -lz -lpthread

$(BUILD)/lib/libbacm-stubs.so: $(BUILD)/lib/libbacm-stubs.so.$(VERSION)
	@ln -sf libbacm-stubs.so.$(VERSION) $(@D)/libbacm-stubs.so.$(SOMAJOR)
	@ln -sf libbacm-stubs.so.$(SOMAJOR) $@

# --- programs --------------------------------------------------------------

$(BUILD)/bin/bacm: $(CLI_OBJ) $(BUILD)/lib/libbacm-bulk.a $(BUILD)/lib/libbacm.a
	@mkdir -p $(@D)
	$(call QUIET,LD)$(CC) $(SANFLAGS) $(LDFLAGS) -pie -o $@ $^ -Wl,--gc-sections -Wl,-z,relro,-z,now -lcsv -lsqlite3 $(LIB_LIBS)

$(BUILD)/obj/src/sim/control/page.o: $(wildcard src/sim/control/page/*)
$(BUILD)/obj/src/sim/rest/table.o: src/sim/rest/operations.json
$(SIM_CORE_OBJ): COMMON += -DBACM_SIM_VERSION='"$(VERSION)"'

# The front of a version is the sources of src/sim/soap/service, compiled with its
# version.h, and those of its own folder, joined with its bindings; of all that
# only sim_api_VERSION can be seen. It serialises, and dispatches by SOAPAction.
define sim_api_object
$(BUILD)/obj/sim/$(1)/%.o: src/sim/soap/service/%.c | $(NAMES)/engine
	@mkdir -p $$(@D)
	$$(call QUIET,CC)$(CC) $$(RENAME) $$(COMMON) $(WARN) -Isrc/sim/soap/service/$(1) -c $$< -o $$@

$(BUILD)/obj/sim/$(1)/api.o: wsdl/$(1)/CustomerManagementService.wsdl

$(BUILD)/obj/sim/$(1).o: $(patsubst src/sim/soap/service/%.c,$(BUILD)/obj/sim/$(1)/%.o,\
                           $(wildcard src/sim/soap/service/*.c src/sim/soap/service/$(1)/*.c)) \
                         $(BUILD)/obj/gen/$(1)/$(1)C.o $(BUILD)/obj/src/lib/contract/gsoap_table_$(1).o
	$$(call QUIET,LD)$(LD) -r -o $$@.tmp $$^
	@objcopy --keep-global-symbol=sim_api_$(1) $$@.tmp $$@
	@rm -f $$@.tmp
endef
$(foreach api,$(APIS),$(eval $(call sim_api_object,$(api))))

$(BUILD)/bin/bacm-sim: $(SIM_OBJ) $(ENGINE)
	@mkdir -p $(@D)
	$(call QUIET,LD)$(CC) $(SANFLAGS) $(LDFLAGS) -pie -o $@ $^ -Wl,--gc-sections -Wl,-z,relro,-z,now \
	    -lsqlite3 $(LIB_LIBS)

# --- demo and tests -----------------------------------------------------------
# What pkg-config knows is read when make starts: the packages are installed
# first, the work is done by a make of its own.

demo:
	@scripts/install-deps build
	@$(MAKE) --no-print-directory -j$(JOBS) all
	@scripts/demo $(BUILD)

test test-full test-quick:
	@scripts/install-deps build test
	@$(MAKE) --no-print-directory -j$(JOBS) all test-programs
	@scripts/run-tests --build $(BUILD) $(if $(filter %-full,$@),--full) \
	    $(if $(filter %-quick,$@),$(QUICK_TEST_GROUPS),$(ALL_TEST_GROUPS))

test-asan:
	@scripts/install-deps build test
	@$(MAKE) --no-print-directory -j$(JOBS) BUILD=$(BUILD)/asan SANITIZE=address,undefined \
	    CFLAGS='-O1 -g' all test-programs
	@JOB_ROUNDS=12 scripts/run-tests --build $(BUILD)/asan --full $(ASAN_TEST_GROUPS)

test-tsan:
	@scripts/install-deps build test
	@$(MAKE) --no-print-directory -j$(JOBS) BUILD=$(BUILD)/tsan SANITIZE=thread \
	    CFLAGS='-O1 -g' all test-programs
	@JOB_ROUNDS=12 scripts/run-tests --build $(BUILD)/tsan --full --under 'env TSAN_OPTIONS=log_path=REPORTS/tsan' \
	    --patience 3 $(TSAN_TEST_GROUPS)

test-kill:
	@scripts/install-deps build test
	@$(MAKE) --no-print-directory -j$(JOBS) all test-programs
	@KILL_POINTS=200 KILL_ROWS=2000 scripts/run-tests --build $(BUILD) --only kill bulk

include tests/tests.mk
include scripts/install.mk
include tests/bench/bench.mk
include tests/fuzz/fuzz.mk
include tests/faults/faults.mk
include tests/model/model.mk
include tests/bulk/soak.mk
include tests/coverage.mk
include tests/valgrind.mk

lint:
	@scripts/install-deps build lint
	@$(MAKE) --no-print-directory $(BUILD)/obj/stubs.names
	@scripts/lint $(BUILD) $(WARN)

# --- generation ------------------------------------------------------------

regen:
	@scripts/install-deps build
	@scripts/regen $(if $(API),--version '$(API)') $(if $(WSDL),--wsdl '$(WSDL)')

check-gen:
	scripts/check-gen

clean:
	rm -rf $(BUILD)

.PHONY: all packages help demo test test-full test-quick test-asan test-tsan test-kill lint regen check-gen clean
-include $(shell find $(BUILD) -name '*.d' -type f 2>/dev/null)
