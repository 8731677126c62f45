"""What a poll costs: CPU per page and peak memory of the whole process `vigie poll --all`, start-up included."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

SIZES = (101, 1010)
RUNS = 3
TARGETS = {"first sweep": 20.0, "all 304": 2.5, "all 200, tokens differ": 3.0, "10 % changed": 5.0}


@dataclass(frozen=True)
class Sweep:
    """One run of the command."""

    cpu_ms_per_page: float
    peak_mb: float
    changes: int
    outcomes: dict[str, int]


def main() -> None:
    print(f"CPU ms per page, whole process, medians of {RUNS} runs")
    print(f"{'pages':>6} {'sweep':<26}{'ms':>7}{'target':>8}{'peak MB':>9}{'changes':>9}  outcomes")
    with site() as base:
        for pages in SIZES:
            runs = [course(base, pages) for _ in range(RUNS)]
            for name in runs[0]:
                sweeps = [run[name] for run in runs]
                show(pages, name, sweeps)
        bare(base)


def course(base: str, pages: int) -> dict[str, Sweep]:
    """A first sweep and what may follow it, on one database."""
    with tempfile.TemporaryDirectory() as folder:
        sources = Path(folder, "sources.yaml")
        sources.write_text(catalogue(base, pages))
        found = {}
        for name, mode in (
            ("first sweep", "plain"),
            ("all 304", "cached"),
            ("all 200, tokens differ", "tokens"),
            ("10 % changed", "news"),
            ("40 % noise, no news", "noise"),
            ("10 % broken", "broken"),
            ("and back", "noise"),
        ):
            urllib.request.urlopen(f"{base}/_mode/{mode}").read()
            found[name] = sweep(folder, sources, pages)
        return found


def sweep(folder: str, sources: Path, pages: int) -> Sweep:
    out = Path(folder, "out.jsonl")
    command = [
        *(str(Path(sys.executable).parent / "vigie"), "poll", "--all", "--json", "--allow-private"),
        *("--sources", str(sources), "--database", f"sqlite:///{folder}/bench.db"),
    ]
    with out.open("w") as stream:
        process = subprocess.Popen(command, stdout=stream, stderr=subprocess.DEVNULL)
        _, _, used = os.wait4(process.pid, 0)
        process.returncode = 0
    lines = [json.loads(line) for line in out.read_text().splitlines()]
    outcomes: dict[str, int] = {}
    for line in lines:
        outcomes[line["outcome"]] = outcomes.get(line["outcome"], 0) + 1
    return Sweep(
        cpu_ms_per_page=(used.ru_utime + used.ru_stime) * 1000 / pages,
        peak_mb=used.ru_maxrss / 1024,
        changes=sum(len(line["changes"]) for line in lines),
        outcomes=outcomes,
    )


def show(pages: int, name: str, sweeps: list[Sweep]) -> None:
    cost = median(s.cpu_ms_per_page for s in sweeps)
    peak = max(s.peak_mb for s in sweeps)
    target = f"{TARGETS[name]:.1f}" if name in TARGETS and pages == SIZES[-1] else ""
    outcomes = " ".join(f"{key}={count}" for key, count in sorted(sweeps[0].outcomes.items()))
    print(
        f"{pages:>6} {name:<26}{cost:>7.2f}{target:>8}{peak:>9.0f}{sweeps[0].changes:>9}  {outcomes}",
        flush=True,
    )


def bare(base: str) -> None:
    """For scale: the same pages through a bare httpx loop, in this process."""
    import httpx

    urllib.request.urlopen(f"{base}/_mode/tokens").read()
    with httpx.Client() as client:
        before = resource.getrusage(resource.RUSAGE_SELF)
        for n in range(500):
            client.get(f"{base}/p{n}/Actualites").raise_for_status()
        after = resource.getrusage(resource.RUSAGE_SELF)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"   for scale: a bare httpx loop, 200: {spent * 1000 / 500:.2f} ms per page")


def catalogue(base: str, pages: int) -> str:
    """`pages` sources over 101 préfectures, one platform, no gap."""
    lines = [
        "platforms:",
        "  ide: {gap: 0s, jitter: 0, brake: {after: 3, for: 1s}}",
        "defaults: {platform: ide, every: 1h, layout: dsfr}",
        "prefectures:",
    ]
    for code in range(101):
        lines += [f'  "{code:03}":', f"    name: D{code}", f"    home: {base}/", "    pages:"]
        for n in range(code, pages, 101):
            lines.append(f"      - {{id: {code:03}-{n}, kind: news, url: '{base}/p{n}/Actualites'}}")
    return "\n".join(lines) + "\n"


@contextmanager
def site() -> Iterator[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.site"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    try:
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
    finally:
        process.communicate("")


if __name__ == "__main__":
    main()
