# `make` lists the targets. Every figure and check of this project comes from one of them.
.DEFAULT_GOAL := help
.PHONY: help matrix gremlins build test deps fuzz fuzz-score soak bench zoo fixed blind lint

N ?= 100
FUZZTIME ?= 60s

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## build bin/ssespec
	go build -o bin/ssespec ./cmd/ssespec

test: ## run every test (under ten minutes); the last line names what could not run
	@bash .ci/test

deps: ## install what the tests need besides Go (Debian, as root)
	@bash .ci/deps

fuzz: ## 5 million random streams against the second parser, then every native fuzz target, FUZZTIME=60s each
	SSESPEC_STREAMS=5000000 go test -count=1 -timeout 60m ./fuzz
	@FUZZTIME=$(FUZZTIME) bash .ci/fuzz

fuzz-score: ## ssespec fuzz client on every mutant as a process, and on pairs: 95 % found, the same files twice (a quarter of an hour)
	go run ./.ci/fuzz-score

soak: ## N=100 built-in runs beside a busy machine (needs stress-ng): one digest of verdicts
	@bash .ci/soak $(N)

zoo: ## run the suite on every adapter in runner/adapters (make zoo-NAME: on one)
	@bash .ci/zoo

zoo-%:
	@bash .ci/zoo $*

fixed: ## show on bugs that a release repaired that the suite finds them (network: npm, PyPI, Go proxy, crates.io)
	@bash .ci/fixed

blind: ## 200 clients with two to four bugs: the diagnosis names those, and no other
	SSESPEC_BLIND=200 go test -count=1 -timeout 30m -v ./runner -run TestRunner -ginkgo.focus 'bugs it is not told'

matrix: ## put every mutant to every case (minutes), and keep in cases/matrix.txt which kills which
	SSESPEC_MATRIX=1 go test -count=1 -timeout 60m ./runner/reference -ginkgo.focus 'The matrix of mutants and cases is that of these'

gremlins: ## bend the operators of the plain parser: the cases alone must kill 95 % (a quarter of an hour)
	@bash .ci/gremlins

bench: ## the benchmarks: the parser, and streams a second through adapters as processes (network: npm)
	go test -run '^$$' -bench . -benchmem ./spec
	npm ci --silent --no-audit --no-fund --prefix runner/adapters/js/eventsource-parser
	go test -run '^$$' -bench . ./runner/stdio

lint: ## golangci-lint, where it is installed
	golangci-lint run ./...
