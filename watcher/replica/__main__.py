"""The replica in the foreground: ``python -m watcher.replica --port P --write-sources FILE [--step N]``."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path
from threading import Event

from watcher.replica import WEEKS, Replica


def main() -> int:
    """Serve until Ctrl-C or SIGTERM."""
    options = _options()
    try:
        replica = Replica(
            seed=options.seed,
            hosts=options.hosts,
            limiter=not options.no_limiter,
            port=options.port,
            renamed=options.renamed,
            week=options.week,
        )
        replica.go(options.step)
    except ValueError as error:
        sys.stderr.write(f"replica: {error}\n")
        return 2
    except OSError as error:
        sys.stderr.write(f"replica: cannot listen on port {options.port}: {error}\n")
        return 2
    if options.write_sources:
        options.write_sources.write_text(replica.sources_yaml(gap=options.gap), encoding="utf-8")
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with replica:
        for code in replica.codes:
            sys.stdout.write(f"{code} {replica.base(code)}\n")
        sys.stdout.write(f"control {replica.control} step {replica.step} of {replica.steps}\n")
        sys.stdout.flush()
        stop.wait()
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m watcher.replica", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument(
        "--write-sources", type=Path, metavar="FILE", help="where to write the sources.yaml of this replica"
    )
    parser.add_argument("--step", type=int, default=0, metavar="N", help="which step of the week to begin at")
    parser.add_argument(
        "--week", choices=tuple(WEEKS), default="news", help="that of news, or one of silent changes"
    )
    parser.add_argument("--seed", type=int, default=2025)
    parser.add_argument("--hosts", choices=("addresses", "paths"), default="addresses")
    parser.add_argument("--gap", default="7s", help="the pace that the sources file asks for")
    parser.add_argument("--no-limiter", action="store_true")
    parser.add_argument(
        "--renamed", type=int, metavar="SEED", help="other names and places for the sections of every site"
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
