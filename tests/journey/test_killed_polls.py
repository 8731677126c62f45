"""A poll that is killed at any moment loses nothing and doubles nothing."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from signal import SIGKILL

from tests.fakes.processes import VIGIE, environment, run, until
from watcher.replica import Replica

CODES = ["15", "69", "34", "94", "38", "06", "13", "31", "57", "92"]
KILLS = {3: 1, 6: 5, 10: 9, 12: 14}  # at each step, after so many requests of a round


def test_rounds_that_are_killed_and_begun_again_tell_every_change_once(tmp_path: Path) -> None:
    with Replica(hosts="addresses", limiter=False, prefectures=CODES) as replica:
        sources = tmp_path / "sources.yaml"
        sources.write_text(replica.sources_yaml(gap="20ms", brake_for="1s"), encoding="utf-8")
        options = [
            "--sources",
            str(sources),
            "--database",
            f"sqlite:///{tmp_path}/vigie.db",
            "--allow-private",
        ]

        def arguments(step: int) -> list[str]:
            return ["poll", "--all", "--now", replica.time(step).isoformat(), *options]

        assert run(*arguments(0)).returncode == 0
        expected = [event for step in range(max(KILLS) + 1) for event in replica.expected(step)]
        for step, requests in KILLS.items():
            replica.go(step)
            _kill_after(requests, replica, arguments(step))
            assert run(*arguments(step)).returncode in {0, 1}
        alerts = [json.loads(line) for line in run("alerts", "--json", *options).stdout.splitlines()]
        again = run(*arguments(12), "--json").stdout.splitlines()

    relevant = [(e.source, e.kind) for e in expected if e.relevant]
    assert len(relevant) > 5
    assert sorted((alert["source"], alert["kind"]) for alert in alerts) == sorted(relevant)
    assert len({alert["id"] for alert in alerts}) == len(alerts)
    assert [json.loads(line)["changes"] for line in again] == [[]] * len(again)


def _kill_after(requests: int, replica: Replica, arguments: list[str]) -> None:
    """Kill a round, as a power cut would, once it has made so many requests."""
    before = replica.requests
    with subprocess.Popen(
        [VIGIE, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment()
    ) as process:
        until(lambda: replica.requests >= before + requests, 10, f"{requests} requests")
        process.kill()
        assert process.wait() == -SIGKILL
