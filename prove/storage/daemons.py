"""Two watches on one database: begun by mistake, or one that takes the place of the other."""

from __future__ import annotations

import random
import signal
from collections import Counter
from pathlib import Path

from prove.crash.campaign import Campaign
from prove.crash.databases import Sqlite
from prove.crash.life import Stage
from prove.crash.outside import Outside
from prove.crash.process import warmed
from prove.report import Figure


def two_watches(folder: Path, days: int, seed: int) -> list[Figure]:
    """Whole watches, with threads and scheduler: both poll the same pages and send what is due."""
    with warmed(), Outside().running() as outside:
        stage = Stage(folder, outside, "10s")
        campaign = Campaign(stage, Sqlite(folder), random.Random(seed), signal.SIGTERM)
        found = campaign.share(2, days)
    for line in found.broken[:20]:
        print(f"  {line[:400]}")
    owners = campaign.database.rows("SELECT lease_owner FROM messages WHERE lease_owner IS NOT NULL")
    sent = sorted(Counter(str(owner).rpartition("/")[0] for (owner,) in owners).values())[-2 * days :]
    twice = found.doubled + found.copies
    return [
        Figure(
            "two watches on one database, each day anew: announcements",
            f"{campaign.announced}, told by {len(sent)} processes in {sent[0]} to {sent[-1]} messages each",
            "",
        ),
        Figure(
            "of what they tell: lost, told twice", f"{found.lost}, {twice}", "0, 0", not (found.lost or twice)
        ),
        Figure("other invariants broken", str(len(found.broken)), "0", not found.broken),
        Figure("watches that ended with an error", str(campaign.failed), "0", not campaign.failed),
    ]
