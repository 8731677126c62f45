"""urlwatch on the same pages, in a virtual environment that is thrown away."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.polling.scene import Scene
from bench.polling.sweeps import Used, spent

VERSION = "2.29"
SETTINGS = "report:\n  stdout:\n    enabled: true\n    color: false\n"


@contextmanager
def urlwatch() -> Iterator[Path]:
    """Its program. Raises `CalledProcessError` where it cannot be installed."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        pip = [f"{folder}/bin/pip", "install", "-qq", "--disable-pip-version-check", f"urlwatch=={VERSION}"]
        subprocess.run(pip, check=True, stdout=sys.stderr)
        yield Path(folder, "bin", "urlwatch")


def swept(program: Path, scene: Scene, pages: int) -> Used:
    """Every page answers 200 with other tokens outside its main element, which is what is watched of it."""
    with tempfile.TemporaryDirectory() as folder:
        jobs = (f"url: {scene.page(n)}\nfilter:\n  - css: main\n" for n in range(pages))
        Path(folder, "urls.yaml").write_text("---\n".join(jobs))
        Path(folder, "urlwatch.yaml").write_text(SETTINGS)
        command = [
            *(str(program), "--urls", f"{folder}/urls.yaml", "--config", f"{folder}/urlwatch.yaml"),
            *("--cache", f"{folder}/cache.db", "--hooks", f"{folder}/hooks.py"),
        ]
        scene.become("plain")
        spent(command, pages, Path(folder, "out"))
        scene.become("tokens")
        return spent(command, pages, Path(folder, "out"))
