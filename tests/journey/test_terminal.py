"""On a terminal a round shows its progress; elsewhere each line is progress enough."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from tests.fakes.processes import VIGIE, environment, run
from watcher.replica import Replica


def test_progress_is_shown_on_a_terminal_and_only_there(tmp_path: Path) -> None:
    with Replica(hosts="paths", limiter=False, prefectures=["15"]) as replica:
        sources = tmp_path / "sources.yaml"
        sources.write_text(replica.sources_yaml(gap="10ms"), encoding="utf-8")
        arguments = ["poll", "--all", "--sources", str(sources), "--allow-private", "--database"]
        shown, screen = os.openpty()
        seen = subprocess.run(
            [VIGIE, *arguments, f"sqlite:///{tmp_path}/seen.db"],
            stdout=subprocess.PIPE,
            stderr=screen,
            env={**environment(), "TERM": "xterm", "COLUMNS": "100"},
            timeout=30,
            check=True,
        )
        os.close(screen)
        bar = os.read(shown, 65536).decode()
        os.close(shown)
        piped = run(*arguments, f"sqlite:///{tmp_path}/piped.db")

    assert "2/2" in bar
    assert piped.stderr == ""
    assert seen.stdout.decode() == piped.stdout == "15-actualites : ok\n15-sejour : ok\n"
