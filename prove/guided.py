"""`python -m prove.guided TARGET [SECONDS]`: a target of prove/attack/fuzz.py under atheris, guided by coverage.

Atheris is large and not among what the project installs: `pip install atheris` first. What breaks a target is
left in the working folder.
"""

from __future__ import annotations

import sys
import tempfile
import time
from contextlib import suppress
from importlib import import_module
from pathlib import Path

SLOW = 10.0  # seconds of a core for one input: what counts the branches slows the code down several times


def main() -> None:
    atheris = import_module("atheris")
    with atheris.instrument_imports(include=["watcher", "notifiers"]):
        fuzz = import_module("prove.attack.fuzz")
    target = fuzz.TARGETS[sys.argv[1]]
    seconds = sys.argv[2] if len(sys.argv) > 2 else "600"

    def one(data: bytes) -> None:
        begun = time.thread_time()
        with suppress(fuzz.OURS):
            target.run(data)
        if time.thread_time() - begun > SLOW:
            raise TimeoutError(f"more than {SLOW:.0f} s of a core")

    with tempfile.TemporaryDirectory() as corpus:
        for number, seed in enumerate(target.seeds()):
            (Path(corpus) / str(number)).write_bytes(seed)
        limits = [f"-max_total_time={seconds}", "-timeout=120", "-rss_limit_mb=2000"]
        atheris.Setup([sys.argv[0], *limits, corpus], one)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
