"""The HTML that a feed entry carries: few elements, all else escaped, no meaning by colour alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from watcher.core import wording
from watcher.core.alerts import Alert
from watcher.core.changes import ChangeKind
from watcher.core.differences import Part, Piece
from watcher.core.french import Words, day, moment
from watcher.core.labels import KINDS, Vocabulary
from watcher.core.printable import one_line
from watcher.core.weblinks import web_link


def content(alert: Alert, vocabulary: Vocabulary, page: str, corrects: str = "") -> str:
    """What changed, when, for whom, where to file, the words that say it, and where to check.

    `page` is ours, `corrects` that of the alert which this one corrects, "" when there is none.
    """
    blocks = [
        f"<p>{_text(wording.line(alert, vocabulary))}</p>",
        f"<p><strong>{_text(vocabulary.place(alert.prefecture))}</strong> – {KINDS[alert.kind].french}.</p>",
        *_notes(alert, vocabulary),
        *_facts(alert, vocabulary),
        *(f"<blockquote><p>« {_text(sentence)} »</p></blockquote>" for sentence in wording.sentences(alert)),
        *_texts(alert),
        _links(alert, page, corrects),
        _source(alert, vocabulary),
    ]
    # As HTML is written by whoever cleans it afterwards: what comes out the same need not be kept twice.
    return "\n".join(blocks).replace("\xa0", "&nbsp;")


def _notes(alert: Alert, vocabulary: Vocabulary) -> Iterator[str]:
    notes = [_text(note) for note in wording.notes(alert, vocabulary)]
    yield from (f"<p><strong>{note}</strong></p>" for note in notes[:1])
    if notes[1:]:
        yield "<ul>" + "".join(f"<li>{note}</li>" for note in notes[1:]) + "</ul>"


def _facts(alert: Alert, vocabulary: Vocabulary) -> Iterator[str]:
    verdict = alert.verdict
    lines = []
    when = wording.effective(alert)
    if when:
        lines.append(f"Date d'effet : {_dates(when)}")
    if verdict.categories:
        lines.append("Sujet : " + _text(wording.listed([vocabulary.category(c) for c in verdict.categories])))
    if verdict.motifs:
        lines.append("Motifs : " + _text(wording.listed([vocabulary.motif(m) for m in verdict.motifs])))
    place = wording.filing(alert, vocabulary)
    if place and place.before:
        lines.append(f"Dépôt, avant : <del>{_text(place.before)}</del>")
    if place and place.after:
        lines.append(f"Dépôt, {'après' if place.before else 'désormais'} : <ins>{_text(place.after)}</ins>")
    if lines:
        yield "<ul>" + "".join(f"<li>{line}</li>" for line in lines) + "</ul>"


def _texts(alert: Alert) -> Iterator[str]:
    pieces = wording.comparison(alert)
    if pieces:
        yield f"<p>Avant : {_pieces(pieces, Part.REMOVED, 'del')}</p>"
        yield f"<p>Après : {_pieces(pieces, Part.ADDED, 'ins')}</p>"
    elif alert.summary.strip():
        told = _lines(wording.text(alert))
        yield (
            f"<p>Supprimé : <del>{told}</del></p>" if alert.kind is ChangeKind.WITHDRAWN else f"<p>{told}</p>"
        )


def _pieces(pieces: Iterable[Piece], shown: Part, element: str) -> str:
    return "".join(
        f"<{element}>{_lines(piece.text)}</{element}>" if piece.part is shown else _lines(piece.text)
        for piece in pieces
        if piece.part in {shown, Part.SAME}
    )


def _links(alert: Alert, page: str, corrects: str) -> str:
    link = web_link(alert.address)
    ours = f'<a href="{escape(page)}">Cette alerte sur Vigie préfectures</a>'
    if corrects:
        ours += f" · <a href=\"{escape(corrects)}\">L'alerte d'origine</a>"
    if link is None:
        return f"<p>{ours}</p>"
    return f'<p><a href="{escape(link.href)}">La page officielle sur {escape(link.host)}</a> · {ours}</p>'


def _source(alert: Alert, vocabulary: Vocabulary) -> str:
    dated = f", page datée du {day(alert.published)}" if alert.published else ""
    author = _text(vocabulary.place(alert.prefecture))
    return (
        f"<p><small>{wording.UNOFFICIAL} Source : préfecture – {author}{dated}, "
        f"vue le {moment(alert.detected_at)} (heure de Paris). "
        f'<a href="{wording.LICENCE_ADDRESS}">Licence Ouverte 2.0</a>.</small></p>'
    )


def _dates(phrase: Iterable[Words]) -> str:
    return "".join(
        f'<time datetime="{escape(words.iso)}">{_text(words.text)}</time>'
        if words.iso
        else escape(words.text, quote=False)
        for words in phrase
    )


def _lines(text: str) -> str:
    return escape(text, quote=False).replace("\n", "<br>")


def _text(text: str) -> str:
    return escape(one_line(text), quote=False)
