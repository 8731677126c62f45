"""`./run.sh bench [NAME…] [--long] [--write] [--json]`: measures, and says what it came to beside what was wanted.

All of them (25 to 40 minutes on two cores), or `--write`: docs/performance.md is made anew, chapter by chapter. Each
program runs in a process of its own, one after the other. A target that is missed is told, not punished.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from types import ModuleType

from bench import page
from bench.apart import measured, module
from bench.figures import as_json, as_text

PROGRAMS = (
    "freshness",
    "polling",
    "reading",
    "pages",
    "serving",
    "growth",
    "latency",
    "deliver",
    "mail",
    "enumeration",
    "entrance",
    "fleet",
    "discovery",
)


def main() -> int:
    options = _options(sys.argv[1:])
    if len(options.programs) == 1 and _answered(module(options.programs[0]), options):
        return 0
    asked = [one for one in sys.argv[1:] if one not in (*PROGRAMS, "--write", "--json")]
    failed = []
    for name in options.programs or PROGRAMS:
        begun = time.monotonic()
        print(f"bench: {name} …", file=sys.stderr, flush=True)
        try:
            chapter = measured(name, options)
        except RuntimeError as error:
            print(f"bench: {name}: {error}", file=sys.stderr, flush=True)
            failed.append(name)
            continue
        seconds = time.monotonic() - begun
        told = "\n".join(as_json(name, chapter)) if options.json else f"{as_text(chapter)}\n  {seconds:.0f} s"
        print(told, flush=True)
        if options.write or not options.programs:
            page.write(name, chapter, seconds, PROGRAMS, asked)
    return 1 if failed else 0


def _answered(program: ModuleType, options: argparse.Namespace) -> bool:
    """Whether the program's own arguments asked for something else than its chapter; that is printed here."""
    lines = program.answer(options) if hasattr(program, "answer") else None
    for line in lines or ():
        print(json.dumps(line, ensure_ascii=False), flush=True)
    return lines is not None


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("programs", metavar="NAME", nargs="*", help=", ".join(PROGRAMS))
    parser.add_argument("--long", action="store_true", help="with the largest sizes; takes hours")
    parser.add_argument("--write", action="store_true", help="write the chapters into docs/performance.md")
    parser.add_argument("--json", action="store_true", help="one object a figure")
    named = [name for name in arguments if name in PROGRAMS]
    if len(named) == 1 and hasattr(program := module(named[0]), "arguments"):
        program.arguments(parser)
    options = parser.parse_args(arguments)
    for name in options.programs:
        if name not in PROGRAMS:
            parser.error(f"no program {name} (there are: {', '.join(PROGRAMS)})")
    return options


if __name__ == "__main__":
    sys.exit(main())
