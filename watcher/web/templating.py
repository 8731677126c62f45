"""Templates in which every text is escaped, whatever the file is called; one set for each language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from watcher.core.labels import OUTCOMES, PROBLEMS
from watcher.core.printable import without_forbidden
from watcher.core.speech import Speech
from watcher.core.weblinks import web_link

FOLDER = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class Templates:
    environment: Environment

    def render(self, name: str, **values: object) -> bytes:
        return self.environment.get_template(name).render(values).encode()


def templates(speech: Speech, shared: Mapping[str, object]) -> Templates:
    """The site's templates in one language; `shared` is what all of them see."""
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_presentable,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    manners = speech.manners
    for shown in (manners.day, manners.full_day, manners.hour, manners.moment, manners.unbroken):
        environment.filters[shown.__name__] = shown
    environment.filters["count"] = speech.count
    environment.globals.update(
        language=speech.code,
        original="" if speech.code == "fr" else Markup(' lang="fr"'),
        say=_Sayer(speech),
        outcomes={outcome: label.told(speech.code) for outcome, label in OUTCOMES.items()},
        problems={kind: label.told(speech.code) for kind, label in PROBLEMS.items()},
        web_link=web_link,
    )
    environment.globals.update(shared)
    return Templates(environment)


class _Sayer:
    """``{{ say("home.title", place=…) }}``: phrases are ours and may hold HTML, what fills them is escaped."""

    def __init__(self, speech: Speech) -> None:
        self._speech = speech

    def __call__(self, key: str, **parts: object) -> Markup:
        told = {name: _presentable(part) for name, part in parts.items()}
        return Markup(self._speech.phrases[key]).format(**told)  # noqa: S704  # the catalogue is ours


def _presentable(value: object) -> object:
    return without_forbidden(value) if isinstance(value, str) and not isinstance(value, Markup) else value
