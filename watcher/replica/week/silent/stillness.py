"""What moves on the pages of the silent week and leads nowhere else. None of these acts yields an event."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from watcher.replica.model import Section
from watcher.replica.week.acts import Act, Result, Turn
from watcher.replica.week.silent.acts import texts
from watcher.replica.week.silent.monday import FORM

_TARGET = re.compile(r"\]\(((?:https?:/)?/[^)]+)\)")
_DEEP = "/particuliers/#/"


def every(change: Callable[[str], str]) -> Act:
    """Each text of the foreigners page, changed."""

    def act(turn: Turn) -> Result:
        return _with_sections(turn, tuple(map(texts(change), turn.state.guide.sections)))

    return act


def _targets(change: Callable[[str], str]) -> Act:
    return every(lambda text: _TARGET.sub(lambda m: f"]({change(m[1])})", text))


def _track(target: str) -> str:
    """As a newsletter writes it; what stands behind a # is no place for it."""
    if "#" in target or target.endswith("/"):
        return target
    return f"{target}?utm_source=lettre&utm_medium=courriel&xtor=EPR-1"


track = _targets(_track)
slash = _targets(lambda target: target if "#" in target or "?" in target else f"{target.rstrip('/')}/")
plain_http = _targets(lambda target: target.replace("https://www.demarches", "http://www.demarches"))
shout_host = _targets(
    lambda target: target.replace("https://www.rdv-prefecture", "HTTPS://WWW.RDV-Prefecture")
)
by_index = _targets(lambda target: f"/index.php{target}" if target.startswith("/booking") else target)
deeper = _targets(lambda target: f"{target}?from=accueil" if _DEEP in target else target)
rename_host = every(
    lambda text: re.sub(
        r"https?://www\.demarches-simplifiees\.fr", "https://demarche.numerique.gouv.fr", text
    )
)
with_subject = every(
    lambda text: re.sub(r"\(mailto:([^)?]+)\)", r"(mailto:\1?subject=Demande%20de%20titre)", text)
)
relabel = every(lambda text: text.replace(f"[{FORM}](", "[formulaire à remplir en ligne]("))
respell_post = every(
    lambda text: text.replace("21-29 avenue de la République", "21 - 29, av. de la République").replace(
        " Cedex", " CEDEX"
    )
)
against_robots = every(
    lambda text: re.sub(r" pref-sejour \[at\] ([\w-]+)\.gouv", r" pref-sejour (at) \1 [point] gouv", text)
)


def reorder(turn: Turn) -> Result:
    """The last sections come first, and every list is read from its end."""
    sections = turn.state.guide.sections
    turned = tuple(replace(one, bullets=one.bullets[::-1]) for one in sections)
    return _with_sections(turn, (*turned[4:], *turned[:4]))


def _with_sections(turn: Turn, sections: tuple[Section, ...]) -> Result:
    guide = replace(turn.state.guide, sections=sections)
    return replace(turn.state, guide=guide), ()
