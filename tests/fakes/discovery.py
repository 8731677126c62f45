# ruff: noqa: E501 - markup keeps its lines
"""Sites made by hand, and what is proposed about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit

from watcher.core.catalogue import SourceKind
from watcher.core.exploring import MOST, next_address
from watcher.core.page import FailureKind, Fetched, FetchFailure, Page, Validators
from watcher.core.sighting import kept
from watcher.core.site_proposals import Role, SiteProposal, Stanza
from watcher.core.survey import Survey
from watcher.sight import Eye, known_words

NOW = datetime(2025, 9, 8, 6, 0, tzinfo=UTC)
NO_VALIDATORS = Validators()

HOME = "https://www.cantal.gouv.fr"
FOUND = SiteProposal(
    "f0f0f0f0f0f0",
    "15",
    Role.SECTION,
    Stanza("15-etrangers", SourceKind.PAGE, f"{HOME}/Demarches/Accueil-des-etrangers", "content", every="6h"),
    0.93,
    ("Accueil", "Démarches", "Accueil des étrangers"),
    ("titre « Accueil des étrangers »",),
)


@dataclass
class HandMade:
    """A site of few pages, by path; what is not there answers 404, what begins with "→" redirects."""

    pages: Mapping[str, str]
    asked: list[str] = field(default_factory=list)
    robots: frozenset[str] = frozenset()  # paths that robots.txt forbids

    def fetch(self, address: str, validators: Validators = NO_VALIDATORS) -> Fetched:
        self.asked.append(address)
        path = unquote(urlsplit(address).path) or "/"
        if path in self.robots:
            return Fetched(FetchFailure(address, FailureKind.ROBOTS, "robots.txt", NOW), 0, 0)
        requests = 1
        while (body := self.pages.get(path, "")).startswith("→"):
            path, requests = body.removeprefix("→"), requests + 1
        status = 200 if body else 404
        final = address if requests == 1 else HOME + path
        page = Page(
            address, final, status, (body or framed("Page introuvable", "")).encode(), "text/html", "utf-8",
            validators, NOW,
        )  # fmt: skip
        return Fetched(page, requests, len(body))


def explored(site: HandMade, home: str = f"{HOME}/") -> Survey:
    """The site as discovery sees it, page after page, as long as it wants to go on."""
    survey = Survey("15", home)
    while (address := next_address(survey)) is not None and len(survey.sightings) < MOST:
        seen = EYE.see(address, site.fetch(address).result)
        survey = Survey("15", home, (*survey.sightings, kept(seen, {link.key for link in survey.links})))
    return survey


def framed(title: str, inside: str, menu: str = "", crumbs: Sequence[tuple[str, str]] = ()) -> str:
    """A page with a menu, a breadcrumb and a main region."""
    trail = "".join(f'<li><a href="{path}">{label}</a></li>' for label, path in crumbs)
    return (
        f'<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><title>{title} - Les services de l\'État dans le '
        f'Cantal</title></head><body><header><nav class="fr-nav"><ul>{menu}</ul></nav></header>'
        f'<nav class="fr-breadcrumb"><ol>{trail}</ol></nav><main role="main"><div class="fr-container" id="main">'
        f"<h1>{title}</h1>{inside}</div></main><footer><p>Mentions légales</p></footer></body></html>"
    )


def menu(*entries: tuple[str, str]) -> str:
    return "".join(f'<li><a class="fr-nav__link" href="{path}">{label}</a></li>' for label, path in entries)


def rubrics(*entries: tuple[str, str]) -> str:
    """Grey cards."""
    return "".join(
        f'<div class="fr-card fr-card--grey"><h2 class="fr-card__title"><a href="{path}">{label}</a></h2></div>'
        for label, path in entries
    )


def news(folder: str, *titles: str) -> str:
    """White cards, a day apart."""
    return "".join(
        f'<div class="fr-card fr-card--horizontal"><h2 class="fr-card__title"><a class="fr-card__link" '
        f'href="{folder}/article-{number}">{title}</a></h2><p class="fr-card__detail">Publié le {28 - number:02}/08/2025</p></div>'
        for number, title in enumerate(titles)
    )


GUIDE = (
    "<p>Vous êtes étranger et vous résidez dans le Cantal : déposez votre demande de titre de séjour en ligne sur "
    '<a href="https://administration-etrangers-en-france.interieur.gouv.fr/particuliers/#/">l\'ANEF</a>.</p>'
    "<p>Pour un renouvellement, votre dossier comporte les pièces justificatives : passeport, justificatif de domicile, "
    "photographies. Un récépissé vous est remis.</p><p>Les étudiants étrangers, les salariés, les conjoints de Français "
    'prennent <a href="/booking/create/123">rendez-vous au guichet</a>. Le délai d\'instruction est de trois mois.</p>'
    '<p>Autres cas : <a href="https://www.demarches-simplifiees.fr/commencer/sejour-cantal">formulaire en ligne</a>.</p>'
)
EYE = Eye(
    known_words(
        [
            ("etudiant", ["étudiant étranger"]),
            ("salarie", ["salarié"]),
            ("francais", ["conjoint de Français"]),
        ]
    )
)
