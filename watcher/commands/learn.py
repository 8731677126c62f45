"""`vigie learn`: learns from labelled announcements what each word and finding counts, for the maintainers."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from watcher import rules, weights
from watcher.core.errors import UserError
from watcher.evaluate import Labelled
from watcher.labelled import labelled_files
from watcher.settings import Settings


def run(settings: Settings, options: argparse.Namespace) -> int:
    from watcher.learning import learn

    texts, faults = labelled_files(options.files)
    whole = [text for text in texts if _is_whole(text)]
    if faults or len(whole) < len(texts):
        missing = [
            f"{text.id} : il manque motifs, is_change, dates ou voies"
            for text in texts
            if not _is_whole(text)
        ]
        raise UserError("\n".join([*faults, *missing]))
    model = learn(whole, rules.load(settings.rules), weights.digest(map(Path, options.files)))
    weights.store(model, Path(options.out))
    print(f"{options.out} : appris de {len(whole)} annonces", file=sys.stderr)
    return 0


def _is_whole(text: Labelled) -> bool:
    return text.motifs is not None and {"is_change", "channel_before", "channel_after"} <= text.single.keys()
