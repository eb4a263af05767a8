# psyche-monitor: `make` builds, `make help` lists the targets. One file, no configure step:
# sources are found by wildcard, everything built goes to build/<kind>/.

BUILD  ?= release
PREFIX ?= /usr/local
PYTHON ?= python3

KIND_release  := -O2 -g -DNDEBUG -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
KIND_oldcurl  := $(KIND_release) -DPM_OLD_CURL -Wno-deprecated-declarations
KIND_debug    := -O0 -g3
KIND_asan     := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
KIND_tsan     := -O1 -g -fno-omit-frame-pointer -fsanitize=thread
KIND_cover    := -O0 -g --coverage
KIND_fuzz     := -O1 -g -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined \
                 -fno-sanitize-recover=all -w
ifndef KIND_$(BUILD)
$(error BUILD=$(BUILD): one of release debug asan tsan cover oldcurl fuzz)
endif

# --- what is built from what ----------------------------------------------------------------

O         := build/$(BUILD)
LIB_PKGS  := libcurl yaml-0.1 yyjson libcmark
SIM_PKGS  := libmicrohttpd yyjson yaml-0.1
objects    = $(patsubst %.c,$(O)/%.o,$(1))
LIB_OBJ   := $(call objects,$(wildcard plugin/*/*.c skill/*.c)) $(O)/gen/references.o
CLI_OBJ   := $(call objects,$(wildcard cli/*.c))
SIM_OBJ   := $(call objects,$(filter-out tests/sim/dead_resolver.c,$(wildcard tests/sim/*.c)) \
               $(wildcard plugin/base/*.c plugin/codec/*.c))
UNITS     := $(patsubst tests/%.c,$(O)/%,$(wildcard tests/unit/test_*.c))
TOOLS     := $(patsubst tests/%.c,$(O)/%,$(wildcard tests/tools/*.c))
BENCHES   := $(patsubst tests/%.c,$(O)/%,$(wildcard tests/bench/bench_*.c))
FUZZERS   := $(patsubst tests/%.c,$(O)/%,$(wildcard tests/fuzz/fuzz_*.c))
RESULTS   := $(O)/psyche_monitor.so $(if $(CLI_OBJ),$(O)/psyche-monitor) \
             $(if $(wildcard tests/sim/*.c),$(O)/psyche-sim)
PRELOAD   := $(if $(wildcard tests/sim/dead_resolver.c),build/dead_resolver.so)
HEADER    := include/psyche_monitor.h
MAP       := plugin/psyche_monitor.map
SHARE     := share/psyche-monitor
VERSION    = $(shell sed -n 's/^\#define PSYCHE_MONITOR_VERSION "\(.*\)"/\1/p' $(HEADER))

# --- flags: CFLAGS, CPPFLAGS and LDFLAGS of the user come last and add to ours ----------------

WARN := -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wundef -Wvla -Wcast-qual \
  -Wcast-align=strict -Wpointer-arith -Wwrite-strings -Wformat=2 -Wstrict-prototypes \
  -Wmissing-prototypes -Wold-style-definition -Wswitch-enum -Wimplicit-fallthrough \
  -Wnull-dereference -Wdouble-promotion $(if $(WERROR),-Werror)
MISSING    := $(shell pkg-config --exists $(LIB_PKGS) $(SIM_PKGS) 2>/dev/null || echo yes)
PKG_CFLAGS := $(if $(MISSING),,$(shell pkg-config --cflags $(LIB_PKGS) $(SIM_PKGS)))
LIB_LIBS   := $(if $(MISSING),,$(shell pkg-config --libs $(LIB_PKGS))) -lm
SIM_LIBS   := $(if $(MISSING),,$(shell pkg-config --libs $(SIM_PKGS))) -lm
C_FLAGS     = -std=c17 -D_GNU_SOURCE -Iplugin -Iinclude -I. -DPM_PREFIX='"$(PREFIX)"' \
  $(PKG_CFLAGS) -fPIC -fvisibility=hidden \
  -fstack-protector-strong -pthread $(WARN) $(KIND_$(BUILD)) $(CPPFLAGS) $(CFLAGS)
LINK        = $(CC) -pthread $(KIND_$(BUILD)) $(CFLAGS) -Wl,-z,relro,-z,now $(LDFLAGS)
SHARED     := -shared -Wl,--version-script=$(MAP) -Wl,--no-undefined -Wl,--exclude-libs,ALL \
  -Wl,-z,nodelete -Wl,-soname,libpsyche_monitor.so.1
SHOW        = $(if $(V),,@echo "  $(1)  $@";)

export BUILD PYTHON WERROR
export PSYCHE_BUILD_DIR := $(CURDIR)/$(O)

.PHONY: all libraries test check unit scenarios contract symbols layers nocompile asan-check \
  tsan-check run-units-and-scenarios fuzz-programs \
  fuzz-replay fuzz bench lint cover demo setup install uninstall dist size flags clean \
  help FORCE
.SECONDARY:
.DELETE_ON_ERROR:

all: $(RESULTS) $(PRELOAD) $(if $(filter release,$(BUILD)),$(patsubst $(O)/%,build/%,$(RESULTS))) ## build the library, the command and the simulator

# --- rules ----------------------------------------------------------------------------------

# A missing library ends the build here, with the line that installs it.
libraries:
	@$(if $(MISSING),scripts/setup --check >&2,:)

$(O)/%.o: %.c Makefile | libraries
	@mkdir -p $(@D)
	$(call SHOW,CC)$(CC) $(C_FLAGS) -MMD -MP -c $< -o $@

# The references as they are now. Files that come and go change the folder's own time.
$(O)/gen/references.c: references $(wildcard references/*.md) scripts/embed Makefile
	@mkdir -p $(@D)
	$(call SHOW,EMBED)scripts/embed $@ $(sort $(wildcard references/*.md))

$(O)/gen/references.o: $(O)/gen/references.c | libraries
	$(call SHOW,CC)$(CC) $(C_FLAGS) -MMD -MP -c $< -o $@

# Another PREFIX than the last time is compiled in where it is used.
$(O)/gen/prefix: FORCE
	@mkdir -p $(@D)
	@echo '$(PREFIX)' | cmp -s - $@ || echo '$(PREFIX)' > $@
$(O)/plugin/api/references.o: $(O)/gen/prefix

$(O)/psyche_monitor.so: $(LIB_OBJ) $(MAP)
	$(call SHOW,LD)$(LINK) $(SHARED) $(LIB_OBJ) $(LIB_LIBS) -o $@

$(O)/psyche-monitor: $(CLI_OBJ) $(LIB_OBJ)
	$(call SHOW,LD)$(LINK) $^ $(LIB_LIBS) -o $@

$(O)/psyche-sim: $(SIM_OBJ)
	$(call SHOW,LD)$(LINK) $^ $(SIM_LIBS) -o $@

$(UNITS) $(TOOLS) $(BENCHES): $(O)/%: $(O)/tests/%.o $(LIB_OBJ)
	@mkdir -p $(@D)
	$(call SHOW,LD)$(LINK) $^ $(LIB_LIBS) -o $@

# libFuzzer brings a main of its own; elsewhere driver.c is it.
FUZZ_MAIN := $(if $(filter fuzz,$(BUILD)),-fsanitize=fuzzer,$(O)/tests/fuzz/driver.o)
$(FUZZERS): $(O)/%: $(O)/tests/%.o $(filter %.o,$(FUZZ_MAIN)) $(LIB_OBJ)
	@mkdir -p $(@D)
	$(call SHOW,LD)$(LINK) $< $(LIB_OBJ) $(FUZZ_MAIN) $(LIB_LIBS) -o $@

# Loaded before the C library into any kind of build, so itself always plain.
build/dead_resolver.so: tests/sim/dead_resolver.c Makefile
	@mkdir -p $(@D)
	$(call SHOW,LD)$(CC) -std=c17 -D_GNU_SOURCE -O2 $(WARN) -fPIC -shared $< -o $@

# The release results also stand in build/ itself, under the names everybody uses.
build/psyche%: build/release/psyche%
	@ln -f $< $@

-include $(wildcard $(O)/*/*/*.d $(O)/*/*.d)

# --- tests ----------------------------------------------------------------------------------

test: setup ## install what is missing, build, run every test
	@$(MAKE) --no-print-directory -j2 check
check: all $(UNITS) $(TOOLS) layers symbols ## every test; needs no network and no root
	@tests/run-tests
unit: $(UNITS) ## the modules, one by one
	@tests/run-tests unit
scenarios: all ## recorded upstreams, a request, the expected answer
	@tests/run-tests scenarios
contract: all $(TOOLS) ## the library as Python and other hosts use it
	@tests/run-tests contract
nocompile: libraries ## code that must not compile does not
	@tests/run-tests nocompile
symbols: $(O)/psyche_monitor.so ## exported names equal the list; the header stands alone
	@scripts/check-symbols $< $(MAP) $(HEADER)
layers: ## every #include points down (plugin/layers.txt)
	@scripts/check-layers
asan-check: ## unit tests and scenarios under ASan and UBSan
	@$(MAKE) --no-print-directory BUILD=asan run-units-and-scenarios
tsan-check: ## unit tests under TSan
	@$(MAKE) --no-print-directory BUILD=tsan unit
run-units-and-scenarios: all $(UNITS)
	@tests/run-tests unit scenarios
fuzz-programs: $(FUZZERS)
fuzz-replay: libraries ## the fuzz targets over their corpus, under ASan and UBSan
	@tests/run-tests fuzz
fuzz: libraries ## new inputs for each fuzz target, SECONDS=60; TARGETS="json url" for some
	@tests/fuzz/fuzz $(or $(SECONDS),60) $(TARGETS)
bench: all $(BENCHES) $(TOOLS) ## measure; one line a case
	@for each in $(BENCHES) $(wildcard tests/bench/bench_*.py); do \
	  case $$each in *.py) $(PYTHON) $$each ;; *) $$each ;; esac || exit 1; done
cover: ## run the tests and list the lines they reach, a file a row
	@$(MAKE) --no-print-directory BUILD=cover check
	@scripts/coverage build/cover
lint: ## clang-format, gcc -fanalyzer, clang-tidy, cppcheck
	@scripts/lint $(C_FLAGS)

# --- use ------------------------------------------------------------------------------------

demo: setup ## build, ask a simulated network, show the answers; LIVE=1 asks the real one
	@$(MAKE) --no-print-directory -j2 all
	@scripts/demo
setup: ## install what is missing from the system's packages
	@scripts/setup
install: all ## into PREFIX (/usr/local), below DESTDIR
	install -d $(addprefix $(DESTDIR)$(PREFIX)/,bin include lib/pkgconfig $(SHARE)/references)
	install -m 755 $(O)/psyche-monitor $(DESTDIR)$(PREFIX)/bin/
	install -m 755 $(O)/psyche_monitor.so $(DESTDIR)$(PREFIX)/lib/libpsyche_monitor.so.1
	ln -sf libpsyche_monitor.so.1 $(DESTDIR)$(PREFIX)/lib/libpsyche_monitor.so
	install -m 644 $(HEADER) $(DESTDIR)$(PREFIX)/include/
	install -m 644 $(wildcard references/*.md) $(DESTDIR)$(PREFIX)/$(SHARE)/references/
	@printf '%s\n' 'Name: psyche-monitor' 'Description: answers about Psyche training runs' \
	  'Version: $(VERSION)' 'Libs: -L$(PREFIX)/lib -lpsyche_monitor' 'Cflags: -I$(PREFIX)/include' \
	  > $(DESTDIR)$(PREFIX)/lib/pkgconfig/psyche-monitor.pc
uninstall: ## take away what install put there
	cd $(DESTDIR)$(PREFIX) && rm -f bin/psyche-monitor include/psyche_monitor.h \
	  lib/libpsyche_monitor.so lib/libpsyche_monitor.so.1 lib/pkgconfig/psyche-monitor.pc && \
	  rm -rf $(SHARE)
dist: ## the committed tree as build/psyche-monitor-VERSION.tar.gz
	@mkdir -p build
	git archive --prefix=psyche-monitor-$(VERSION)/ -o build/psyche-monitor-$(VERSION).tar.gz HEAD
size: $(O)/psyche_monitor.so ## bytes of the library without its debug information
	@strip -o $<.stripped $< && wc -c < $<.stripped && rm $<.stripped
flags: # for scripts that compile something themselves
	@echo $(C_FLAGS)
clean: ## remove build/
	rm -rf build
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z][a-z-]*:.*## / { printf "  %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo '  BUILD=release|debug|asan|tsan|cover  WERROR=1  V=1  CC  CFLAGS  LDFLAGS  PREFIX  DESTDIR'
