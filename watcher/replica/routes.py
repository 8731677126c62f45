"""From a path to a page: the addresses of one site. Pure but for fresh ids and tokens."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from watcher.replica.answers import Answer, redirect
from watcher.replica.baseline import is_rubric, rubric_news
from watcher.replica.model import News, State
from watcher.replica.renamed.pages import answered, section_item
from watcher.replica.services.bookings import BEYOND, STEP, module
from watcher.replica.services.model import Door
from watcher.replica.sites import Site, Skin
from watcher.replica.skins.dsfr import article_page, home_page, list_page, plain_page
from watcher.replica.skins.guide import body_of, guide_page
from watcher.replica.skins.legacy import legacy_article, legacy_list, regional_article, regional_list
from watcher.replica.skins.outer import old_frame, police_frame, regional_frame
from watcher.replica.skins.pieces import BOOKING, PDF, SELECT
from watcher.replica.skins.police import DETOUR, police_article, police_list, police_stub
from watcher.replica.skins.writing import View
from watcher.replica.texts.menu import LEGAL, MENU
from watcher.replica.texts.unrelated import slug

ROBOTS = """User-agent: *
Disallow: /ezjscore/
Disallow: /content/search
Disallow: /contenu/recherche
Disallow: /user/
Disallow: /index.php/user/
Disallow: /admin_ide/
"""
_PARAMETER = re.compile(r"/\((\w+)\)/([^/]*)")
_LIST = {
    Skin.LEGACY: legacy_list,
    Skin.REGIONAL: regional_list,
    Skin.POLICE: police_list,
}
_COOKIE = "pp_visite=1"


@dataclass(frozen=True, slots=True)
class Ask:
    """A request as the site understands it: view parameters and harmless prefixes taken off the path."""

    path: str
    offset: int
    cookie: str = ""


def understand(target: str, cookie: str = "") -> Ask:
    """A target without the site's prefix: ``/index.php/Actualites/(offset)/10`` → the list from 10."""
    parts = urlsplit(target)
    path = unquote(parts.path)
    parameters = dict(_PARAMETER.findall(path))
    path = _PARAMETER.sub("", path)
    for prefix in ("/index.php", "/layout/set/print"):
        path = path.removeprefix(prefix)
    page = parse_qs(parts.query).get("page", ["0"])[0]
    offset = parameters.get("offset") or (str(int(page) * 10) if page.isdigit() else "0")
    return Ask(path.rstrip("/") or "/", int(offset) if offset.isdigit() else 0, cookie)


def respond(site: Site, seed: int, state: State, ask: Ask) -> Answer:
    """The answer of a healthy site."""
    if ask.path == "/robots.txt":
        return Answer(200, _robots(site).encode(), "text/plain")
    if site.skin is Skin.POLICE:
        detour = _detour(site, state, ask)
        if detour:
            return detour
    moved = state.moved.get(ask.path)
    if moved:
        return redirect(301, site.base + moved)
    child = state.only_child.get(ask.path)
    if child:
        return redirect(302, site.base + child)
    if ask.path in state.private:
        return Answer(401, _plain(View(site, state), "Accès refusé", ask.path, ""))
    own = answered(View(site, state), seed, ask.path, ask.offset)
    if own:
        return own
    body = _page(site, seed, View(site, state), ask)
    if body is not None:
        return Answer(200, body)
    if ask.path.startswith("/contenu/telechargement/"):
        return _file(ask.path)
    return Answer(404, missing_page(View(site, state), ask.path))


def _robots(site: Site) -> str:
    """Some renamed sites let robots search."""
    if site.plan and site.plan.searchable:
        return ROBOTS.replace("Disallow: /contenu/recherche\n", "")
    return ROBOTS


def missing_page(view: View, path: str) -> bytes:
    return _plain(view, "Page introuvable", path, _MISSING)


def empty_list(site: Site, state: State, ask: Ask) -> bytes:
    """The page asked for, whole, without anything on it."""
    return _list(View(site, state), "Actualités", ask.path, (), 0, ())


def _page(site: Site, seed: int, view: View, ask: Ask) -> bytes | None:
    state = view.state
    if ask.path == site.list_path:
        return _list(view, "Actualités", ask.path, state.news, ask.offset, state.rubrics)
    if ask.path == state.guide.path:
        if site.skin is Skin.DSFR:
            return guide_page(view, state.guide)
        if site.skin is Skin.LEGACY:
            return _plain(view, state.guide.title, ask.path, body_of(view, state.guide))
        return _plain(view, state.guide.title, ask.path, f"<p>{view.text(state.guide.lead)}</p>")
    rubric = is_rubric(ask.path)
    if rubric:
        return _list(view, rubric, ask.path, rubric_news(site, seed, rubric), ask.offset, ())
    if ask.path in state.children:
        return _list(view, "Rubrique", ask.path, state.children[ask.path], ask.offset, ())
    item = _item(site, seed, state, ask.path)
    if item is not None:
        return _article(view, item)
    return _other(view, ask.path)


def _list(
    view: View, title: str, path: str, items: tuple[News, ...], offset: int, rubrics: tuple[str, ...]
) -> bytes:
    other = _LIST.get(view.site.skin)
    if other:
        return other(view, title, path, items, offset)
    return list_page(view, title, path, items, offset, rubrics)


def _article(view: View, item: News) -> bytes:
    if view.site.skin is Skin.LEGACY:
        return legacy_article(view, item)
    if view.site.skin is Skin.REGIONAL:
        return regional_article(view, item)
    if view.site.skin is Skin.POLICE:
        return police_article(view, item)
    related = tuple(other for other in view.state.news[:4] if other is not item)[:3]
    return article_page(view, item, related)


def _item(site: Site, seed: int, state: State, path: str) -> News | None:
    lists = [state.news, *state.children.values()]
    folder = is_rubric("/".join(path.split("/")[:3]))
    if folder:
        lists.append(rubric_news(site, seed, folder))
    return next(
        (item for items in lists for item in items if item.path == path), section_item(site, seed, path)
    )


def _other(view: View, path: str) -> bytes | None:
    if path == "/":
        return home_page(view) if view.site.skin is Skin.DSFR else _plain(view, "Accueil", path, "")
    if path.startswith("/booking/create/"):
        return _booked(view, path)
    if path == "/Publications/Recueil-des-actes-administratifs":
        return _plain(view, "Recueil des actes administratifs", path, SELECT)
    if path in _MENU_PATHS or path == "/Prendre-un-rendez-vous":
        return _plain(
            view,
            path.rpartition("/")[2].replace("-", " "),
            path,
            "<p>Cette rubrique est en cours de rédaction.</p>",
        )
    if path in set(view.state.only_child.values()):
        return _plain(view, "Lettre de l'État", path, "<p>La lettre paraît quatre fois par an.</p>")
    return None


def _booked(view: View, path: str) -> bytes | None:
    """The first step of a module; that of one nobody told of is open. And the steps behind it."""
    if BEYOND.match(path):
        return _plain(view, "Prise de rendez-vous", path, STEP)
    known = view.state.services.get(path.removesuffix("/0"))
    if known is None:
        return _plain(view, "Prise de rendez-vous", path, BOOKING)
    return None if known.door is Door.GONE else _plain(view, "Prise de rendez-vous", path, module(known))


def _plain(view: View, title: str, path: str, inside: str) -> bytes:
    """Any other page, in the frame of the site."""
    body = f"<h1>{view.text(title)}</h1>{inside}"
    if view.site.skin is Skin.LEGACY:
        return old_frame(view.site, title, body, ())
    if view.site.skin is Skin.REGIONAL:
        return regional_frame(view.site, title, body)
    if view.site.skin is Skin.POLICE:
        return police_frame(view.site, title, body)
    return plain_page(view, title, path, inside)


def _detour(site: Site, state: State, ask: Ask) -> Answer | None:
    """Paris: the script, and the page behind it that hands out the cookie."""
    if ask.path.startswith(DETOUR):
        target = "/" + ask.path.removeprefix(DETOUR).replace("~", "/")
        return redirect(302, site.base + target, cookie=f"{_COOKIE}; Path=/; HttpOnly")
    if state.guarded and _COOKIE not in ask.cookie:
        return Answer(200, police_stub(ask.path))
    return None


def _file(path: str) -> Answer:
    name = path.rpartition("/")[2]
    disposition = f"attachment; filename*=UTF-8''{slug(name)}"
    return Answer(
        200, PDF, "application/pdf", {"Content-Disposition": disposition, "Last-Modified": "", "Expires": ""}
    )


_MISSING = "<p>La page que vous demandez n'existe pas ou n'est plus disponible.</p>"
_MENU_PATHS = frozenset(
    {f"/{slug(name)}" for name in (*MENU, *LEGAL)}
    | {f"/{slug(name)}/{slug(group)}" for name, groups in MENU.items() for group in groups}
    | {
        f"/{slug(name)}/{slug(group)}/{slug(label)}"
        for name, groups in MENU.items()
        for group, labels in groups.items()
        for label in labels
    }
)
