# What one does with Bottleneck, each a command: `make` lists them. What is missing is installed on the way
# (tools/setup.sh). Native commands use the default Rust, those for wasm the toolchain that the set-up chose.

PORT  ?= 8080
ARGS  ?=

WASM := tools/wasm.sh
# In the profile of the tests, which have compiled most of the macros and build scripts: the site may be built meanwhile, in its own profiles.
WASM_CLIPPY := $(WASM) cargo clippy --locked --target wasm32-unknown-unknown --no-default-features
# The engines without WebGPU, and without training, are checked against the crates that are checked for the others already: with less they
# would be other builds of them.
SAME_CRATES := burn/webgpu,burn/fusion,bhtsne/wasm_js

export CARGO_NET_RETRY ?= 5

# say WHAT: the headline of a phase, with the time
say = @printf '\n%s  == %s\n' "$$(date +%H:%M:%S)" "$(1)"

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help serve build check test setup setup-lints setup-test port format lint lint-wasm compile-tests native-tests site-tests train compare pretraining pca digits evaluate maximise parzen bound time pictures sizes clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

serve: port build ## build the site and serve it on http://localhost:8080 (PORT=... for another port)
	$(call say,serving on http://localhost:$(PORT) until Ctrl-C; an edited file builds the site again)
	@$(WASM) trunk serve --release --no-autoreload --no-spa --port $(PORT) \
		--watch src --watch www --watch index.html

build: setup ## leave the static site in dist/
	$(call say,building the site: a quarter of an hour from nothing and seconds when nothing changed)
	@$(WASM) trunk build --release

# Tests that need the built site or Python are marked `ignore`, with the reason: cargo lists them and goes on.
check: format lint native-tests ## the quick gate: format, lints, and the tests that need neither site nor browser nor Python

# What compiles natively needs Rust alone, and runs beside the rest of the set-up, which waits for downloads. The lints to wasm and the tests
# that need nothing built run beside the building of the site, whose linking keeps one core busy. Their output comes after the site's.
test: setup-lints format ## run every test, the browser's too
	$(call say,beside the set-up and the build: lints and native tests; their output follows)
	@mkdir -p target
	@make="$(MAKE) --no-print-directory"; log=target/native.log; native=; site=; \
	trap 'kill $$native $$site 2>/dev/null; wait; exit 130' INT TERM; \
	$$make lint compile-tests >$$log 2>&1 & native=$$!; \
	if ! $$make setup-test; then wait $$native; cat $$log; exit 1; fi; \
	$$make build & site=$$!; \
	wait $$native && $$make lint-wasm native-tests >>$$log 2>&1; native=$$?; \
	wait $$site; site=$$?; cat $$log; exit $$((native + site))
	@$(MAKE) --no-print-directory site-tests
	$(call say,all tests passed)

train: ## train natively: MODEL=all or the name of a model; ARGS=--help shows the settings
	cargo run --locked --release --bin train -- $(MODEL) $(ARGS)

compare: ## train side by side what is compared: all, or MODEL=stacked, tied, layerwise, sparse or contractive
	cargo run --locked --release --bin train -- $(or $(MODEL),all) --compare $(ARGS)

pretraining: ## measure what unsupervised pretraining is worth, by the number of labels; Ctrl-C saves
	cargo run --locked --release --bin train -- --pretraining $(ARGS)

pca: ## write the principal components that the page compares the models with
	cargo run --locked --release --bin train -- --pca $(ARGS)

digits: ## cut the test digits that the page shows out of the test set
	cargo run --locked --release --bin train -- --test-digits $(ARGS)

evaluate: ## recompute the committed weights' figures on the test images
	cargo run --locked --release --bin train -- $(or $(MODEL),all) --evaluate $(ARGS)

maximise: ## try in how many units gradient ascent on the pixels beats the best test image
	cargo run --locked --release --bin train -- $(or $(MODEL),all) --maximise $(ARGS)

parzen: ## estimate the log-likelihood of the test images by samples of the weights, Gaussians about them
	cargo run --locked --release --bin train -- $(or $(MODEL),all) --parzen $(ARGS)

bound: ## bound the log-likelihood of binarised test images under a variational autoencoder: ARGS="--output FOLDER"
	cargo run --locked --release --bin train -- vae --bound $(ARGS)

time: ## tell how long the training of each model takes here; ARGS=--record writes it on the cards
	cargo run --locked --release --bin train -- $(or $(MODEL),all) --time $(ARGS)

pictures: ## write pictures of what the models make of ten test digits, for the page that compares them
	cargo run --locked --release --bin train -- $(or $(MODEL),all) --pictures $(ARGS)

sizes: ## what a visitor downloads, gzipped
	cargo test --locked --quiet --test site programs -- --include-ignored --nocapture

clean: ## remove what was built; the tools in .tools stay
	rm -rf target dist

# --- The steps of the above ---

setup:
	@tools/setup.sh build

setup-lints:
	@tools/setup.sh lints

setup-test:
	$(call say,setting up)
	@tools/setup.sh test

port:
	@tools/port.sh $(PORT)

format:
	$(call say,format)
	cargo fmt --check

lint:
	$(call say,clippy: native)
	cargo clippy --locked --all-targets -- -D warnings

lint-wasm:
	$(call say,clippy: wasm)
	$(WASM_CLIPPY) --features ui --lib --bin app -- -D warnings
	$(WASM_CLIPPY) --features webgpu --lib --bin engine_gpu -- -D warnings
	$(WASM_CLIPPY) --features training,$(SAME_CRATES) --lib --bin trainer_cpu -- -D warnings
	$(WASM_CLIPPY) --features engine,$(SAME_CRATES) --lib --bin engine_cpu -- -D warnings

compile-tests:
	$(call say,compiling the tests)
	cargo test --locked --no-run

native-tests:
	$(call say,tests that need nothing built)
	cargo test --locked

# The browser's tests drive the site that `build` left in dist/; two others run the models' programs with the tests' Python.
site-tests:
	$(call say,tests that need the site or Python)
	cargo test --locked -- --ignored
