"""Whether the tests would notice a mistake in the core: mistakes are made in it one at a time, and the tests asked."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from prove.folders import quick_folder
from prove.report import Chapter, Figure

ROOT = Path(__file__).resolve().parents[2]
CORE = ROOT / "watcher" / "core"
AT_LEAST = 0.85
_ALL = 1_000_000
# What decides whether somebody is told, and what keeps strangers out. Everything that can be made there is made.
_HEART = (
    *("compare", "compare_blocks", "differences", "recut", "swaps", "next_baseline", "judge", "guard"),
    *(
        "conclude",
        "decide",
        "acceptance",
        "incidents",
        "retry",
        "smtp_replies",
        "digests",
        "schedule",
        "pace",
    ),
    *(
        "text",
        "printable",
        "mail_subject",
        "address",
        "links",
        "mail_address",
        "webhooks",
        "public_addresses",
    ),
    *("headers", "inflate", "sniff", "size", "signups", "throttle", "attempts"),
)
_SAMPLE = 5  # of each other module
_LONG_TESTS = ("tests/unit",)
_OF_OTHER_THINGS = ("test_house_rules", "test_learning", "test_freshness_looks", "test_passwords")
_SHORT = {"smtp_replies": 20, "digests": 20, "headers": 20}
_SHORT_TESTS = tuple(f"tests/unit/test_{name}.py" for name in ("smtp_fates", "digest_periods", "headers"))


def prove(*, long: bool, seed: int) -> Chapter:
    others = {path.stem: _SAMPLE for path in CORE.glob("*.py")} if long else _SHORT
    plan = others | dict.fromkeys(_HEART, _ALL) if long else others
    told = _run(plan | {"seed": seed}, _LONG_TESTS if long else _SHORT_TESTS)
    how = (
        "Mistakes are put into the modules of `watcher/core` one at a time: a comparison, a sign or a condition "
        "turned round, another number, word or kind of arithmetic, an answer or a statement left out. The tests "
        "that pass there, at most two seconds of them and the most single-minded first, are run until one fails. "
        "Sentences, types, and the words of tables are left as they are. Some mistakes make no difference that "
        "anybody could see; they count as missed too. "
    )
    how += (
        f"All that can be made where it matters most ({len(_HEART)} modules), {_SAMPLE} in each of the others. Tests "
        "of parts alone are asked: what only whole polls, pages and letters hold counts as missed."
        if long
        else f"Here a sample in {', '.join(_SHORT)} alone: the long form is the one that says something."
    )
    return Chapter("Mistakes in the core", how, tuple(_figures(told)))


def _run(plan: dict[str, int], tests: Sequence[str]) -> list[dict[str, Any]]:
    """What the tests say, first of themselves and then of each mistake; `plan`: see `plugin._chosen`."""
    with tempfile.TemporaryDirectory(dir=quick_folder()) as folder:
        mistakes, noticed, said = (Path(folder) / name for name in ("mistakes", "noticed", "said"))
        mistakes.write_text(json.dumps(plan), encoding="utf-8")
        command = [sys.executable, "-m", "pytest", "-p", "prove.mutants.plugin", "-p", "no:cacheprovider"]
        command += [f"--mistakes={mistakes}", f"--noticed={noticed}", f"--basetemp={folder}/tests"]
        command += [f"--ignore=tests/unit/{name}.py" for name in _OF_OTHER_THINGS]
        with said.open("w") as out:
            subprocess.run([*command, *tests], cwd=ROOT, stdout=out, stderr=out, check=False)
        lines = noticed.read_text(encoding="utf-8").splitlines() if noticed.exists() else []
        told = [json.loads(line) for line in lines]
        if not told or "ended" not in told.pop():
            raise RuntimeError(f"the tests did not come to their end:\n{said.read_text()[-2000:]}")
        return told


def _figures(told: Sequence[dict[str, Any]]) -> Iterable[Figure]:
    tests, *tried = told
    heart = [one for one in tried if one["module"] in _HEART]
    others = [one for one in tried if one["module"] not in _HEART]
    yield Figure(
        "tests", f"{tests['tests']}, of which {len(tests['failed'])} fail while they are watched", ""
    )
    if heart:
        kept = _share(heart) >= AT_LEAST
        yield Figure("noticed where it matters most", _told(heart), f"at least {AT_LEAST:.0%}", kept)
    if others:
        yield Figure("noticed elsewhere, by tests of parts alone", _told(others), "")
    missing = Counter(one["outcome"] for one in tried)
    yield Figure("passed by no test", str(missing["unreached"]), "")
    yield Figure("could not be made", str(missing["not made"]), "0", not missing["not made"])
    modules = defaultdict(list)
    for one in tried:
        modules[one["module"]].append(one)
    worst = sorted(modules, key=lambda name: _share(modules[name]))[:5]
    yield Figure("the worst modules", "; ".join(f"{name}: {_told(modules[name])}" for name in worst), "")


def _share(some: Sequence[dict[str, Any]]) -> float:
    return [one["outcome"] for one in some].count("noticed") / len(some)


def _told(some: Sequence[dict[str, Any]]) -> str:
    made = {one["module"]: one["of"] for one in some}
    noticed = sum(one["outcome"] == "noticed" for one in some)
    of = "" if len(some) == sum(made.values()) else f", of {sum(made.values())} that can be made"
    return f"{noticed} of {len(some)} ({noticed / len(some):.1%}){of}"
