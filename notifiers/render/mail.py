"""Mails: what is told at once, digests, and the letters that people ask for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

from notifiers.letterhead import LIST_KINDS
from notifiers.render.mail_mime import alternative
from notifiers.render.mail_page import LetterPart, Link, Page, Teller, groups, slot
from notifiers.render.mail_text import text
from notifiers.render.texts import texts
from watcher.core.alerts import Alert
from watcher.core.labels import Vocabulary
from watcher.core.mail_subject import subject
from watcher.core.outbox import Claimed, DigestRun, MessageKind
from watcher.core.printable import one_line
from watcher.core.signups import CONFIRM_FOR, MANAGE_FOR

if TYPE_CHECKING:
    from jinja2 import Template

MOST = 92_000  # bytes; programs cut what is longer than 102 kB
_ALWAYS = (("Auto-Submitted", "auto-generated"), ("X-Auto-Response-Suppress", "All"))


@dataclass(frozen=True, slots=True)
class MailRenderer:
    """See `Renderer`. The same for the same alerts, run, kind, language, neutrality and zone.

    What it returns lacks the recipient's lines and links: `Letterhead` knows them.
    """

    vocabulary: Vocabulary
    base_url: str  # without a slash at the end

    def __call__(self, claimed: Claimed, alerts: Sequence[Alert], run: DigestRun | None) -> bytes:
        """Raises `ValueError` for a kind that is not sent by mail, and where there is nothing to tell."""
        kind = claimed.message.kind
        if kind not in LIST_KINDS:
            return self._bytes(kind, self._letter(claimed))
        if not alerts:
            raise ValueError("a mail that tells nothing")
        shown, brief = len(alerts), False
        while True:
            body = self._bytes(kind, self._news(claimed, alerts, run, shown, brief=brief))
            if len(body) <= MOST or shown == 1:
                return body
            if brief:
                shown = max(1, shown * 2 // 3)
            brief = True

    def _bytes(self, kind: MessageKind, page: Page) -> bytes:
        headers = [*_ALWAYS, ("Content-Language", page.language)]
        if kind in LIST_KINDS:
            headers.insert(1, ("Precedence", "list"))
        return alternative(page.subject, headers, text(page), _html().render(page=page))

    def _news(
        self, claimed: Claimed, alerts: Sequence[Alert], run: DigestRun | None, shown: int, *, brief: bool
    ) -> Page:
        choices = claimed.subscription.choices
        teller, phrases = self._teller(choices.language), texts(choices.language)
        digest = claimed.message.kind is MessageKind.DIGEST
        told = groups(teller, alerts[:shown], by_place=digest, brief=brief)
        heading = self._heading(choices.language, len(alerts), run)
        if len(alerts) == 1 and not run:  # the first words are what mail programs show of a mail
            heading = teller.line(alerts[0])
        opening = (teller.window(run, choices.zone), *self._coverage(run, choices.language)) if run else ()
        return Page(
            language=teller.language.code,
            subject=self._subject(teller, alerts, neutral=choices.neutral),
            heading=heading,
            opening=opening,
            groups=told,
            letters=self._rest(choices.language, len(alerts) - shown),
            foot=(phrases["foot"]["why"], phrases["foot"]["unofficial"], phrases["foot"]["licence"]),
            foot_links=(
                Link(phrases["foot"]["choices"], f"{slot('unsubscribe')}#change"),
                Link(phrases["foot"]["unsubscribe"], slot("unsubscribe")),
            ),
        )

    def _teller(self, code: str) -> Teller:
        language = self.vocabulary.languages.get(code) or self.vocabulary.languages["fr"]
        return Teller(self.vocabulary, language, texts(code), self._site(code))

    def _site(self, code: str) -> str:
        """Pages are French, and English below ``/en``."""
        return f"{self.base_url}/en" if code == "en" else self.base_url

    def _subject(self, teller: Teller, alerts: Sequence[Alert], *, neutral: bool) -> str:
        phrases = teller.texts["subject"]
        if neutral:
            return phrases["neutral_many" if len(alerts) > 1 else "neutral_one"].format(count=len(alerts))
        places = {alert.prefecture: teller.place(alert.prefecture) for alert in alerts}
        return subject(alerts, places, teller.language, phrases)

    def _heading(self, code: str, count: int, run: DigestRun | None) -> str:
        if run:
            return texts(code)["heading"]["weekly" if run.id.startswith("weekly") else "daily"]
        return texts(code)["heading"]["many"].format(count=count)

    def _coverage(self, run: DigestRun, code: str) -> tuple[str, ...]:
        lines = dict(run.coverage)
        line = lines.get(code) or lines.get("fr", "")
        return (one_line(line, 4000),) if line else ()

    def _rest(self, code: str, count: int) -> tuple[LetterPart, ...]:
        if not count:
            return ()
        phrases = texts(code)["alert"]
        return (
            LetterPart(phrases["more"].format(count=count), phrases["more_link"], f"{self._site(code)}/"),
        )

    def _letter(self, claimed: Claimed) -> Page:
        choices = claimed.subscription.choices
        phrases, kind = texts(choices.language), claimed.message.kind
        said = phrases["letter"]
        if kind is MessageKind.CONFIRMATION:
            parts: tuple[LetterPart, ...] = (
                LetterPart(said["confirm"], said["confirm_link"], slot("confirm")),
                LetterPart(said["confirm_note"].format(hours=CONFIRM_FOR // timedelta(hours=1))),
                LetterPart(said["never"], said["never_link"], slot("never")),
            )
        elif kind is MessageKind.MANAGEMENT:
            parts = (
                LetterPart(said["manage"], said["manage_link"], slot("manage")),
                LetterPart(said["manage_note"].format(minutes=MANAGE_FOR // timedelta(minutes=1))),
            )
        else:
            raise ValueError(f"{kind} is not sent by mail")
        return Page(
            language=self._teller(choices.language).language.code,
            subject=phrases["subject"][f"{kind}_neutral" if choices.neutral else str(kind)],
            heading=phrases["heading"][str(kind)],
            letters=parts,
            foot=(phrases["foot"]["unofficial"],),
        )


@cache
def _html() -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    found = Environment(
        loader=PackageLoader("notifiers.render"),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
    )
    return found.get_template("mail.html")
