# bacm: build, test, generate. `make help` lists the targets.
#
# Everything that is built goes below $(BUILD). A new source file is found by
# its folder: src/lib is libbacm, src/cli is bacm, src/sim is bacm-sim, each
# tests/unit/*.c and tests/integration/*.c is one test program.

BUILD   ?= build
PREFIX  ?= /usr/local
CC      ?= cc
CFLAGS  ?= -O2 -g
VERSION := $(shell sed -n 's/^.define BACM_VERSION "\(.*\)"/\1/p' include/bacm/version.h)
SOMAJOR := 0

# SANITIZE=address,undefined builds the hand-written code instrumented; give it
# its own BUILD folder (make test-asan does).
SANITIZE ?=
ifneq ($(SANITIZE),)
SANFLAGS := -fsanitize=$(SANITIZE) -fno-omit-frame-pointer -fno-sanitize-recover=undefined
endif

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wvla -Werror
HARDEN := -fstack-protector-strong
STD  := -std=c11 -D_GNU_SOURCE
INC  := -Iinclude -Isrc -I$(BUILD)/include

# The engine's layout depends on its WITH_* macros: they come from pkg-config
# and from nowhere else. -isystem keeps our warnings out of generated headers.
GSOAP_CFLAGS := $(shell pkg-config --cflags gsoapssl 2>/dev/null)
GSOAP_LIBDIR := $(shell pkg-config --variable=libdir gsoapssl 2>/dev/null)
GSOAP_ARCHIVE := $(GSOAP_LIBDIR)/libgsoapssl.a
GEN_INC := -isystem gen/v11

LIB_LIBS := -lssl -lcrypto -lz -ljansson -lpthread
COMMON   := $(STD) $(INC) $(GEN_INC) $(GSOAP_CFLAGS) $(CFLAGS) $(SANFLAGS) $(HARDEN) \
            -fPIC -fvisibility=hidden -ffunction-sections -fdata-sections -MMD -MP

objects = $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard $(1)))

LIB_OBJ := $(call objects,src/lib/*.c)
CLI_OBJ := $(call objects,src/cli/*.c)
SIM_OBJ := $(call objects,src/sim/*.c)
# The client side needs the serialisers and the operation table; the simulator
# the serialisers, and dispatches by SOAPAction itself. The generated call stubs
# (v11Client.c) are for those who want them bare.
GEN_LIB_OBJ := $(BUILD)/obj/gen/v11/v11C.o $(BUILD)/obj/gen/v11/v11Operations.o
GEN_SIM_OBJ := $(BUILD)/obj/gen/v11/v11C.o

BINARIES  := $(if $(CLI_OBJ),$(BUILD)/bin/bacm) $(if $(SIM_OBJ),$(BUILD)/bin/bacm-sim)
LIBRARIES := $(BUILD)/lib/libbacm.a $(BUILD)/lib/libbacm.so

all: $(LIBRARIES) $(BINARIES)

# --- objects ---------------------------------------------------------------

$(BUILD)/obj/gen/%.o: gen/%.c
	@mkdir -p $(@D)
	$(CC) $(COMMON) -w -c $< -o $@

$(BUILD)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(COMMON) $(WARN) -c $< -o $@

# --- libbacm ---------------------------------------------------------------
# gSOAP gives every service the same global names (soap_putheader, namespaces,
# ...). So the library, the generated code and the engine are linked into one
# object first, and all its symbols but bacm_* are made local: neither the
# static nor the shared library can then collide with another gSOAP service.

$(BUILD)/obj/libbacm.o: $(LIB_OBJ) $(GEN_LIB_OBJ)
	$(LD) -r -o $@.tmp $^ $(GSOAP_ARCHIVE)
	objcopy --wildcard --keep-global-symbol='bacm_*' $@.tmp $@
	@rm -f $@.tmp

$(BUILD)/lib/libbacm.a: $(BUILD)/obj/libbacm.o
	@mkdir -p $(@D)
	@rm -f $@
	$(AR) rcsD $@ $<

$(BUILD)/lib/libbacm.so.$(VERSION): $(BUILD)/obj/libbacm.o src/lib/libbacm.map
	@mkdir -p $(@D)
	$(CC) -shared $(SANFLAGS) $(LDFLAGS) -o $@ $< -Wl,-soname,libbacm.so.$(SOMAJOR) \
	    -Wl,--version-script=src/lib/libbacm.map -Wl,--gc-sections -Wl,-z,relro,-z,now \
	    $(if $(SANITIZE),,-Wl,-z,defs) $(LIB_LIBS)

$(BUILD)/lib/libbacm.so: $(BUILD)/lib/libbacm.so.$(VERSION)
	ln -sf libbacm.so.$(VERSION) $(@D)/libbacm.so.$(SOMAJOR)
	ln -sf libbacm.so.$(SOMAJOR) $@

# --- programs --------------------------------------------------------------

$(BUILD)/bin/bacm: $(CLI_OBJ) $(BUILD)/lib/libbacm.a
	@mkdir -p $(@D)
	$(CC) $(SANFLAGS) $(LDFLAGS) -pie -o $@ $^ -Wl,--gc-sections -Wl,-z,relro,-z,now -lcsv -lsqlite3 $(LIB_LIBS)

$(SIM_OBJ): COMMON += -DBACM_SIM_VERSION='"$(VERSION)"'
$(BUILD)/bin/bacm-sim: $(SIM_OBJ) $(GEN_SIM_OBJ)
	@mkdir -p $(@D)
	$(CC) $(SANFLAGS) $(LDFLAGS) -pie -o $@ $^ -Wl,--gc-sections -Wl,-z,relro,-z,now \
	    $(GSOAP_ARCHIVE) -lsqlite3 $(LIB_LIBS)

# --- generation ------------------------------------------------------------

regen:
	scripts/generate v11

check-gen:
	scripts/check-gen

clean:
	rm -rf $(BUILD)

.PHONY: all regen check-gen clean
-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
