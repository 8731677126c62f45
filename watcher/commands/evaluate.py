"""`vigie evaluate`: how well labelled announcements are read, for those who maintain the rules."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from watcher import rules, weights
from watcher.bootstrap import french_reader
from watcher.core.errors import UserError
from watcher.core.printable import one_line
from watcher.evaluate import Case, Figures, Labelled, Score, evaluate, read_all
from watcher.labelled import labelled_files
from watcher.settings import Settings

_SHIPPED = Path(__file__).resolve().parents[2] / "tests" / "announcements"
_LEARNT = (
    "Les poids en vigueur ont été appris de ces annonces : --folds 5 mesure la lecture de textes nouveaux.\n"
)
_SINGLE = {
    "is_change": "changement ou état",
    "effective_from": "date d'effet",
    "effective_to": "date de fin",
    "channel_before": "voie d'avant",
    "channel_after": "voie désormais",
}


def run(settings: Settings, options: argparse.Namespace) -> int:
    files = [options.file] if options.file else sorted(map(str, _SHIPPED.glob("*.jsonl")))
    if not files:
        raise UserError("aucune annonce étiquetée n'accompagne cette installation : donnez un FICHIER")
    texts, faults = labelled_files(files)
    for fault in faults:
        print(f"vigie : {fault}", file=sys.stderr)
    if not texts:
        raise UserError(f"{', '.join(files)} : aucune annonce étiquetée")
    figures = evaluate(_cases(texts, options.folds, settings))
    learnt = not options.folds and weights.digest(map(Path, files)) == weights.shipped().learnt_from
    worst = figures.worst[: max(options.worst, 0)]
    if options.json:
        print(json.dumps({"files": files, "learnt": learnt, **_json(figures, worst)}, ensure_ascii=False))
    else:
        print("\n".join([*([_LEARNT] if learnt else []), *_lines(figures, worst)]))
    return 1 if faults else 0


def _cases(texts: Sequence[Labelled], folds: int, settings: Settings) -> list[Case]:
    """Read by what the program ships with; or every text by what was learnt from those of the other folds."""
    if not folds:
        return read_all(texts, french_reader(settings.rules))
    if not 2 <= folds <= len(texts):
        raise UserError(f"--folds {folds} : entre 2 et le nombre d'annonces ({len(texts)}) est attendu")
    from watcher.learning import held_out

    return held_out(texts, folds, rules.load(settings.rules))


def _json(figures: Figures, worst: Sequence[Case]) -> dict[str, Any]:
    """The machine's report; a rate is null where nothing is scored."""
    singles = {
        name: {"right": _rounded(share.rate), "scored": share.scored}
        for name, share in figures.single.items()
    }
    return {
        "texts": figures.texts,
        "first_category": _rounded(figures.first_category.rate),
        "micro": _score_json(figures.categories),
        "motifs": _score_json(figures.motifs),
        **singles,
        "categories": {name: _score_json(score) for name, score in figures.by_category.items()},
        "calibration": [
            {"from": start, "texts": share.scored, "right": _rounded(share.rate)}
            for start, share in figures.bands.items()
        ],
        "confusion": [
            {"labelled": labelled_, "said": said, "count": count}
            for (labelled_, said), count in sorted(figures.confusion.items())
        ],
        "worst": [_case_json(case) for case in worst],
    }


def _score_json(score: Score) -> dict[str, float | int | None]:
    return {
        "precision": _rounded(score.precision),
        "recall": _rounded(score.recall),
        "f1": _rounded(score.f1),
        "support": score.support,
    }


def _case_json(case: Case) -> dict[str, Any]:
    return {
        "id": case.labelled.id,
        "title": case.labelled.notice.title,
        "confidence": case.verdict.confidence,
        "wrong": {name: {"labelled": want, "said": said} for name, (want, said) in case.wrong.items()},
        "reasons": [{"rule": reason.rule, "words": reason.words} for reason in case.verdict.reasons],
    }


def _lines(figures: Figures, worst: Sequence[Case]) -> Iterator[str]:
    yield f"{figures.texts} annonces étiquetées"
    yield f"  première catégorie acceptée  {_percent(figures.first_category.rate)}"
    for name, share in figures.single.items():
        yield f"  {_SINGLE[name]:<27}  {_percent(share.rate)}   ({share.right} sur {share.scored})"
    yield f"\n{'':<26}  précision  rappel      F1  annonces"
    for name, score in figures.by_category.items():
        yield _score_line(name, score)
    yield _score_line("toutes les catégories", figures.categories)
    yield _score_line("motifs", figures.motifs)
    yield "\nconfiance : part des premières catégories acceptées"
    for start, share in figures.bands.items():
        yield f"  à partir de {start:.1f}  {_percent(share.rate)}   ({share.scored} annonces)"
    confused = [(pair, count) for pair, count in figures.confusion.items() if pair[0] != pair[1]]
    yield "\nconfusions (étiquetée → lue)" if confused else "\naucune confusion"
    for (want, said), count in sorted(confused, key=lambda one: (-one[1], one[0])):
        yield f"  {count:>3}  {want} → {said or '–'}"
    if worst:
        yield f"\nles erreurs les plus graves ({len(worst)} sur {len(figures.worst)})"
    for case in worst:
        yield from _case_lines(case)


def _score_line(name: str, score: Score) -> str:
    figures = (_percent(score.precision), _percent(score.recall), _percent(score.f1))
    return f"  {name:<24}  {figures[0]:>9} {figures[1]:>7} {figures[2]:>7}  {score.support:>8}"


def _case_lines(case: Case) -> Iterator[str]:
    title = one_line(case.labelled.notice.title, 90)
    yield f"  {case.labelled.id} · {title} (confiance {case.verdict.confidence:.2f})"
    for name, (want, said) in case.wrong.items():
        yield f"      {name} : {_shown(want)} attendu, {_shown(said)} lu"
    for reason in case.verdict.reasons:
        yield f"      · {reason.rule} : « {one_line(reason.words, 140)} »"


def _shown(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "rien"
    if isinstance(value, bool):
        return "oui" if value else "non"
    return str(value) if value else "rien"


def _percent(rate: float | None) -> str:
    return "–" if rate is None else f"{100 * rate:.1f} %"


def _rounded(rate: float | None) -> float | None:
    return None if rate is None else round(rate, 4)
