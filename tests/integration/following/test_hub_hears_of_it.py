"""The WebSub hub after what a reviewer decided."""

from __future__ import annotations

from collections.abc import Sequence

from tests.fakes.alerts import BASE
from tests.fakes.following import Following
from watcher.core.decisions import Action
from watcher.hub import HubTold


def test_the_hub_is_told_of_an_old_alert_that_somebody_verifies_corrects_or_retracts(
    watch: Following,
) -> None:
    pinged: list[Sequence[str]] = []

    def ping(topics: Sequence[str]) -> str:
        pinged.append(topics)
        return ""

    hub = HubTold(watch.world.store, ping, BASE, watch.world.clock, watch.desk.decisions)
    found, other = watch.find(), watch.find(1)
    watch.world.pass_time(days=40)
    hub.tick()
    assert pinged == []

    verified = watch.decide(Action.VERIFY, found)
    hub.tick()
    watch.undo(verified)
    hub.tick()
    watch.correct(found, channel_after="courrier")
    hub.tick()
    watch.decide(Action.RETRACT, other)
    hub.tick()
    hub.tick()

    assert len(pinged) == 4
    stream = f"{BASE}/feeds/prefecture/15.atom?stream=verified"
    assert [stream in topics for topics in pinged] == [True, True, True, False]
