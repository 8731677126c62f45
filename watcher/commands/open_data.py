"""`vigie open-data`: a month of alerts and the rules, as files for anybody."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Mapping
from pathlib import Path

from watcher.bootstrap import have_rules, open_app, vocabulary
from watcher.core.errors import UserError
from watcher.open_data import Month, package
from watcher.settings import Settings


def run(settings: Settings, options: argparse.Namespace) -> int:
    with open_app(settings) as app:
        now = app.clock.now()
        of = _month(options.month) if options.month else Month.before(now)
        start, end = of.span
        if start > now:
            raise UserError(f"--month : {of} n'a pas commencé")
        have_rules(app)
        found = app.store.alerts(since=start, historical=None)
        alerts = [alert for alert in found if alert.detected_at < end]
        rules = app.rules.load().believed(min(end, now))
        files = package(of, alerts, rules, vocabulary(settings, app.catalogue), settings.base_url, now)
    folder = Path(options.out) / str(of)
    _write(folder, files)
    print(f"{folder} : {', '.join(files)}", file=sys.stderr)
    return 0


def _month(text: str) -> Month:
    found = re.fullmatch(r"(19[7-9]\d|2\d{3})-(0[1-9]|1[0-2])", text, re.ASCII)
    if found is None:
        raise UserError(f"--month : « {text[:20]} » n'est pas un mois (2025-10)")
    return Month(int(found[1]), int(found[2]))


def _write(folder: Path, files: Mapping[str, str]) -> None:
    """Each file whole or not at all: they may be served while they are made anew."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            fresh = folder / f".{name}.new"
            fresh.write_text(text, encoding="utf-8", newline="")
            fresh.replace(folder / name)
    except OSError as error:
        raise UserError(
            f"{folder} : impossible d'écrire ({error.strerror}), choisissez un autre --out"
        ) from error
