"""The pages that are polled: a loopback site in a process of its own, and a catalogue of any number of its pages."""

from __future__ import annotations

import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

KINDS = {"304": ("cached", {"If-None-Match": '"v1"'}), "200, tokens differ": ("tokens", {})}
"""An unchanged page: how the site answers, and what a loop must ask with to be answered so."""
BARE, CHANGED = "bare ", "changed"


@dataclass(frozen=True, slots=True)
class Scene:
    """A running site."""

    base: str

    def become(self, mode: str) -> None:
        """How it answers from now on: see `bench.site`."""
        urllib.request.urlopen(f"{self.base}/_mode/{mode}").read()

    def page(self, number: int) -> str:
        return f"{self.base}/p{number}/Actualites"

    def catalogue(self, pages: int) -> str:
        """`sources.yaml` of `pages` sources over 101 préfectures, one platform, no gap, looks to spare."""
        lines = [
            "platforms:",
            "  ide: {gap: 0s, jitter: 0, per_day: 1000000, brake: {after: 3, for: 1s}}",
            "defaults: {platform: ide, every: 1h, layout: dsfr}",
            "prefectures:",
        ]
        for code in range(101):
            lines += [f'  "{code:03}":', f"    name: D{code}", f"    home: {self.base}/", "    pages:"]
            for n in range(code, pages, 101):
                lines.append(f"      - {{id: {code:03}-{n}, kind: news, url: '{self.page(n)}'}}")
        return "\n".join(lines) + "\n"


@contextmanager
def site() -> Iterator[Scene]:
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.site"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    try:
        yield Scene(f"http://127.0.0.1:{process.stdout.readline().strip()}")
    finally:
        process.communicate("")
