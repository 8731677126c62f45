"""Templates in which every text is escaped, whatever the file is called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from watcher.core import french
from watcher.core.labels import OUTCOMES, PROBLEMS
from watcher.core.printable import without_forbidden
from watcher.core.weblinks import web_link

FOLDER = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class Templates:
    environment: Environment

    def render(self, name: str, **values: object) -> bytes:
        return self.environment.get_template(name).render(values).encode()


def templates(shared: Mapping[str, object]) -> Templates:
    """The site's templates; `shared` is what all of them see."""
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_presentable,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for shown in (french.count, french.day, french.full_day, french.hour, french.moment, french.unbroken):
        environment.filters[shown.__name__] = shown
    environment.globals.update(outcomes=OUTCOMES, problems=PROBLEMS, web_link=web_link)
    environment.globals.update(shared)
    return Templates(environment)


def _presentable(value: object) -> object:
    return without_forbidden(value) if isinstance(value, str) and not isinstance(value, Markup) else value
