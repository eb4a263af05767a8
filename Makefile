# psyche-monitor: `make` builds, `make help` lists the targets. One file, no configure step:
# sources are found by wildcard, everything built goes to build/<kind>/.

BUILD  ?= release
PREFIX ?= /usr/local
LIBDIR ?= $(PREFIX)/lib
PYTHON ?= python3

# Where the tree lies stands nowhere in a release: the same sources give the same bytes.
KIND_release  := -O2 -g -DNDEBUG -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 \
                 '-ffile-prefix-map=$(CURDIR)=.'
KIND_oldcurl  := $(KIND_release) -DPM_OLD_CURL -Wno-deprecated-declarations
KIND_debug    := -O0 -g3
KIND_asan     := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
KIND_tsan     := -O1 -g -fno-omit-frame-pointer -fsanitize=thread
# Without asserts, which are never false, and with what yyjson's header defines in functions of their
# own; an end by _exit keeps its counts.
KIND_cover    := -O0 -g -DNDEBUG -Dyyjson_inline=__inline__ -D_exit=exit --coverage \
                 -fprofile-update=atomic
KIND_fuzz     := -O1 -g -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined \
                 -fno-sanitize-recover=all -w
ifndef KIND_$(BUILD)
$(error BUILD=$(BUILD): one of release debug asan tsan cover oldcurl fuzz)
endif

# --- what is built from what ----------------------------------------------------------------

O         := build/$(BUILD)
LIB_PKGS  := libcurl yaml-0.1 yyjson libcmark libsodium libzstd sqlite3
SIM_PKGS  := libmicrohttpd yyjson yaml-0.1 libsodium libzstd
objects    = $(patsubst %.c,$(O)/%.o,$(1))
LIB_OBJ   := $(call objects,$(sort $(wildcard plugin/*/*.c skill/*.c))) $(O)/gen/references.o \
             $(O)/gen/stamp.o
CLI_OBJ   := $(call objects,$(sort $(wildcard cli/*.c)))
SIM_OBJ   := $(call objects,$(filter-out tests/sim/dead_resolver.c,$(wildcard tests/sim/*.c)) \
               $(wildcard plugin/base/*.c plugin/codec/*.c plugin/chain/*.c))
UNITS     := $(patsubst tests/%.c,$(O)/%,$(wildcard tests/unit/test_*.c))
TOOLS     := $(patsubst tests/%.c,$(O)/%,$(wildcard tests/tools/*.c))
BENCHES   := $(patsubst tests/%.c,$(O)/%,$(wildcard tests/bench/bench_*.c))
TORTURE   := $(O)/torture/torture
FUZZERS   := $(patsubst tests/%.c,$(O)/%,$(wildcard tests/fuzz/fuzz_*.c))
RESULTS   := $(O)/psyche_monitor.so $(if $(CLI_OBJ),$(O)/psyche-monitor) \
             $(if $(wildcard tests/sim/*.c),$(O)/psyche-sim)
PRELOAD   := $(if $(wildcard tests/sim/dead_resolver.c),build/dead_resolver.so)
HEADER    := include/psyche_monitor.h
MAP       := plugin/psyche_monitor.map
SHARE     := share/psyche-monitor
SONAME    := libpsyche_monitor.so.1
TO         = "$(DESTDIR)$(PREFIX)"
TO_LIB     = "$(DESTDIR)$(LIBDIR)"
comma      = ,
STRIPPED   = $(if $(INSTALL_STRIP),-s)
VERSION    = $(shell sed -n 's/^\#define PSYCHE_MONITOR_VERSION "\(.*\)"/\1/p' $(HEADER))

# --- flags: CFLAGS, CPPFLAGS and LDFLAGS of the user come last and add to ours ----------------

WARN := -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wundef -Wvla -Wcast-qual \
  -Wcast-align=strict -Wpointer-arith -Wwrite-strings -Wformat=2 -Wstrict-prototypes \
  -Wmissing-prototypes -Wold-style-definition -Wswitch-enum -Wimplicit-fallthrough \
  -Wnull-dereference -Wdouble-promotion $(if $(WERROR),-Werror)
# Where the processor can watch jumps and returns, and a stack that grows over its end.
GUARDS     := $(shell for flag in -fcf-protection -fstack-clash-protection; do \
                $(CC) -Werror $$flag -c -x c /dev/null -o /dev/null 2>/dev/null && echo $$flag; done)
MISSING    := $(shell pkg-config --exists $(LIB_PKGS) 2>/dev/null || echo yes)
NO_SIM     := $(shell pkg-config --exists $(SIM_PKGS) 2>/dev/null || echo yes)
PKG_CFLAGS := $(if $(MISSING),,$(shell pkg-config --cflags $(LIB_PKGS))) \
              $(if $(NO_SIM),,$(shell pkg-config --cflags $(SIM_PKGS)))
LIB_LIBS   := $(if $(MISSING),,$(shell pkg-config --libs $(LIB_PKGS))) -lm
SIM_LIBS   := $(if $(NO_SIM),,$(shell pkg-config --libs $(SIM_PKGS))) -lm
C_FLAGS     = -std=c17 -D_GNU_SOURCE -Iplugin -Iinclude -I. -DPM_PREFIX='"$(PREFIX)"' \
  $(PKG_CFLAGS) -fPIC -fvisibility=hidden \
  -fstack-protector-strong $(GUARDS) -pthread $(WARN) $(KIND_$(BUILD)) $(CPPFLAGS) $(CFLAGS)
LINK        = $(CC) -pthread $(KIND_$(BUILD)) $(CFLAGS) -Wl,-z,relro,-z,now $(LDFLAGS)
SHARED     := -shared -Wl,--version-script=$(MAP) -Wl,--no-undefined -Wl,--exclude-libs,ALL \
  -Wl,-z,nodelete -Wl,-soname,$(SONAME)
SAY         = $(if $(V),,@echo "  $(1)  $@";)

export BUILD PYTHON WERROR
export PSYCHE_BUILD_DIR := $(CURDIR)/$(O)

.PHONY: all libraries libraries-of-the-simulator test check repeat unit scenarios contract test-hermes test-mcp \
  test-rpc symbols layers nocompile asan-check tsan-check valgrind-check sanitize torture run-torture mutation \
  run-mutation faults soak run-cover run-units-and-scenarios run-units-and-stress fuzz-programs fuzz-replay fuzz \
  fuzz-long fuzz-harvest bench lint cover demo setup install uninstall wheel skill dist size flags clean help FORCE
.SECONDARY:
.DELETE_ON_ERROR:

all: $(RESULTS) $(PRELOAD) $(if $(filter release,$(BUILD)),$(patsubst $(O)/%,build/%,$(RESULTS))) ## build the library, the command and the simulator

# --- rules ----------------------------------------------------------------------------------

# A missing library ends the build here, with the line that installs it.
libraries:
	@$(if $(MISSING),scripts/setup --check >&2,:)
libraries-of-the-simulator:
	@$(if $(NO_SIM),scripts/setup --check >&2,:)
$(filter $(O)/tests/%,$(SIM_OBJ)): | libraries-of-the-simulator

$(O)/%.o: %.c Makefile | libraries
	@mkdir -p $(@D)
	$(call SAY,CC)$(CC) $(C_FLAGS) -MMD -MP -c $< -o $@

# The references as they are now. Files that come and go change the folder's own time.
$(O)/gen/references.c: references $(wildcard references/*.md) scripts/embed Makefile
	@mkdir -p $(@D)
	$(call SAY,EMBED)scripts/embed $@ $(sort $(wildcard references/*.md))

# Which sources the library is built from, told by {"tool":"info"}.
$(O)/gen/stamp.c: FORCE
	@mkdir -p $(@D)
	@line='const char pm_source_stamp[] = "'$$(scripts/source-stamp)'";' || exit 1; \
	  grep -qsxF "$$line" $@ || printf '#include "api/stamp.h"\n\n%s\n' "$$line" > $@

$(O)/gen/%.o: $(O)/gen/%.c | libraries
	$(call SAY,CC)$(CC) $(C_FLAGS) -MMD -MP -c $< -o $@

# Another PREFIX than the last time is compiled in where it is used.
$(O)/gen/prefix: FORCE
	@mkdir -p $(@D)
	@echo '$(PREFIX)' | cmp -s - $@ || echo '$(PREFIX)' > $@
$(O)/plugin/api/references.o: $(O)/gen/prefix

$(O)/psyche_monitor.so: $(LIB_OBJ) $(MAP)
	$(call SAY,LD)$(LINK) $(SHARED) $(LIB_OBJ) $(LIB_LIBS) -o $@

$(O)/psyche-monitor: $(CLI_OBJ) $(LIB_OBJ)
	$(call SAY,LD)$(LINK) $^ $(LIB_LIBS) -o $@

$(O)/psyche-sim: $(SIM_OBJ)
	$(call SAY,LD)$(LINK) $^ $(SIM_LIBS) -o $@

$(UNITS) $(TOOLS) $(BENCHES): $(O)/%: $(O)/tests/%.o $(LIB_OBJ)
	@mkdir -p $(@D)
	$(call SAY,LD)$(LINK) $^ $(LIB_LIBS) -o $@

# Memory is asked for where a test can refuse it: the linker leads our objects, and the libraries
# that come as archives, to tests/torture/failing.c; those that wait, too, as its clock can run ahead.
WRAPPED   := malloc calloc realloc free strdup strndup asprintf opendir pthread_create \
             pthread_cond_timedwait pm_clock_mono_ms \
             $(addprefix pm_arena_,charge alloc zero array grow copy cstr)
$(TORTURE): $(call objects,$(wildcard tests/torture/*.c)) $(LIB_OBJ)
	@mkdir -p $(@D)
	$(call SAY,LD)$(LINK) $(addprefix -Wl$(comma)--wrap=,$(WRAPPED)) $^ \
	  $(foreach name,yaml zstd,$(call find_linked,$(name))) $(LIB_LIBS) -o $@

# libFuzzer brings a main of its own; elsewhere driver.c is it.
FUZZ_MAIN := $(if $(filter fuzz,$(BUILD)),-fsanitize=fuzzer,$(O)/tests/fuzz/driver.o)
$(FUZZERS): $(O)/%: $(O)/tests/%.o $(filter %.o,$(FUZZ_MAIN)) $(LIB_OBJ)
	@mkdir -p $(@D)
	$(call SAY,LD)$(LINK) $(filter %.o,$^) $(filter -f%,$(FUZZ_MAIN)) $(LIB_LIBS) -o $@
$(O)/fuzz/fuzz_mcp: $(filter $(O)/cli/mcp%,$(CLI_OBJ))
$(O)/fuzz/fuzz_cli: $(filter-out $(O)/cli/main.o,$(CLI_OBJ))

# Loaded before the C library into any kind of build, so itself always plain.
build/dead_resolver.so: tests/sim/dead_resolver.c Makefile
	@mkdir -p $(@D)
	$(call SAY,LD)$(CC) -std=c17 -D_GNU_SOURCE -O2 $(WARN) -fPIC -shared $< -o $@

# For other machines: what they may not have is linked in, or, where the system has no archive of
# it, goes into the wheel beside the library. libcurl stays outside: it brings the system's TLS.
WHEEL_STATIC := yaml yyjson cmark sodium zstd sqlite3
find_linked   = $(realpath $(or $(filter /%,$(shell $(CC) -print-file-name=lib$(1).a)),\
                  $(shell $(CC) -print-file-name=lib$(1).so)))
WHEEL_LINKED  = $(foreach name,$(WHEEL_STATIC),$(call find_linked,$(name)))
build/wheel/psyche_monitor.so: $(LIB_OBJ) $(MAP) Makefile
	@mkdir -p $(@D)
	$(call SAY,LD)$(LINK) -s $(SHARED) -Wl,-rpath,'$$ORIGIN' $(LIB_OBJ) \
	  $(WHEEL_LINKED) $(filter -L%,$(LIB_LIBS)) -lcurl -lm -o $@

# The release results also stand in build/ itself, under the names everybody uses.
build/psyche%: build/release/psyche%
	@ln -f $< $@

-include $(wildcard $(O)/*/*/*.d $(O)/*/*.d)

# --- tests ----------------------------------------------------------------------------------

# What plays the network need not be looked at by a sanitizer where that would cost most of the time.
PLAIN_SIM = +@$(MAKE) --no-print-directory BUILD=release build/release/psyche-sim

test: setup ## install what is missing, build, run every test
	@$(MAKE) --no-print-directory -j2 check
check: all $(UNITS) $(TOOLS) layers symbols ## every test; needs no network and no root
	@TEST_TIMEOUT=$(or $(TEST_TIMEOUT),900) tests/run-tests
repeat: all $(UNITS) $(TOOLS) ## what is done within a minute, TIMES=50 times: a test that fails only sometimes shows
	@TEST_TIMES=$(or $(TIMES),50) tests/run-tests quick
unit: $(UNITS) ## the modules, one by one
	@tests/run-tests unit
scenarios: all ## recorded upstreams, a request, the expected answer
	@tests/run-tests scenarios
contract: all $(TOOLS) ## the library as Python and other hosts use it
	@tests/run-tests contract
test-hermes: all ## plugin, wheel, skill and MCP in the real Hermes Agent, from the package registry
	@TEST_TIMEOUT=900 tests/run-tests hermes
test-mcp: all ## the MCP server with the SDKs of Python, from the package registry
	@tests/run-tests mcp
test-rpc: all $(TOOLS) ## the Solana side and a real node, from the package registry (Node.js)
	@tests/run-tests rpc
nocompile: libraries ## code that must not compile does not
	@tests/run-tests nocompile
symbols: $(RESULTS) ## exported names equal the list; the header stands alone; objects are hardened
	@scripts/check-symbols $< $(MAP) $(HEADER)
	$(if $(filter release,$(BUILD)),@scripts/check-hardening $^)
layers: ## every #include points down (plugin/layers.txt)
	@scripts/check-layers
asan-check: ## unit tests, scenarios and many threads with forks under ASan and UBSan
	$(PLAIN_SIM)
	@$(MAKE) --no-print-directory BUILD=asan run-units-and-scenarios
tsan-check: ## unit tests and many threads under TSan
	$(PLAIN_SIM)
	@$(MAKE) --no-print-directory BUILD=tsan run-units-and-stress
valgrind-check: $(UNITS) ## unit tests under Valgrind
	@TEST_TIMEOUT=1200 tests/run-tests valgrind
sanitize: ## all of these and the fuzz corpus, in a line each
	+@scripts/sanitize
torture: ## memory runs out at each place in turn, under ASan; TORTURE_EVERY=20: at each twentieth
	$(PLAIN_SIM)
	@$(MAKE) --no-print-directory BUILD=asan run-torture
run-torture: all $(TORTURE)
	@TEST_TIMEOUT=2400 tests/run-tests torture
mutation: ## each recorded reply cut and changed at each place, under ASan; MUTATION_MB=1000 for all of the large ones
	@$(MAKE) --no-print-directory BUILD=asan run-mutation
run-mutation: fuzz-programs
	@TEST_TIMEOUT=3600 tests/run-tests mutation
faults: all ## each fault of each source, for each question: a table of how many calls were looked at
	@TEST_TIMEOUT=900 tests/run-tests faults
soak: all $(TOOLS) ## CALLS=1000000 calls on one handle over a server that comes and goes: what is held stays the same
	@TEST_TIMEOUT=1500 tests/run-tests soak
run-units-and-scenarios: all $(UNITS) $(TOOLS)
	@tests/run-tests unit scenarios stress
run-units-and-stress: all $(UNITS) $(TOOLS)
	@tests/run-tests unit stress
fuzz-programs: $(FUZZERS)
fuzz-replay: libraries ## the fuzz targets over their corpus, under ASan and UBSan
	@tests/run-tests fuzz
fuzz: libraries ## new inputs for each fuzz target, SECONDS=60; TARGETS="json url" for some
	@tests/fuzz/fuzz $(or $(SECONDS),60) $(TARGETS)
fuzz-long: libraries ## the same by CPU time, CPU=600 seconds each; UNTIL=21:00 ends it; then make fuzz-harvest
	@$(MAKE) --no-print-directory BUILD=fuzz CC=$(or $(CLANG),clang) fuzz-programs
	@tests/fuzz/campaign run --cpu $(or $(CPU),600) $(if $(UNTIL),--until $(UNTIL)) $(TARGETS)
fuzz-harvest: # what both found into the corpus, minimised, and a row for each target into tests/fuzz/LOG.md
	@tests/fuzz/campaign harvest $(TARGETS)
bench: all $(BENCHES) $(TOOLS) ## measure: one line a case, then tables; QUICK=1 in half the time
	@for each in $(BENCHES) $(wildcard tests/bench/bench_*.py); do \
	  case $$each in *.py) $(PYTHON) $$each $(if $(QUICK),--quick) ;; *) $$each ;; esac || exit 1; done
cover: ## the branches that tests take, a folder a row; SHOW="net/ cli/" for the lines that are left
	@$(MAKE) --no-print-directory BUILD=cover run-cover
# Those that take most in a few minutes. Whether they pass is for `make check` to say: this build is slow.
COVER_WITH := unit scenarios torture $(addprefix contract/test_,library commands command_memory \
  surroundings doctor mcp mcp_calls network store lookups wallet wallet_node agreement absent bad_input chain_list \
  slots hub hub_answers hub_odd hub_pages paging questions references_folder)
cover-tests = TEST_TIMEOUT=900 TORTURE_EVERY=$(1) tests/run-tests $(COVER_WITH) > $(O)/tested || grep '^FAIL' $(O)/tested
# What the order of answers, or torture's sample, left out the first time is seldom left out twice.
run-cover: all $(UNITS) $(TOOLS) $(TORTURE) fuzz-programs
	@find $(O) -name '*.gcda' -delete
	@for each in $(FUZZERS); do $$each tests/fuzz/corpus/$${each##*/fuzz_} || exit 1; done > $(O)/replayed
	@$(call cover-tests,15)
	@scripts/coverage $(O) $(SHOW) > $(O)/branches || { echo 'cover: a branch is left; the tests once more' && \
	  $(call cover-tests,16) && scripts/coverage $(O) $(SHOW) > $(O)/branches; }; left=$$?; cat $(O)/branches; exit $$left
lint: ## clang-format, gcc -fanalyzer, clang-tidy, cppcheck
	@scripts/lint $(C_FLAGS)

# --- use ------------------------------------------------------------------------------------

demo: setup ## build, ask a simulated network, show the answers; LIVE=1 asks the real one
	@$(MAKE) --no-print-directory -j2 all
	@scripts/demo
setup: ## install what is missing from the system's packages
	@scripts/setup
install: $(O)/psyche_monitor.so $(O)/psyche-monitor ## into PREFIX (/usr/local) and LIBDIR (PREFIX/lib), below DESTDIR
	install -d $(addprefix $(TO)/,bin include $(SHARE)/references share/man/man1) \
	  $(addprefix $(TO_LIB)/,psyche-monitor pkgconfig)
	install $(STRIPPED) -m 755 $(O)/psyche-monitor $(TO)/bin
	install $(STRIPPED) -m 755 $(O)/psyche_monitor.so $(TO_LIB)/$(SONAME).0.0
	ln -sf $(SONAME).0.0 $(TO_LIB)/$(SONAME)
	ln -sf $(SONAME) $(TO_LIB)/libpsyche_monitor.so
	install $(STRIPPED) -m 755 $(O)/psyche_monitor.so $(TO_LIB)/psyche-monitor
	install -m 644 $(HEADER) $(TO)/include
	install -m 644 $(sort $(wildcard references/*.md)) $(TO)/$(SHARE)/references
	$(if $(wildcard SKILL.md),install -m 644 SKILL.md $(TO)/$(SHARE))
	install -m 644 man/psyche-monitor.1 $(TO)/share/man/man1
	@printf '%s\n' 'prefix=$(PREFIX)' 'includedir=$${prefix}/include' \
	  'libdir=$(patsubst $(PREFIX)/%,$${prefix}/%,$(LIBDIR))' '' 'Name: psyche-monitor' \
	  'Description: questions about Psyche training runs, JSON in and JSON out' \
	  'Version: $(VERSION)' 'Libs: -L$${libdir} -lpsyche_monitor' 'Cflags: -I$${includedir}' \
	  > $(TO_LIB)/pkgconfig/psyche-monitor.pc
uninstall: ## take away what install put there, and the folders that are only ours
	rm -f $(addprefix $(TO)/,bin/psyche-monitor $(HEADER) share/man/man1/psyche-monitor.1 \
	  $(SHARE)/SKILL.md $(addprefix $(SHARE)/,$(wildcard references/*.md))) \
	  $(addprefix $(TO_LIB)/,libpsyche_monitor.so $(SONAME) $(SONAME).0.0 \
	  psyche-monitor/psyche_monitor.so pkgconfig/psyche-monitor.pc)
	@rmdir $(addprefix $(TO)/,$(SHARE)/references $(SHARE)) $(TO_LIB)/psyche-monitor 2>/dev/null || :
wheel: build/wheel/psyche_monitor.so ## the Hermes plugin as a Python wheel, in dist/
	@scripts/check-hardening $<
	@$(PYTHON) scripts/wheel dist $(VERSION) $< $(WHEEL_LINKED)
skill: ## SKILL.md and the references alone, in dist/network-monitor/
	@rm -rf dist/network-monitor && mkdir -p dist/network-monitor/references
	cp SKILL.md dist/network-monitor
	cp $(sort $(wildcard references/*.md)) dist/network-monitor/references
dist: ## the committed tree as build/psyche-monitor-VERSION.tar.gz
	@mkdir -p build
	git archive --prefix=psyche-monitor-$(VERSION)/ -o build/psyche-monitor-$(VERSION).tar.gz HEAD
size: $(O)/psyche_monitor.so ## bytes of the library without its debug information
	@strip -o $<.stripped $< && wc -c < $<.stripped && rm $<.stripped
flags: # for scripts that compile something themselves
	@echo $(C_FLAGS)
clean: ## remove build/ and dist/
	rm -rf build dist
help: ## list the targets
	@echo '  make [TARGET …] [NAME=value …]; without a target, all'
	@awk -F ':.*## ' '/^[a-z][a-z-]*:.*## / { printf "  %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo '  BUILD=release|debug|asan|tsan|cover  WERROR=1  V=1  CC  CFLAGS  CPPFLAGS  LDFLAGS'
	@echo '  PREFIX  LIBDIR  DESTDIR  INSTALL_STRIP=1'
