# The two commands of the README are `make demo` and `make test`; each does its own set-up.
.PHONY: demo test bench fonts examples reference golden format

demo: ## Builds, starts the service, makes a PDF through the API, keeps serving (ONCE=1: stops)
	@script/demo

test: ## Everything that must hold before a change is kept
	@script/test

bench: ## Measures us, the peers and the floor; writes bench/RESULTS.md
	@script/bench

fonts: ## Installs the fonts of examples and tests
	@script/fonts

examples: ## Renders the previews of examples/ again
	@script/examples

reference: ## Writes docs/reference/ from the code
	@script/reference

golden: ## Writes the answers of suite cases that no longer hold (CASES=part-of-a-name: only those)
	@script/golden $(CASES)

format: ## Formats the Rust code
	@cargo fmt --all
