#!/usr/bin/env bash
# The one entry point for work on the project: it sets itself up in .venv from the lock files and says what it does.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

usage() {
  cat <<'TEXT'
usage: ./run.sh COMMAND [ARGUMENT…]

  serve            set up, then run the watcher and its web pages (SQLite in var/, the shipped sources.yaml)
  demo             set up, then run them against a replica of the préfectures' platform: a week in a minute
  test [ARG…]      set up, then run the tests (arguments go to pytest)
  check            format, lint, types, import directions, the tests with branch coverage, and the short proofs
  bench [NAME…]    measure, and write docs/performance.md (25 to 40 minutes; of those NAMEd only with --write)
  prove [--long]   try to break what is promised, and print what became of it (--write: docs/reliability.md)
  record SOURCE    save a recording of one watched page under tests/pages/
  lock             renew the lock files from pyproject.toml
TEXT
}

say() { printf '\033[1m▸ %s\033[0m\n' "$*" >&2; }

find_python() {
  local candidate
  for candidate in "${PYTHON:-}" python3.11 python3.12 python3.13 python3.14 python3; do
    if [ -n "$candidate" ] && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      echo "$candidate"
      return
    fi
  done
  say "Python 3.11 or newer is needed and was not found (Debian: apt-get install python3)"
  exit 2
}

make_venv() {
  local python
  python=$(find_python)
  say "creating .venv with $("$python" --version)"
  if ! "$python" -c 'import ensurepip' 2>/dev/null; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
      say "installing Debian's python3-venv, which .venv needs"
      apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null
    else
      say "this Python cannot make virtual environments: apt-get install python3-venv, then try again"
      exit 2
    fi
  fi
  rm -rf .venv
  "$python" -m venv .venv
}

# setup LOCKFILE: installs what the lock file lists, unless the same list is installed already
setup() {
  local lock=$1 stamp wanted
  [ -x .venv/bin/python ] && .venv/bin/python -c '' 2>/dev/null || make_venv
  wanted=$(cat "$lock" pyproject.toml | sha256sum | cut -c1-16)
  stamp=.venv/.installed-$lock
  if [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
    say "installing what $lock lists (hashes checked)"
    .venv/bin/python -m pip install -qq --disable-pip-version-check --require-hashes -r "$lock"
    .venv/bin/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
    echo "$wanted" >"$stamp"
  fi
  # Each start would compile all of this again where Python may not write its caches on its own.
  .venv/bin/python -m compileall -q watcher storage notifiers
}

# The journey of a reader needs a browser; without one it is skipped, and says so.
browser() {
  command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null && return
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    say "installing Debian's chromium, with which the journey of a reader is made"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; } \
      >/dev/null 2>&1 && return
  fi
  say "no chromium could be had: the journey of a reader is skipped (Debian: apt-get install chromium)"
}

check() {
  browser
  say "format"
  .venv/bin/ruff format --check .
  say "lint"
  .venv/bin/ruff check .
  say "types"
  .venv/bin/mypy
  say "import directions"
  .venv/bin/lint-imports
  say "tests, with branch coverage"
  rm -f .coverage .coverage.*
  .venv/bin/coverage run -m pytest -n 2 --dist loadfile "$@"
  .venv/bin/coverage combine -q
  .venv/bin/coverage report --skip-covered --sort=cover
  [ $# -gt 0 ] && return
  say "proofs, in their short form"
  .venv/bin/python -m prove
}

command=${1:-}
[ $# -gt 0 ] && shift
case "$command" in
  serve | demo)
    setup requirements.lock
    say "vigie $command $* (stop with Ctrl-C)"
    exec .venv/bin/vigie "$command" "$@"
    ;;
  record)
    setup requirements.lock
    exec .venv/bin/vigie sources record "$@"
    ;;
  test)
    setup requirements-dev.lock
    say "pytest"
    exec .venv/bin/python -m pytest -n 2 --dist loadfile "$@"
    ;;
  check)
    setup requirements-dev.lock
    check "$@"
    ;;
  bench)
    setup requirements-dev.lock
    exec .venv/bin/python -m bench "$@"
    ;;
  prove)
    setup requirements-dev.lock
    exec .venv/bin/python -m prove "$@"
    ;;
  lock)
    setup requirements-dev.lock
    say "resolving"
    .venv/bin/python -m pip install --quiet uv
    resolve() {
      .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
        --no-header --no-annotate --upgrade pyproject.toml "$@"
    }
    resolve --group build -o requirements.lock
    resolve --group dev -o requirements-dev.lock
    resolve --group build --extra fleet --extra postgres --extra push -o requirements-server.lock # deploy/
    ;;
  *)
    usage
    [ "$command" = help ] || [ "$command" = --help ] || exit 2
    ;;
esac
