# What people type. `make run` and `make test` install what they need on a Debian machine; everything else assumes it is there.

SHELL := /bin/bash
export LANG ?= C.UTF-8

# As few sets of tags as there are programs: the C code of SQLite is compiled once for each.
TAGS        := sqlite_fts5
WINDOW_TAGS := desktop,production,webkit2_41,sqlite_fts5
GOBUILD     := go build -buildvcs=false

# npm writes this file last, so it is there only after a complete install.
MODULES := frontend/node_modules/.package-lock.json
UI      := frontend/dist/index.html
UI_FROM := $(shell find frontend/src frontend/public frontend/index.html frontend/vite.config.* frontend/tools/px-to-rem.ts \
             frontend/tsconfig*.json frontend/svelte.config.* -type f 2>/dev/null)

.PHONY: help run test prove properties cluster webview million check build ui window headless windows bindings bench costs dev setup clean wine

help:
	@echo 'make run       install what is missing, build, open the window (ARGS="--data DIR" passes options)'
	@echo 'make test      install what tests need, check everything, run every test'
	@echo 'make prove     the long proof of sync: power cuts, kills, broken networks, under 20 minutes'
	@echo 'make properties  the laws of recorded time, 100,000 cases each, and a year of it on virtual time'
	@echo 'make cluster   two nodes over PostgreSQL, NATS and S3, broken while people work; ARGS="--seconds 120"'
	@echo 'make webview   a room of 100,000 messages in WebKitGTK: nothing moves, no frame is blank'
	@echo 'make million   searches in 1,000,000 messages: median and 95th of each, against reading a page'
	@echo 'make check     formatting, vet for three systems, linters, unit tests of the screens'
	@echo 'make build     build/bin/trestle (window) and build/bin/headless/trestle (no window libraries)'
	@echo 'make windows   the same two for Windows, in build/bin/windows (needs gcc-mingw-w64-x86-64)'
	@echo 'make wine      what is written for Windows alone, tested under Wine (needs wine, xvfb, gcc-mingw-w64-x86-64)'
	@echo 'make exports   timesheets opened by LibreOffice and pdftotext (both must be installed)'
	@echo 'make bench     benchmarks'
	@echo 'make costs     what tracking costs: processor and wake-ups, against a sleeping process, polling and the whole program'
	@echo 'make bindings  write frontend/src/bridge/api.ts from the Go code'
	@echo 'make dev       the screens with live reload in a browser'
	@echo 'make clean     remove what was built'

run: setup
	@$(MAKE) --no-print-directory window
	./build/bin/trestle $(ARGS)

test:
	@./build/setup test
	@node build/test.mjs

prove:
	@./build/setup test
	@node build/prove.mjs $(ARGS)

# Whatever is recorded, in whatever order it arrives: see TestMain of the two packages.
properties:
	go test -tags $(TAGS) -timeout 2h -count 1 -run 'TestT|TestLaw' ./internal/workroom ./internal/tracker -rapid.checks=100000
	TRESTLE_YEARS=20 go test -tags $(TAGS) -timeout 2h -count 1 -v -run 'TestYear' ./internal/proof

cluster:
	@./build/setup test
	@$(MAKE) --no-print-directory headless
	@node build/cluster.mjs $(ARGS)

# The engine of the window on Linux without the window: nothing drives Wails' own.
webview: headless
	@./build/setup test
	$(GOBUILD) -tags webview -o build/bin/webview ./build/webview
	node frontend/tests/listwebkit.mjs $(ARGS)

million:
	go test -tags $(TAGS) -run '^$$' -bench 'Million' -benchtime 100x ./internal/replica

# Debian: apt-get install --no-install-recommends libreoffice-calc-nogui poppler-utils
exports:
	TRESTLE_READERS=1 go test -tags $(TAGS) -count 1 -run 'OtherPrograms' -v ./internal/timesheet

setup:
	@./build/setup run

check: $(MODULES)
	@./build/check

build: window headless

ui: $(UI)

# Not `npm ci`: it refuses the lock file on a registry that lacks the optional packages of other systems. This installs the locked
# versions, with their checksums, and writes neither package.json nor the lock.
$(MODULES): frontend/package-lock.json
	cd frontend && npm install --no-save --no-audit --no-fund
	@touch $@

# The folder is committed with a .gitkeep so that a fresh clone can be vetted before the screens are built.
$(UI): $(MODULES) $(UI_FROM)
	cd frontend && npm run --silent build
	@touch frontend/dist/.gitkeep $@

window: $(UI)
	@[ -e build/bin/trestle ] || echo 'compiling; the first time it takes some minutes and says nothing'
	$(GOBUILD) -tags $(WINDOW_TAGS) -o build/bin/trestle .

headless: $(UI)
	$(GOBUILD) -tags $(TAGS) -o build/bin/headless/trestle .

# Compiled and vetted, never run. The window's copy has no console, so the command line is a copy of its own.
windows: export GOOS = windows
windows: export GOARCH = amd64
windows: export CGO_ENABLED = 1
windows: export CC = x86_64-w64-mingw32-gcc
windows: $(UI)
	x86_64-w64-mingw32-windres -I build/windows -o rsrc_windows_amd64.syso build/windows/trestle.rc
	$(GOBUILD) -tags desktop,production,sqlite_fts5 -ldflags '-s -w -H windowsgui' -o build/bin/windows/trestle.exe .
	$(GOBUILD) -tags $(TAGS) -ldflags '-s -w' -o build/bin/windows/trestle-cli.exe .

# Never part of `make test`: Wine is large. A Windows of its own has seen none of it.
wine:
	build/wine $(ARGS)

bindings:
	go test -tags $(TAGS) -run '^TestAPI$$' ./app -update

bench: $(UI)
	go test -tags $(TAGS) -run '^$$' -bench . -benchmem ./...
	$(MAKE) --no-print-directory headless
	node frontend/tests/journey.mjs --measure

# On a quiet machine: each figure is a minute of one process.
costs:
	TRESTLE_COSTS=1m go test -tags $(TAGS) -count 1 -timeout 30m -v -run 'TestT06_CostOf' ./internal/input ./app

dev: $(MODULES) headless
	@./build/dev $(ARGS)

clean:
	rm -rf build/bin build/out build/tools/bin frontend/node_modules
	find frontend/dist -mindepth 1 ! -name .gitkeep -delete
