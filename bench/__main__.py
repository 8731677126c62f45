"""Runs the programs that are named, or all of them."""

from __future__ import annotations

import sys
from importlib import import_module

PROGRAMS = ("entrance", "enumeration", "deliver", "mail", "pages", "polling", "reading", "serving")


def main() -> None:
    for name in sys.argv[1:] or PROGRAMS:
        if name not in PROGRAMS:
            sys.exit(f"bench: no program {name} (there are: {', '.join(PROGRAMS)})")
        print(f"== {name}", flush=True)
        import_module(f"bench.{name}").main()


if __name__ == "__main__":
    main()
