# Follitone. `make demo` and `make check` are all that is needed on a bare Debian 12; `make help` lists the rest.
#
# Every target that builds first reads build/flags.mk. Making it installs the packages that are missing
# (packaging/install), so no step is left to be done by hand.

PREFIX = /usr/local
BUILD = build
CFLAGS = -O2 -g
WARNINGS = -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla
# -ffp-contract=off: the same bits whether or not the machine fuses multiply and add.
FIXED = -std=gnu11 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -fopenmp -ffp-contract=off
LIBRARIES = lcms2 cminpack expat libconfig libgit2 libsodium sqlite3 nlopt jansson zlib
# What draws, and its libraries: in a module that the program opens when it draws (src/cli/drawing.c).
DRAWING_LIBRARIES = pangocairo cairo-pdf cairo-svg gdk-pixbuf-2.0 zlib libqpdf libqrencode
DRAWING_SOURCES = src/formats/pixels.c \
	$(wildcard $(addprefix src/report/, canvas.c card.c case_readings.c case_report.c case_sources.c case_zones.c chart.c code.c \
	control_page.c pages.c pdf.c preview_sheet.c sheet.c))

PROGRAM = $(BUILD)/follitone
DRAWING = $(BUILD)/drawing.so
SOURCES = $(sort $(wildcard src/*/*.c))
LIBRARY_SOURCES = $(filter-out src/cli/%,$(SOURCES))
LANGUAGES = $(sort $(wildcard src/report/languages/*.po))
CATALOGUES = $(LANGUAGES:src/report/languages/%.po=$(BUILD)/locale/%/LC_MESSAGES/follitone.mo)
PROFILES = $(sort $(shell find profiles -name '*.csv' -o -name '*.cfg'))
LANES_x86-64-v3 = 8
LANES_x86-64-v4 = 16
ifeq ($(shell uname -m),x86_64)
WIDER = $(BUILD)/src/search/vector.x86-64-v3.o $(BUILD)/src/search/vector.x86-64-v4.o
endif
OBJECTS = $(SOURCES:%.c=$(BUILD)/%.o) $(WIDER) $(BUILD)/embedded.o
LIBRARY_OBJECTS = $(LIBRARY_SOURCES:%.c=$(BUILD)/%.o) $(WIDER) $(BUILD)/embedded.o
DRAWING_OBJECTS = $(DRAWING_SOURCES:%.c=$(BUILD)/%.o)
UNIT_TESTS = $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(sort $(wildcard tests/unit/test_*.c)))

FUZZ_TARGETS = cgats cxf qtx mif csv numbers spotread recipe line sheet case bundle signed code
REPLAYS = $(FUZZ_TARGETS:%=$(BUILD)/tests/replay_%)
SECONDS = 60

.PHONY: all demo check lint asan cover bench fuzz install man words clean help
all: $(PROGRAM) $(DRAWING) $(CATALOGUES) man

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile

# --- what is needed --------------------------------------------------------------------------------

ifeq ($(filter clean help,$(MAKECMDGOALS)),)
include build/flags.mk
endif

# build/have-build, -test, -lint, -cover: the packages for that purpose are there.
build/have-%: packaging/packages packaging/install
	@mkdir -p build
	@sh packaging/install $*
	@touch $@

build/flags.mk: Makefile build/have-build
	@printf 'PACKAGE_CFLAGS = %s\nPROGRAM_LIBS = %s\nDRAWING_LIBS = %s\n' \
		"$$(pkg-config --cflags $(LIBRARIES) $(DRAWING_LIBRARIES))" "$$(pkg-config --libs $(LIBRARIES)) -lcsv -lm" \
		"$$(pkg-config --libs $(DRAWING_LIBRARIES))" > $@

# --- building --------------------------------------------------------------------------------------

PACKAGE_LIBS = $(PROGRAM_LIBS) $(DRAWING_LIBS)
$(PROGRAM): $(filter-out $(DRAWING_OBJECTS),$(OBJECTS))
	@echo "link $@"
	@$(CC) $(CFLAGS) $(FIXED) $(LDFLAGS) -rdynamic -o $@ $^ $(PROGRAM_LIBS)

# It takes what else it needs from the program.
$(DRAWING_OBJECTS): FIXED += -fPIC
$(DRAWING): $(DRAWING_OBJECTS)
	@echo "link $@"
	@$(CC) $(CFLAGS) $(FIXED) $(LDFLAGS) -shared -Wl,-Bsymbolic -o $@ $^ $(DRAWING_LIBS)

# The vector code, once for each width of registers (src/search/lanes.h); elsewhere than on x86-64 the least width only.
# What it computes is computed anew in double, so it may fuse multiply and add.
VECTOR = -O3 -ffp-contract=fast -fno-math-errno -Wno-psabi
$(BUILD)/src/search/vector.o: FIXED += $(VECTOR)
$(WIDER): $(BUILD)/src/search/vector.%.o: src/search/vector.c build/flags.mk
	@mkdir -p $(@D)
	@echo "compile $< for $*"
	@$(CC) $(CFLAGS) $(FIXED) $(VECTOR) -march=$* -DVECTOR_LANES=$(LANES_$*) $(WARNINGS) -Isrc $(PACKAGE_CFLAGS) \
		-MMD -MP -c -o $@ $<

$(BUILD)/%.o: %.c build/flags.mk
	@mkdir -p $(@D)
	@echo "compile $<"
	@$(CC) $(CFLAGS) $(FIXED) $(WARNINGS) -Isrc $(PACKAGE_CFLAGS) -MMD -MP -c -o $@ $<

# The files of profiles/ as bytes and a table of them (src/base/embedded.h).
$(BUILD)/embedded.S: $(PROFILES) packaging/embed
	@mkdir -p $(@D)
	@sh packaging/embed $(PROFILES) > $@

$(BUILD)/embedded.o: $(BUILD)/embedded.S
	@$(CC) -c -o $@ $<

-include $(OBJECTS:.o=.d) $(wildcard $(BUILD)/tests/unit/*.d)

man: $(BUILD)/follitone.1
$(BUILD)/follitone.1: $(PROGRAM)
	@$(PROGRAM) help --format man | scdoc > $@

# --- languages ---------------------------------------------------------------------------------------

$(BUILD)/locale/%/LC_MESSAGES/follitone.mo: src/report/languages/%.po build/flags.mk
	@mkdir -p $(@D)
	@msgfmt --check -o $@ $<

# Every word of a page that the source marks (src/report/language.h).
$(BUILD)/follitone.pot: $(sort $(wildcard src/cli/*.c src/report/*.c))
	@mkdir -p $(@D)
	@xgettext --from-code=UTF-8 --language=C --keyword= --keyword=_ --keyword=N_ --keyword=_n:1,2 --add-location=file \
		--package-name=follitone -o - $^ | sed '/^"POT-Creation-Date/d' > $@

words: $(BUILD)/follitone.pot ## bring src/report/languages up to date with the source
	@for file in $(LANGUAGES); do msgmerge --quiet --update --backup=none --no-fuzzy-matching --add-location=file $$file $<; done

# --- running ---------------------------------------------------------------------------------------

demo: all ## build, run the example case, say where its card is
	@FOLLITONE=$(PROGRAM) sh recipes/example/demo build/demo

check: build/have-test all $(UNIT_TESTS) $(REPLAYS) ## build and run every test
	@BUILD=$(BUILD) sh tests/run

# A test program links the rooms, not the doors.
SETTINGS = $(BUILD)/tests/unit/support.o $(BUILD)/tests/unit/large.o
$(BUILD)/tests/%: $(BUILD)/tests/unit/%.o $(SETTINGS) $(LIBRARY_OBJECTS)
	@mkdir -p $(@D)
	@echo "link $@"
	@$(CC) $(CFLAGS) $(FIXED) $(LDFLAGS) $(TEST_LINK) -o $@ $^ $(PACKAGE_LIBS) -lcmocka

$(BUILD)/tests/test_file: TEST_LINK = -Wl,--wrap=rename -Wl,--wrap=fsync -Wl,--wrap=write
$(UNIT_TESTS:$(BUILD)/tests/%=$(BUILD)/tests/unit/%.o) $(SETTINGS): build/have-test

# The fuzz targets, built to replay what is in tests/fuzz/corpus (and, by `make fuzz`, to look for more).
$(BUILD)/tests/replay_%: tests/fuzz/fuzz.c $(LIBRARY_OBJECTS)
	@mkdir -p $(@D)
	@echo "link $@"
	@$(CC) $(CFLAGS) $(FIXED) $(WARNINGS) -Isrc $(PACKAGE_CFLAGS) -DFUZZ_REPLAY -DFUZZ_TARGET='"$*"' \
		$(LDFLAGS) -o $@ $^ $(PACKAGE_LIBS)

$(BUILD)/fuzz_%: tests/fuzz/fuzz.c $(LIBRARY_OBJECTS)
	@echo "link $@"
	@$(CC) $(CFLAGS) -fsanitize=fuzzer $(FIXED) -Isrc $(PACKAGE_CFLAGS) -DFUZZ_TARGET='"$*"' -o $@ $^ \
		$(PACKAGE_LIBS)

fuzz: build/have-fuzz ## SECONDS of libFuzzer on each reader of strangers' bytes
	@$(MAKE) --no-print-directory BUILD=build/fuzz CC=clang \
		CFLAGS="-O1 -g -fsanitize=fuzzer-no-link,address" $(FUZZ_TARGETS:%=build/fuzz/fuzz_%)
	@SECONDS=$(SECONDS) sh tests/fuzz/run $(FUZZ_TARGETS)

.SECONDARY:
.DELETE_ON_ERROR:

lint: build/have-lint ## rules of the house, format, static analysis
	@sh tests/lint

SANITIZE = -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
asan: ## every test under address, undefined-behaviour and leak checks
	@$(MAKE) --no-print-directory BUILD=build/asan CFLAGS="-O1 -g $(SANITIZE)" \
		LSAN_OPTIONS=suppressions=$(CURDIR)/tests/lsan.supp:print_suppressions=0 check

cover: build/have-cover ## test coverage, line by line, in build/cover.html
	@$(MAKE) --no-print-directory BUILD=build/cover CFLAGS="-O0 -g --coverage" check
	@gcovr --root . --filter src/ --html-details build/cover.html --print-summary build/cover

# PEERS: numbers of pigments with which the search is timed against other methods; PROOF60=1: one proof with 60.
PEERS = 12 30 60 100
# COUNT: versions in the store that is measured.
COUNT = 100000
bench: build/have-bench all $(BUILD)/tests/bench $(BUILD)/tests/bench_store $(BUILD)/tests/bench_match \
		$(BUILD)/tests/bench_pictures ## how fast it is on this machine
	@BUILD=$(BUILD) PEERS="$(PEERS)" PROOF60="$(PROOF60)" COUNT="$(COUNT)" sh tests/bench

$(BUILD)/tests/bench $(BUILD)/tests/bench_store: $(BUILD)/tests/%: $(BUILD)/tests/unit/%.o $(LIBRARY_OBJECTS)
	@mkdir -p $(@D)
	@$(CC) $(CFLAGS) $(FIXED) $(LDFLAGS) -o $@ $^ $(PACKAGE_LIBS)

# What the search is compared with is built for this very machine.
PEERS_OBJECTS = $(patsubst %,$(BUILD)/tests/unit/%.o,bench_match bench_report peers peer_model peer_exchange)
$(PEERS_OBJECTS) $(BUILD)/tests/unit/bench_pictures.o: build/have-bench build/have-test
$(BUILD)/tests/unit/peers.o $(BUILD)/tests/unit/peer_model.o: \
	FIXED += -O3 -march=native -ffast-math -fno-finite-math-only -ffp-contract=fast

$(BUILD)/tests/bench_match: $(PEERS_OBJECTS)
$(BUILD)/tests/bench_pictures: $(BUILD)/tests/unit/bench_pictures.o
$(BUILD)/tests/bench_match $(BUILD)/tests/bench_pictures: $(SETTINGS) $(LIBRARY_OBJECTS)
	@mkdir -p $(@D)
	@$(CC) $(CFLAGS) $(FIXED) $(LDFLAGS) -o $@ $^ $(PACKAGE_LIBS) -lcmocka

install: all ## install below $(DESTDIR)$(PREFIX)
	install -D $(PROGRAM) $(DESTDIR)$(PREFIX)/bin/follitone
	install -D -m 644 $(DRAWING) $(DESTDIR)$(PREFIX)/lib/follitone/drawing.so
	for file in $(CATALOGUES); do install -D -m 644 $$file $(DESTDIR)$(PREFIX)/share/$${file#$(BUILD)/} || exit 1; done
	install -D -m 644 $(BUILD)/follitone.1 $(DESTDIR)$(PREFIX)/share/man/man1/follitone.1
	install -d $(DESTDIR)$(PREFIX)/share/bash-completion/completions
	$(PROGRAM) help --format bash > $(DESTDIR)$(PREFIX)/share/bash-completion/completions/follitone
	install -D -m 644 LICENSE $(DESTDIR)$(PREFIX)/share/doc/follitone/LICENSE
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/doc/follitone README.md CHANGELOG.md
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/doc/follitone/example recipes/example/*

clean: ## remove what was built
	rm -rf build
