"""What every site shows before the week begins, from the seed alone."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache

from watcher.replica.model import Form, News, State, dice
from watcher.replica.sites import DECOYS, FLAT_LIST, ONLY_CHILD_GUIDE, PDF_CARDS, REGION, Site, Skin
from watcher.replica.texts.foreigners import foreigners_page
from watcher.replica.texts.menu import RUBRICS
from watcher.replica.texts.unrelated import slug, unrelated

MONDAY = date(2025, 9, 8)
LETTER = "Lettre de l'État"
SINGLE_RUBRIC = f"/Actualites/{slug(LETTER)}"
DRAFT = "/Actualites/Brouillon"
_OLD_NEWS = (
    (
        "Étudiants étrangers : renouvellement de votre titre de séjour sur l'ANEF",
        "Nous vous rappelons que le renouvellement du titre de séjour « étudiant » s'effectue sur "
        "l'ANEF, entre le 120e et le 60e jour qui précède l'expiration du titre. Le centre de contact "
        "citoyen répond au 0806 001 620.",
    ),
    (
        "Accueil des ressortissants étrangers : horaires d'été",
        "Comme chaque année, le bureau du séjour reçoit sur rendez-vous, de 9h à 11h30, du 15 juillet au "
        "31 août.",
    ),
    (
        "Protection temporaire : points d'accueil",
        "Les bénéficiaires de la protection temporaire sont reçus sur convocation. Les modalités sont "
        "inchangées.",
    ),
)


def baseline(site: Site, seed: int) -> State:
    """The state of one site on Monday 8 September 2025, first thing in the morning."""
    return State(
        news=_news(site, seed),
        guide=foreigners_page(site, seed, MONDAY),
        rubrics=(*RUBRICS[: dice(seed, site.code, "rubrics").randint(3, 5)], LETTER),
        private=frozenset({DRAFT}),
        only_child=_only_child(site),
        guarded=site.skin is Skin.POLICE and site.renamed is None,
    )


@lru_cache(maxsize=2048)
def rubric_news(site: Site, seed: int, rubric: str) -> tuple[News, ...]:
    """The list behind a grey card: 24 items of its own, the same all week."""
    chance = dice(seed, site.code, rubric)
    return _series(chance, f"/Actualites/{slug(rubric)}", 24, [])


def is_rubric(path: str) -> str | None:
    """The rubric that a path leads to."""
    return _RUBRIC_PATHS.get(path)


def _news(site: Site, seed: int) -> tuple[News, ...]:
    chance = dice(seed, site.code, "news")
    count = 12 if site.code == REGION else chance.randint(24, 26 if site.code in FLAT_LIST else 36)
    items = list(_series(chance, site.list_path, count, _odd_forms(site, chance)))
    title, text = _OLD_NEWS[chance.randrange(len(_OLD_NEWS))]
    place = chance.randrange(6, 10)
    items[place] = replace(
        items[place],
        path=f"{site.list_path}/{slug(title)}",
        title=title,
        paragraphs=(text,),
        form=Form.ARTICLE,
    )
    if site.code in DECOYS:
        items.insert(4, _decoy(DECOYS[site.code], items[4].published))
    return tuple(items)


def _series(chance: random.Random, folder: str, count: int, forms: list[Form]) -> tuple[News, ...]:
    """`count` items, newest first; a few share a day, so that their order is nobody's secret."""
    day = MONDAY - timedelta(days=3)
    items: list[News] = []
    for index in range(count):
        form = forms[index] if index < len(forms) else Form.ARTICLE
        items.append(unrelated(chance, day, [item.title for item in items], folder=folder, form=form))
        if index not in {2, 11}:
            day -= timedelta(days=chance.randint(1, 6))
    return tuple(_apart(items))


def _apart(items: list[News]) -> list[News]:
    """Give items that would share an address the digit that the CMS appends."""
    seen: dict[str, int] = {}
    out = []
    for item in items:
        seen[item.path] = seen.get(item.path, 0) + 1
        again = seen[item.path]
        out.append(replace(item, path=f"{item.path}{again}") if again > 1 else item)
    return out


def _odd_forms(site: Site, chance: random.Random) -> list[Form]:
    forms = [Form.ARTICLE] * 20
    if site.skin is not Skin.DSFR:
        return forms
    if site.code in PDF_CARDS:
        forms[5] = forms[12] = forms[15] = Form.PDF
    if chance.random() < 0.3:
        forms[13] = Form.OFFSITE
    if chance.random() < 0.3:
        forms[14] = Form.UNDATED
    return forms


def _decoy(title: str, day: date) -> News:
    return News(path="/Publications/Rechercher", title=title, published=day, paragraphs=(), form=Form.DECOY)


def _only_child(site: Site) -> dict[str, str]:
    children = {SINGLE_RUBRIC: f"{SINGLE_RUBRIC}/{slug(LETTER)}"}
    if site.code == ONLY_CHILD_GUIDE and site.renamed is None:
        children[site.guide_path.rpartition("/")[0]] = site.guide_path
    return children


_RUBRIC_PATHS = {f"/Actualites/{slug(rubric)}": rubric for rubric in RUBRICS}
