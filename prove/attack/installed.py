"""What is installed: units of systemd and how much of the machine they could reach; packages and their hashes."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from prove.report import Figure

ROOT = Path(__file__).resolve().parents[2]
MOST = 2.0  # of ten, as systemd counts


def attack() -> list[Figure]:
    return [_exposure(), _locked()]


def _exposure() -> Figure:
    units = sorted((ROOT / "deploy").glob("*.service"))
    name, promise = f"{len(units)} units: most exposed, by systemd-analyze security", f"at most {MOST:g}"
    program = shutil.which("systemd-analyze")
    if program is None:
        return Figure(name, "not measured, there is no systemd-analyze here", promise)
    levels: list[float] = []
    for unit in units:
        command = [program, "security", "--offline=true", "--no-pager", str(unit)]
        said = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        levels += map(float, re.findall(r"Overall exposure level for \S+: ([\d.]+)", said.stdout))
    if len(levels) < len(units):
        return Figure(name, f"not measured, systemd-analyze read {len(levels)} of them", promise)
    return Figure(name, f"{max(levels):.1f}", promise, kept=max(levels) <= MOST)


def _locked() -> Figure:
    """One that is locked begins a line; its hashes follow, indented."""
    packages = bare = 0
    for lock in sorted(ROOT.glob("requirements*.lock")):
        for wanted in re.split(r"\n(?=\S)", lock.read_text(encoding="utf-8").strip()):
            if wanted.startswith("#"):
                continue
            packages += 1
            bare += "--hash=sha256:" not in wanted or "==" not in wanted
    return Figure(
        f"{packages} packages in lock files: without version or hash", str(bare), "0", kept=not bare
    )
