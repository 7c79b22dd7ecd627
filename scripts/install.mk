# Packaging: included by the Makefile.
#
#   make install      PREFIX, DESTDIR, BINDIR, LIBDIR, INCLUDEDIR, DATADIR
#   make uninstall    with the same values
#   make dist         $(BUILD)/bacm-VERSION.tar.gz, builds without gSOAP's generators
#   make deb          $(BUILD)/deb/*.deb
#   make check-distros  the last commit on bare Debian 12, 13 and testing (QUICK=1, SUITES)
#   make check-release  reproducible, packages in a clean root, clang

BINDIR     ?= $(PREFIX)/bin
LIBDIR     ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
DATADIR    ?= $(PREFIX)/share

# Completions and man pages are made from what the program tells of itself. Who
# builds for another machine names a program of this one.
BACM_TO_ASK     ?= $(BUILD)/bin/bacm
BACM_SIM_TO_ASK ?= $(BUILD)/bin/bacm-sim

# --- completions and man pages -------------------------------------------------

COMPLETIONS := $(BUILD)/share/bash/bacm $(BUILD)/share/zsh/_bacm $(BUILD)/share/fish/bacm.fish
MAN_PAGES   := $(patsubst src/man/%,$(BUILD)/share/man/%,$(wildcard src/man/*.[1-8]))

$(BUILD)/share/spec.json: $(BACM_TO_ASK)
	@mkdir -p $(@D)
	$(call QUIET,SPEC)$(BACM_TO_ASK) __spec >$@.tmp
	@mv $@.tmp $@

$(COMPLETIONS) &: $(BUILD)/share/spec.json scripts/completions
	$(call QUIET,SHELLS)scripts/completions $(BUILD)/share <$<

$(BUILD)/share/man/%: src/man/% scripts/manual $(BUILD)/share/spec.json $(BACM_SIM_TO_ASK) \
    $(wildcard include/bacm/*.h)
	@mkdir -p $(@D)
	$(call QUIET,MAN)scripts/manual --spec $(BUILD)/share/spec.json --sim $(BACM_SIM_TO_ASK) $< >$@.tmp
	@mv $@.tmp $@

docs: $(COMPLETIONS) $(MAN_PAGES)

# --- files that tell other build systems of the libraries ------------------------

# What a build system wants to know depends on PREFIX and so on, which may be
# others than at the last make install.
below = $(shell realpath -ms --relative-to='$(2)' '$(1)')
empty :=
space := $(empty) $(empty)
CMAKE_FLAGS := $(subst $(space),;,$(strip $(GSOAP_CFLAGS)))
DESCRIPTIONS := $(patsubst scripts/pkg/%.in,$(BUILD)/share/pkg/%,$(wildcard scripts/pkg/*.in))

$(BUILD)/share/pkg/%: scripts/pkg/%.in force
	@mkdir -p $(@D)
	@sed -e 's|@PREFIX@|$(PREFIX)|g' -e 's|@LIBDIR@|$(LIBDIR)|g' \
	    -e 's|@INCLUDEDIR@|$(INCLUDEDIR)|g' -e 's|@VERSION@|$(VERSION)|g' \
	    -e 's|@SOMAJOR@|$(SOMAJOR)|g' -e 's|@GSOAP_CFLAGS@|$(GSOAP_CFLAGS)|g' \
	    -e 's|@GSOAP_CMAKE_FLAGS@|$(CMAKE_FLAGS)|g' \
	    -e 's|@MAJOR@|$(word 1,$(subst ., ,$(VERSION)))|g' \
	    -e 's|@MINOR@|$(word 2,$(subst ., ,$(VERSION)))|g' \
	    -e 's|@POINTER_BYTES@|$(POINTER_BYTES)|g' \
	    -e 's|@CMAKE_TO_PREFIX@|$(call below,$(PREFIX),$(LIBDIR)/cmake/bacm)|g' \
	    -e 's|@LIB_BELOW_PREFIX@|$(call below,$(LIBDIR),$(PREFIX))|g' \
	    -e 's|@INCLUDE_BELOW_PREFIX@|$(call below,$(INCLUDEDIR),$(PREFIX))|g' $< >$@

POINTER_BYTES = $(shell $(CC) -dM -E -x c /dev/null | sed -n 's/^.define __SIZEOF_POINTER__ //p')

# --- install ---------------------------------------------------------------------

# One list for install and uninstall: FOLDER=FILE, and links as FOLDER=NAME>TARGET.
at = $(addprefix $(1)=,$(2))

INSTALLED_PROGRAMS := $(call at,$(BINDIR),$(BINARIES))
INSTALLED_LIBRARIES := $(foreach l,libbacm libbacm-bulk libbacm-stubs, \
    $(call at,$(LIBDIR),$(BUILD)/lib/$(l).so.$(VERSION)))
# The generated headers are for bacm/operations_VERSION.h and bacm/stubs_v11.h.
INSTALLED_DATA := \
    $(call at,$(LIBDIR),$(filter %.a,$(LIBRARIES))) \
    $(call at,$(INCLUDEDIR)/bacm,$(wildcard include/bacm/*.h) $(STUBS_HEADERS)) \
    $(foreach v,$(APIS),$(call at,$(INCLUDEDIR)/bacm,$(addprefix $(GEN)/$(v)/$(v),Operations.h Stub.h H.h))) \
    $(call at,$(LIBDIR)/pkgconfig,$(filter %.pc,$(DESCRIPTIONS))) \
    $(call at,$(LIBDIR)/cmake/bacm,$(filter %.cmake,$(DESCRIPTIONS))) \
    $(foreach n,1 3 5 7,$(call at,$(DATADIR)/man/man$(n),$(filter %.$(n),$(MAN_PAGES)))) \
    $(call at,$(DATADIR)/bash-completion/completions,$(filter %/bash/bacm,$(COMPLETIONS))) \
    $(call at,$(DATADIR)/zsh/site-functions,$(filter %/_bacm,$(COMPLETIONS))) \
    $(call at,$(DATADIR)/fish/vendor_completions.d,$(filter %.fish,$(COMPLETIONS)))
INSTALLED_LINKS := $(foreach l,libbacm libbacm-bulk libbacm-stubs, \
    '$(LIBDIR)=$(l).so.$(SOMAJOR)>$(l).so.$(VERSION)' '$(LIBDIR)=$(l).so>$(l).so.$(SOMAJOR)')

install: all docs $(DESCRIPTIONS)
	@put() { install -D -m "$$1" "$${2#*=}" "$$DESTDIR$${2%%=*}/$${2##*/}"; }; \
	export DESTDIR='$(DESTDIR)'; umask 022; set -e; \
	for entry in $(INSTALLED_PROGRAMS); do put 755 "$$entry"; done; \
	for entry in $(INSTALLED_LIBRARIES) $(INSTALLED_DATA); do put 644 "$$entry"; done; \
	for entry in $(INSTALLED_LINKS); do \
	    link=$${entry#*=}; ln -sf "$${link#*>}" "$$DESTDIR$${entry%%=*}/$${link%%>*}"; \
	done
	@echo "Installed below $(DESTDIR)$(PREFIX)"

# Folders are left in place when they hold something else.
uninstall:
	@export DESTDIR='$(DESTDIR)'; \
	for entry in $(INSTALLED_PROGRAMS) $(INSTALLED_LIBRARIES) $(INSTALLED_DATA); do \
	    rm -f "$$DESTDIR$${entry%%=*}/$${entry##*/}"; \
	done; \
	for entry in $(INSTALLED_LINKS); do \
	    link=$${entry#*=}; rm -f "$$DESTDIR$${entry%%=*}/$${link%%>*}"; \
	done; \
	rmdir "$$DESTDIR$(INCLUDEDIR)/bacm" "$$DESTDIR$(LIBDIR)/cmake/bacm" 2>/dev/null || true
	@echo "Removed from below $(DESTDIR)$(PREFIX)"

# --- release ---------------------------------------------------------------------

# Of the last commit; in an unpacked tarball that is the time of every file.
SOURCE_DATE_EPOCH ?= $(shell git log -1 --format=%ct 2>/dev/null || stat -c %Y Makefile)
export SOURCE_DATE_EPOCH
DIST := bacm-$(VERSION)

dist: $(BUILD)/$(DIST).tar.gz

# What git knows of, as it stands in the tree; in an unpacked tarball, all of it.
$(BUILD)/$(DIST).tar.gz: force
	@mkdir -p $(@D)
	$(call QUIET,TAR)if git ls-files --error-unmatch Makefile >/dev/null 2>&1; then git ls-files; \
	    else find . -path ./build -prune -o ! -type d -print; fi | \
	    LC_ALL=C sort | tar --create --format=ustar --no-recursion --verbatim-files-from \
	    --files-from=- --owner=0 --group=0 --numeric-owner --mode='u=rwX,go=rX' \
	    --mtime='@$(SOURCE_DATE_EPOCH)' --transform='flags=r;s,^\(\./\)\?,$(DIST)/,' | gzip -9n >$@.tmp
	@mv $@.tmp $@

deb: all docs
	@scripts/install-deps deb
	@scripts/deb/build $(BUILD) $(VERSION) $(SOMAJOR)

# What takes too long for each change: the same bytes from two folders, packages
# in a clean root, another compiler.
check-release:
	@scripts/install-deps build test deb fuzz
	@scripts/check-reproducible
	@$(MAKE) --no-print-directory deb
	@scripts/check-deb $(BUILD)
	@$(MAKE) --no-print-directory -j$(JOBS) CC=clang BUILD=$(BUILD)/clang all test-programs

# Bare roots of Debian's releases, each with all that README promises.
check-distros:
	@scripts/install-deps distros
	@QUICK=$(QUICK) scripts/distros/check $(SUITES)

force:
.PHONY: docs install uninstall dist deb check-release check-distros force
