# ruff: noqa: E501 - markup keeps its lines
"""Changes that readers must hear of: what a préfecture does to its own pages in earnest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from prove.pages.markup import Twist, around, inside
from watcher.replica.model import Form, Guide, Markup, News, Section, Shape, State
from watcher.replica.sites import Site, Skin

MONDAY, SUNDAY = date(2025, 9, 8), date(2025, 9, 7)
_PLACES = ("place de la préfecture", "rue de la République", "boulevard Carnot", "avenue Foch")


@dataclass(frozen=True, slots=True)
class Genuine:
    """One change; `titles` are those of the alerts it deserves, all of them and no other."""

    name: str
    source: str
    change: Callable[[State], State]
    titles: tuple[str, ...]
    twist: Twist | None = None  # what happens to the markup at the same time


def genuine(site: Site) -> Iterator[Genuine]:
    """Everything that may happen to a site's list, and to its foreigners page."""
    yield from _news(site)
    if site.skin is Skin.DSFR:
        yield from _guide(site)


def _item(site: Site, number: int, day: date = MONDAY, form: Form = Form.ARTICLE) -> News:
    title = f"Titres de séjour : mesure n° {number} à compter du 1er octobre 2025"
    text = f"Les demandes de titre de séjour sont déposées {_PLACES[number % 4]}, guichet {number}."
    path = f"{site.list_path}/Titres-de-sejour-mesure-{number}"
    return News(
        path,
        title,
        day,
        (text, "Aucun dossier ne sera reçu sans rendez-vous."),
        form=form,
        number=7001 + number,
    )


def _news(site: Site) -> Iterator[Genuine]:
    source = f"{site.code}-actualites"

    def of(name: str, change: Callable[[State], State], *titles: str, twist: Twist | None = None) -> Genuine:
        return Genuine(name, source, change, titles, twist)

    def add(*items: News) -> Callable[[State], State]:
        return lambda state: replace(state, news=(*items, *state.news))

    one = _item(site, 1)
    for count in (1, 2, 5, 8):
        items = [_item(site, n) for n in range(count)]
        yield of(f"{count} new", add(*items), *(item.title for item in items))
    yield of("new, dated yesterday", add(_item(site, 1, SUNDAY)), one.title)
    yield of(
        "new, and rubrics and images renewed",
        lambda s: replace(add(one)(s), image_version=2, rubrics=(*s.rubrics, "Jeux")),
        one.title,
    )
    yield of(
        "new, and two swapped", lambda s: replace(s, news=(one, s.news[1], s.news[0], *s.news[2:])), one.title
    )
    yield of(
        "new, and all re-dated",
        lambda s: replace(s, news=(one, *(replace(n, updated=MONDAY) for n in s.news))),
        one.title,
    )
    yield of(
        "new, in boxes",
        add(one),
        one.title,
        twist=around('<div class="v3"><div class="v3-in">', "</div></div>"),
    )
    yield of(
        "new, in sections",
        add(one),
        one.title,
        twist=inside(lambda m: m.replace("<div", "<section").replace("</div", "</section")),
    )
    yield of("withdrawn", lambda s: replace(s, news=(*s.news[:4], *s.news[5:])), "=4")
    yield of(
        "retitled",
        lambda s: _put(s, 3, title="Guichet des étrangers : fermeture exceptionnelle"),
        "Guichet des étrangers : fermeture exceptionnelle",
    )
    if site.excerpts and site.skin is not Skin.POLICE:  # else the list shows nothing of it
        yield of(
            "rewritten",
            lambda s: _put(s, 2, paragraphs=("Le guichet est fermé jusqu'à nouvel ordre.",), updated=MONDAY),
            "=2",
        )
    if site.skin is Skin.DSFR:
        yield of("new, without a date", add(replace(one, form=Form.UNDATED)), one.title)
        yield of("a new file", add(replace(one, form=Form.PDF)), one.title)
        yield of("new, in new cards", lambda s: replace(add(one)(s), markup=Markup.NEXT), one.title)


def _put(state: State, place: int, **changes: object) -> State:
    """The item at `place` of the list (newest first) is edited."""
    news = list(state.news)
    news[place] = replace(news[place], **changes)  # type: ignore[arg-type]
    return replace(state, news=tuple(news))


def _guide(site: Site) -> Iterator[Genuine]:
    source = f"{site.code}-sejour"

    def of(name: str, change: Callable[[Guide], Guide], *titles: str, twist: Twist | None = None) -> Genuine:
        return Genuine(name, source, lambda state: replace(state, guide=change(state.guide)), titles, twist)

    new = Section(
        "Fermeture du guichet", Shape.PLAIN, ("À compter du 1er octobre 2025, le guichet est fermé.",)
    )
    yield of(
        "a section more", lambda g: replace(g, sections=(*g.sections[:2], new, *g.sections[2:])), new.heading
    )
    yield of("a section at the end", lambda g: replace(g, sections=(*g.sections, new)), new.heading)
    yield of("a section less", lambda g: replace(g, sections=g.sections[:-1]), "=-1")
    yield of(
        "a bullet more",
        lambda g: _section(g, 0, lambda s: replace(s, bullets=(*s.bullets, "salariés détachés ;"))),
        "=0",
    )
    yield of("a bullet less", lambda g: _section(g, 0, lambda s: replace(s, bullets=s.bullets[1:])), "=0")
    yield of(
        "a bullet reworded",
        lambda g: _section(
            g, 0, lambda s: replace(s, bullets=("étudiants, sauf Algériens ;", *s.bullets[1:]))
        ),
        "=0",
    )
    yield of(
        "a paragraph more",
        lambda g: _section(
            g,
            1,
            lambda s: replace(s, paragraphs=(*s.paragraphs, "Aucun rendez-vous n'est donné par téléphone.")),
        ),
        "=1",
    )
    yield of(
        "a word more",
        lambda g: _section(
            g,
            1,
            lambda s: replace(
                s, paragraphs=(s.paragraphs[0].replace("uniquement", "désormais"), *s.paragraphs[1:])
            ),
        ),
        "=1",
    )
    yield of(
        "a link swapped",
        lambda g: _section(
            g,
            1,
            lambda s: replace(
                s, paragraphs=tuple(p.replace("/booking/create/", "/booking/create/9") for p in s.paragraphs)
            ),
        ),
        "=1",
    )
    yield of("a ground moved to the other list", _moved_ground, "=0", "=2")
    yield of("rewritten but for its headings", _rewritten, *(f"={n}" for n in range(4)))
    yield of(
        "an urgent banner",
        lambda g: g,
        "Fermeture exceptionnelle",
        twist=around(
            '<div class="fr-alert fr-alert--error"><h3 class="fr-alert__title">Fermeture exceptionnelle</h3><p>L\'accueil des étrangers est fermé le 15 septembre 2025.</p></div>'
        ),
    )
    yield of(
        "a section more, in boxes",
        lambda g: replace(g, sections=(*g.sections, new)),
        new.heading,
        twist=inside(lambda m: m.replace("<p", "<div").replace("</p", "</div")),
    )


def _section(guide: Guide, number: int, change: Callable[[Section], Section]) -> Guide:
    sections = list(guide.sections)
    sections[number] = change(sections[number])
    return replace(guide, sections=tuple(sections))


def _moved_ground(guide: Guide) -> Guide:
    """« Salarié » leaves what is filed elsewhere for what is filed on ANEF."""
    ground = guide.sections[2].bullets[0]
    there = _section(guide, 0, lambda s: replace(s, bullets=(*s.bullets, ground)))
    return _section(there, 2, lambda s: replace(s, bullets=s.bullets[1:]))


def _rewritten(guide: Guide) -> Guide:
    for number in range(4):
        guide = _section(
            guide,
            number,
            lambda s: replace(
                s,
                paragraphs=tuple(f"Désormais : {p.lower()}" for p in s.paragraphs) or ("Rien.",),
                bullets=tuple(f"{b[:-2]} (sur place) ;" for b in s.bullets),
            ),
        )
    return guide
