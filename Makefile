# migrate - one core, two extensions.
#
#   make                 build what this machine has the headers for
#   make quickstart      see it work on SQLite (installs what is missing)
#   make quickstart-postgresql
#   make check           every test on both databases (installs what is missing)
#   make install         both; then CREATE EXTENSION migrate, .load migrate
#   make help            all targets
#
# Variables: CC, CFLAGS, PG_CONFIG, prefix, libdir, bindir, DESTDIR, BUILD,
# SUITES.

VERSION := $(shell sed -n '/"version"/{s/.*: *"\([^"]*\)".*/\1/p;q;}' META.json)

BUILD ?= build
CC ?= cc
CLANG ?= clang
AR ?= ar
PG_CONFIG ?= pg_config
INSTALL ?= install
PYTHON ?= python3

prefix ?= /usr/local
libdir ?= $(prefix)/lib
bindir ?= $(prefix)/bin

CFLAGS ?= -O2 -g
WERROR := $(if $(filter true,$(CI)),-Werror)
STD := -std=c11 -Wall -Wextra $(WERROR) -MMD -MP
PIC := -fPIC -fvisibility=hidden
SAN := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined \
	-fno-omit-frame-pointer

UNAME := $(shell uname -s)
ifeq ($(UNAME),Darwin)
SUFFIX := .dylib
SHARED := -dynamiclib -undefined dynamic_lookup
else
SUFFIX := .so
SHARED := -shared -Wl,-soname,migrate.so -Wl,--no-undefined
endif

CORE := $(wildcard common/*.c)
SQLITE := $(wildcard sqlite_ext/*.c)
UNIT := $(filter-out %_driver.c,$(wildcard tests/unit/*.c))

has_header = $(shell $(CC) $(CPPFLAGS) -E -include $(1) -x c /dev/null \
	>/dev/null 2>&1 && echo yes)
HAVE_SQLITE := $(call has_header,sqlite3ext.h)
HAVE_PG := $(shell test -r "`$(PG_CONFIG) --includedir-server 2>/dev/null`/postgres.h" \
	&& test -r "`$(PG_CONFIG) --pgxs 2>/dev/null`" && echo yes)

CORE_LIB := $(BUILD)/core/libmigcore.a
MODULE := $(BUILD)/sqlite/migrate$(SUFFIX)
SAN_MODULE := $(BUILD)/san/sqlite/migrate$(SUFFIX)
GEN := $(BUILD)/gen/sqlite_sql.h
LIST := $(BUILD)/sources

.SUFFIXES:
.DELETE_ON_ERROR:
.PHONY: all help core sqlite pg unit parity check check-pg check-sqlite \
	check-matrix lint sanitize valgrind fuzz bench quickstart \
	quickstart-postgresql install install-sqlite install-pg uninstall \
	uninstall-sqlite uninstall-pg build-unit build-san build-drivers \
	build-fuzz clean dist

all: core $(if $(HAVE_SQLITE),sqlite,no-sqlite) $(if $(HAVE_PG),pg,no-pg)

.PHONY: no-sqlite no-pg FORCE
no-sqlite:
	@echo "skipped the SQLite module: there is no sqlite3ext.h" \
		"(tools/deps.sh sqlite installs it)"
no-pg:
	@echo "skipped the PostgreSQL extension: $(PG_CONFIG) knows no server" \
		"headers (tools/deps.sh postgresql installs them)"

help:
	@sed -n '/^# make/,/^$$/d; s/^#   \(make .*\)/\1/p' Makefile
	@sed -n 's/^## \(.*\)/make \1/p' Makefile

# The core: plainly, with sanitizers, for the fuzz targets.

core: $(CORE_LIB)

$(CORE_LIB): $(CORE:common/%.c=$(BUILD)/core/%.o) $(LIST)
$(BUILD)/san/core/libmigcore.a: $(CORE:common/%.c=$(BUILD)/san/core/%.o) \
		$(LIST)
$(BUILD)/fuzz/core/libmigcore.a: $(CORE:common/%.c=$(BUILD)/fuzz/core/%.o) \
		$(LIST)

%/libmigcore.a:
	@rm -f $@
	$(AR) rcs $@ $(filter %.o,$^)

# The names of the sources: when a file goes, what was linked from it is old.
$(LIST): FORCE
	@mkdir -p $(@D)
	@echo '$(CORE) $(SQLITE) $(UNIT)' | cmp -s - $@ || \
		echo '$(CORE) $(SQLITE) $(UNIT)' >$@

# offline.c writes the tables of SQLite into a script, so the core reads them.
$(BUILD)/core/%.o: common/%.c | $(GEN)
	@mkdir -p $(@D)
	$(CC) -I$(BUILD)/gen $(CPPFLAGS) $(CFLAGS) $(STD) $(PIC) -c -o $@ $<

$(BUILD)/san/core/%.o: common/%.c | $(GEN)
	@mkdir -p $(@D)
	$(CC) -I$(BUILD)/gen $(CPPFLAGS) $(SAN) $(STD) $(PIC) -c -o $@ $<

$(BUILD)/fuzz/core/%.o: common/%.c | $(GEN)
	@mkdir -p $(@D)
	$(CLANG) -I$(BUILD)/gen $(CPPFLAGS) $(SAN) -fsanitize=fuzzer-no-link \
		$(STD) -c -o $@ $<

$(GEN): sql/sqlite.sql sqlite_ext/embed.sh
	@mkdir -p $(@D)
	sh sqlite_ext/embed.sh sql/sqlite.sql >$@

# The SQLite module. Objects depend on META.json: they know the version.

SQLITE_CPPFLAGS = -Icommon -Isqlite_ext -I$(BUILD)/gen \
	-DMIGRATE_VERSION='"$(VERSION)"'

sqlite: $(MODULE)

$(MODULE): $(SQLITE:sqlite_ext/%.c=$(BUILD)/sqlite/%.o) $(CORE_LIB) $(LIST)
	$(CC) $(CFLAGS) $(SHARED) $(LDFLAGS) -o $@ $(filter %.o %.a,$^)

$(SAN_MODULE): $(SQLITE:sqlite_ext/%.c=$(BUILD)/san/sqlite/%.o) \
		$(BUILD)/san/core/libmigcore.a $(LIST)
	$(CC) $(SAN) $(filter-out -Wl%no-undefined,$(SHARED)) -o $@ $(filter %.o %.a,$^)

$(BUILD)/sqlite/%.o: sqlite_ext/%.c META.json | $(GEN)
	@mkdir -p $(@D)
	$(CC) $(SQLITE_CPPFLAGS) $(CPPFLAGS) $(CFLAGS) $(STD) $(PIC) -c -o $@ $<

$(BUILD)/san/sqlite/%.o: sqlite_ext/%.c META.json | $(GEN)
	@mkdir -p $(@D)
	$(CC) $(SQLITE_CPPFLAGS) $(CPPFLAGS) $(SAN) $(STD) $(PIC) -c -o $@ $<

## windows             the SQLite module as a DLL, by a cross compiler
WINDOWS_CC ?= x86_64-w64-mingw32-gcc

.PHONY: windows
windows: $(BUILD)/windows/migrate.dll

# The headers of the host's system stay out: only SQLite's own are taken.
$(BUILD)/windows/migrate.dll: $(CORE) $(SQLITE) $(wildcard */*.h) $(GEN)
	@mkdir -p $(@D)/include
	echo '#include <sqlite3ext.h>' | $(CC) $(CPPFLAGS) -E -M - | \
		tr ' ' '\n' | grep 'sqlite3[a-z]*\.h$$' | \
		xargs -I '{}' cp '{}' $(@D)/include
	$(WINDOWS_CC) -I$(@D)/include $(SQLITE_CPPFLAGS) $(CFLAGS) \
		$(filter-out -MMD -MP,$(STD)) -shared -static-libgcc -o $@ \
		$(CORE) $(SQLITE)

# The PostgreSQL extension. PGXS does the work in $(BUILD)/pg.

PGXS_MAKE = $(MAKE) --no-print-directory -C $(BUILD)/pg \
	-f $(CURDIR)/pg_ext/Makefile CORE_LIB=$(abspath $(CORE_LIB)) \
	VERSION=$(VERSION) PG_CONFIG=$(PG_CONFIG) with_llvm=no \
	$(if $(WERROR),COPT=$(WERROR))

pg: $(CORE_LIB)
	@mkdir -p $(BUILD)/pg
	+$(PGXS_MAKE) all

# Tests. tests/run.sh says how a suite is written.

build-unit: $(BUILD)/unit/unit

$(BUILD)/unit/unit: $(UNIT:tests/unit/%.c=$(BUILD)/unit/%.o) \
		$(BUILD)/san/core/libmigcore.a $(LIST)
	$(CC) $(SAN) -o $@ $(filter %.o %.a,$^)

$(BUILD)/unit/%.o: tests/unit/%.c
	@mkdir -p $(@D)
	$(CC) -Icommon $(CPPFLAGS) $(SAN) $(STD) -c -o $@ $<

# Programs of the tests that stand alone on the core.
$(BUILD)/unit/%_driver: tests/unit/%_driver.c $(CORE_LIB)
	@mkdir -p $(@D)
	$(CC) -Icommon $(CPPFLAGS) $(CFLAGS) $(STD) -o $@ $(filter %.c %.a,$^)

build-drivers: $(patsubst tests/unit/%.c,$(BUILD)/unit/%, \
	$(wildcard tests/unit/*_driver.c))

build-san: $(SAN_MODULE)

FUZZ := $(patsubst tests/fuzz/%.c,$(BUILD)/fuzz/%, \
	$(wildcard tests/fuzz/fuzz_*.c))

build-fuzz: $(FUZZ)

$(BUILD)/fuzz/fuzz_%: tests/fuzz/fuzz_%.c $(BUILD)/fuzz/core/libmigcore.a
	$(CLANG) -Icommon $(CPPFLAGS) $(SAN) -fsanitize=fuzzer $(STD) -o $@ \
		$(filter %.c %.a,$^)

RUN = BUILD=$(abspath $(BUILD)) MAKE='$(MAKE)' CC='$(CC)' CLANG='$(CLANG)' \
	PG_CONFIG='$(PG_CONFIG)' tests/run.sh
PREPARE = +@$(MAKE) --no-print-directory
# All processors, unless make was told how many.
PARALLEL = $(if $(findstring -j,$(MAKEFLAGS)),,-j$(shell \
	getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1))

## unit                the core's tests under sanitizers
unit: build-unit
	@$(BUILD)/unit/unit

## parity              the same SQL in both databases
parity: all
	+@$(RUN) parity-sqlite parity-postgresql

## check-sqlite        what only SQLite has
check-sqlite: sqlite
	+@$(RUN) parity-sqlite sqlite

## check-pg            what only PostgreSQL has
check-pg: pg
	+@$(RUN) parity-postgresql pg

## check SUITES="..."  some of the suites
check:
	@tools/deps.sh check
	$(PREPARE) -s all build-unit build-drivers \
		$(if $(filter sanitize all,$(SUITES)),build-san)
	+@$(RUN) $(SUITES)

## check-matrix        other versions of both databases, in chroots
check-matrix:
	@tools/deps.sh matrix
	@BUILD=$(abspath $(BUILD)) tests/matrix.sh $(LEGS)

## lint                form, layers, warnings of two compilers
lint:
	+@$(RUN) lint

## sanitize            unit and SQLite tests under ASan and UBSan
sanitize: build-unit build-san
	+@$(RUN) unit sanitize

## valgrind            SQLite tests under valgrind
valgrind: sqlite
	+@$(RUN) valgrind

## fuzz RUNS=N         each fuzz target, N inputs
fuzz:
	+@$(RUN) fuzz

## bench               measure (bench/run.sh)
bench: all
	@BUILD=$(abspath $(BUILD)) bench/run.sh

quickstart:
	@tools/deps.sh sqlite
	@echo "building the SQLite module in $(BUILD)"
	$(PREPARE) -s $(PARALLEL) sqlite
	@BUILD=$(BUILD) examples/quickstart.sh sqlite

quickstart-postgresql:
	@tools/deps.sh postgresql
	@echo "building the PostgreSQL extension in $(BUILD)"
	$(PREPARE) -s $(PARALLEL) pg
	@BUILD=$(BUILD) PG_CONFIG='$(PG_CONFIG)' \
		examples/quickstart.sh postgresql

# Installing. PostgreSQL's files go where pg_config says. The SQLite module
# goes to libdir as libmigrate.so with a link migrate.so: ".load migrate" asks
# the dynamic loader for migrate.so, whose cache lists only files that are
# called lib*.so, but under the name that they bear inside, which is
# migrate.so.

install: all $(if $(HAVE_SQLITE),install-sqlite) $(if $(HAVE_PG),install-pg) \
		install-pack

# What runs beside a client, whose database may be elsewhere.
.PHONY: install-pack uninstall-pack
install-pack:
	$(INSTALL) -d '$(DESTDIR)$(bindir)'
	$(INSTALL) -m 755 sql/pack.sh '$(DESTDIR)$(bindir)/migrate-pack'

uninstall-pack:
	rm -f '$(DESTDIR)$(bindir)/migrate-pack'

install-pg: pg
	+@$(PGXS_MAKE) install DESTDIR='$(DESTDIR)'

install-sqlite: sqlite
	$(INSTALL) -d '$(DESTDIR)$(libdir)'
ifeq ($(UNAME),Linux)
	$(INSTALL) -m 755 $(MODULE) '$(DESTDIR)$(libdir)/libmigrate.so'
	ln -sf libmigrate.so '$(DESTDIR)$(libdir)/migrate.so'
	@if [ -z '$(DESTDIR)' ] && [ "`id -u`" = 0 ]; then \
		PATH=$$PATH:/sbin:/usr/sbin ldconfig 2>/dev/null || true; fi
else
	$(INSTALL) -m 755 $(MODULE) '$(DESTDIR)$(libdir)/migrate$(SUFFIX)'
endif
	@if [ -z '$(DESTDIR)' ]; then \
		sqlite3 :memory: '.load migrate' >/dev/null 2>&1 && \
		echo "in the sqlite3 shell: .load migrate" || \
		echo "in the sqlite3 shell: .load $(libdir)/migrate"; fi

uninstall: $(if $(HAVE_SQLITE),uninstall-sqlite) \
		$(if $(HAVE_PG),uninstall-pg) uninstall-pack

uninstall-pg:
	@mkdir -p $(BUILD)/pg
	+@$(PGXS_MAKE) uninstall DESTDIR='$(DESTDIR)'

uninstall-sqlite:
	rm -f '$(DESTDIR)$(libdir)/libmigrate.so' \
		'$(DESTDIR)$(libdir)/migrate$(SUFFIX)'
	@if [ -z '$(DESTDIR)' ] && [ "`id -u`" = 0 ]; then \
		PATH=$$PATH:/sbin:/usr/sbin ldconfig 2>/dev/null || true; fi

## clean               remove $(BUILD)
clean:
	rm -rf $(BUILD)

## dist                the archive for PGXN, from the last commit
dist:
	@mkdir -p $(BUILD)
	git archive --format zip --prefix=migrate-$(VERSION)/ \
		-o $(BUILD)/migrate-$(VERSION).zip HEAD
	@echo $(BUILD)/migrate-$(VERSION).zip

-include $(wildcard $(BUILD)/core/*.d $(BUILD)/sqlite/*.d $(BUILD)/unit/*.d \
	$(BUILD)/san/core/*.d $(BUILD)/san/sqlite/*.d $(BUILD)/fuzz/*.d \
	$(BUILD)/fuzz/core/*.d)
