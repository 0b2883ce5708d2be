# Two commands: `make report` and `make test`. Each does all the set-up it needs; a second run reuses it.
PYTHON ?= python3
VENV := .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
STAMP := $(VENV)/.set-up
CORPUS ?=
OUT ?= reports
REPORT_LANG ?= en

export UV_PYTHON_DOWNLOADS := never
export PYTHONUTF8 := 1
export REPORT_LANG

.PHONY: report test setup lab lint bench lock data clean

report: $(STAMP)
	$(BIN)/python -m analysis report $(if $(CORPUS),"$(CORPUS)") --out "$(OUT)"

test: $(STAMP)
	$(BIN)/python -m pytest -n auto --dist loadfile

setup: $(STAMP)

lab: $(STAMP)
	$(BIN)/jupyter lab notebooks/00_start.ipynb

lint: $(STAMP)
	$(BIN)/ruff check analysis tests benchmarks docs
	$(BIN)/ruff format --check analysis tests benchmarks docs
	$(BIN)/mypy

# The virtual environment: exact versions, checked against the hashes of the lock file; first uv, which installs the others.
$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; $(PYTHON) is `$(PYTHON) --version 2>&1`. Try: make PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
	sed -n '/^uv==/,/[^\\]$$/p' requirements.lock > $(VENV)/uv.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(VENV)/uv.txt
	$(BIN)/uv pip install --python $(BIN)/python --require-hashes --build-constraints requirements.lock --compile-bytecode -r requirements.lock
	$(BIN)/uv pip install --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

# What is fast and how good the rules are; needs the real reports beside the clone and a quiet machine.
bench: $(STAMP)
	@$(BIN)/python benchmarks/imports.py
	@$(BIN)/python benchmarks/tokeniser.py
	@$(BIN)/python benchmarks/passages.py
	@$(BIN)/python benchmarks/restoring.py
	@$(BIN)/python benchmarks/features.py
	@$(BIN)/python benchmarks/report.py
	@$(BIN)/python benchmarks/profiles.py
	@$(BIN)/python benchmarks/keyness_calibration.py time

# New versions of everything: run by hand, then run the tests.
lock: $(STAMP)
	$(BIN)/uv pip compile pyproject.toml --extra test --extra build --universal --generate-hashes --no-annotate --no-header --no-emit-index-url --python-version 3.11 --upgrade -o requirements.lock

# What is shipped, made again from the real texts beside the clone and from the sample. A change of the dictionary or of cleaning
# changes the counts: run this, and say so in the changelog.
data: $(STAMP)
	$(BIN)/python data/build/places.py
	$(BIN)/python data/build/counties.py
	$(BIN)/python tests/damage.py
	$(BIN)/python -m analysis features ../shared/corpus/lawtext-gov --where "level == 'city'" --title "Government work reports of Chinese cities" --out data/city_reports
	$(BIN)/python data/build/admission.py
	$(BIN)/python data/build/agreement.py
	$(BIN)/python data/build/state_council.py
	$(BIN)/python -m analysis features ../shared/corpus/web_pages --title "Real web pages" --out data/web_pages

clean:
	rm -rf $(VENV) reports build dist .pytest_cache .mypy_cache .ruff_cache
