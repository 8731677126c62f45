# ruff: noqa: E501 - markup keeps its lines
"""New templates for any page: the words stay, the markup around them does not."""

from __future__ import annotations

import html as entities
import re
import unicodedata
from collections.abc import Callable

from lxml import etree
from lxml import html as lx
from lxml.html import HtmlElement

Twist = Callable[[str], str]
"""A whole page → the page in another template."""

_CONTENT = re.compile(r"(<main\b[^>]*>)(.*)(</main>)", re.DOTALL)
_BODY = re.compile(r"()(<h1\b.*?)(?=<footer|<div id=\"(?:pied|footer))", re.DOTALL)
_TEXT = re.compile(r">([^<>]+)<")


def inside(change: Twist) -> Twist:
    """Change only what is in the main region."""

    def twist(page: str) -> str:
        found = _CONTENT.search(page) or _BODY.search(page)
        if found is None:
            return page
        return page[: found.start(2)] + change(found[2]) + page[found.end(2) :]

    return twist


def around(before: str, after: str = "") -> Twist:
    return inside(lambda main: before + main + after)


def swap(pattern: str, by: str) -> Twist:
    return inside(lambda main: re.sub(pattern, by, main))


def texts(change: Twist) -> Twist:
    """Change every text of the main region, tags left alone."""
    return inside(lambda main: _TEXT.sub(lambda found: f">{change(found[1])}<", main))


def dom(change: Callable[[HtmlElement], None]) -> Twist:
    """Change the tree of the whole page; `change` is given the main region (else the body)."""

    def twist(page: str) -> str:
        root = lx.document_fromstring(page)
        mains = root.xpath("//main") or root.xpath("//body")
        change(mains[0])
        return "<!DOCTYPE html>\n" + str(lx.tostring(root, encoding="unicode"))

    return twist


def _unnamed(main: HtmlElement) -> None:
    for one in main.iter(etree.Element):
        one.attrib.pop("class", None)


def _wrapped(tag: str) -> Callable[[HtmlElement], None]:
    def change(main: HtmlElement) -> None:
        for one in list(main.iter(tag)):
            holder = lx.fragment_fromstring('<div class="v3-bloc"><div class="v3-in"></div></div>')
            one.addprevious(holder)
            holder.tail, one.tail = one.tail, None
            holder[0].append(one)

    return change


def _hashed(page: str) -> str:
    """Names as a style compiler makes them."""
    return re.sub(
        r'class="([^"]+)"',
        lambda found: (
            'class="' + " ".join(f"css-{sum(map(ord, c)) * 7919 % 46656:x}" for c in found[1].split()) + '"'
        ),
        page,
    )


def _pretty(main: str) -> str:
    return re.sub(r">\s*<", ">\n            <", main)


def _spoken(char: str) -> str:
    return f"&#{ord(char)};" if ord(char) > 127 else char


RESTYLED: dict[str, Twist] = {
    "every class renamed": inside(
        lambda m: re.sub(
            r'class="([^"]+)"', lambda f: 'class="' + " ".join("gouv-" + c for c in f[1].split()) + '"', m
        )
    ),
    "classes hashed": _hashed,
    "DSFR becomes dsfr2": inside(lambda m: m.replace("fr-", "dsfr2-")),
    "two dashes instead of one": inside(lambda m: re.sub(r"\bfr-(\w+)__", r"fr-\1--", m)),
    "no class at all": dom(_unnamed),
    "a class more everywhere": inside(lambda m: m.replace('class="', 'class="theme-clair ')),
    "classes after href": inside(lambda m: re.sub(r'<a class="([^"]*)"([^>]*)>', r'<a\2 class="\1">', m)),
    "single quotes": inside(lambda m: re.sub(r'="([^"\']*)"', r"='\1'", m)),
    "no quotes": inside(lambda m: re.sub(r'(class|id|role)="([\w-]+)"', r"\1=\2", m)),
    "capital tags": inside(
        lambda m: re.sub(r"<(/?)(div|p|h\d|li|ul|span|article)\b", lambda f: f"<{f[1]}{f[2].upper()}", m)
    ),
    "self-closing": inside(lambda m: m.replace("<br>", "<br />").replace('alt="">', 'alt="" />')),
    "re-serialised": dom(lambda main: None),
    "minified": lambda page: re.sub(r">\s+<", "><", page),
    "indented": inside(_pretty),
    "wrapped once more": around('<div class="layout"><div class="layout__in">', "</div></div>"),
    "paragraphs in boxes": dom(_wrapped("p")),
    "headings in boxes": dom(_wrapped("h2")),
    "links in boxes": dom(_wrapped("a")),
    "div becomes section": swap(r"<(/?)div\b", r"<\1section"),
    "p becomes div": swap(r"<(/?)p\b", r"<\1div"),
    "p becomes span": swap(r"<(/?)p\b", r"<\1span"),
    "lists become boxes": swap(r"<(/?)(?:ul|ol|li)\b", r"<\1div"),
    "h2 becomes h3": swap(r"<(/?)h2\b", r"<\1h3"),
    "h2 becomes h4, h3 h5": inside(
        lambda m: re.sub(r"<(/?)h([23])\b", lambda f: f"<{f[1]}h{int(f[2]) + 2}", m)
    ),
    "headings become boxes": swap(r"<(/?)h[2-6]\b", r"<\1div"),
    "article becomes div": swap(r"<(/?)(?:article|section|header)\b", r"<\1div"),
    "main by role": lambda page: re.sub(
        r"<(/?)main\b(?: role=\"main\")?", lambda f: "</div" if f[1] else '<div role="main"', page
    ),
    "main lost": lambda page: re.sub(r"<(/?)main\b(?: role=\"main\")?", r"<\1div", page),
    "ids gone": swap(r'\sid=(?:"[^"]*"|[\w-]*)', ""),
    "entities for accents": texts(lambda t: "".join(map(_spoken, t))),
    "escaped twice": texts(lambda t: entities.escape("".join(map(_spoken, t)))),
    "decomposed letters": texts(lambda t: unicodedata.normalize("NFD", t)),
    "typographic quotes": texts(lambda t: t.replace("'", "’").replace("...", "…")),
    "unbreakable spaces": texts(
        lambda t: t.replace(" :", "\u00a0:").replace(" ;", "\u202f;").replace(" ?", "\u202f?")
    ),
    "soft hyphens": texts(lambda t: t.replace("tion", "\u00adtion").replace("ment", "\u00adment")),
    "zero-width breaks": texts(lambda t: t.replace("/", "/\u200b").replace("-", "-\u200b")),
    "doubled spaces": texts(lambda t: t.replace(" ", "  ")),
    "comments everywhere": inside(
        lambda m: m.replace("<div", "<!-- bloc --><div").replace("<p", "<!-- START: p.tpl --><p")
    ),
    "conditional comments": around("<!--[if lt IE 9]><p>Votre navigateur est trop ancien.</p><![endif]-->"),
    "windows-1252": lambda page: page.replace('charset="utf-8"', 'charset="windows-1252"'),
    "byte order mark": lambda page: "\ufeff" + page,
    "XHTML": lambda page: (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        + page.replace("<html lang", '<html xmlns="http://www.w3.org/1999/xhtml" lang')
    ),
    "bold words": inside(lambda m: re.sub(r"(>\s*)(\w+)( )", r"\1<strong>\2</strong>\3", m)),
    "spans around texts": inside(lambda m: re.sub(r">(\s*[^<>\s][^<>]*)<", r"><span>\1</span><", m)),
    "data attributes": inside(lambda m: m.replace("<div", '<div data-v-7ba5bd90="" data-track="x>y"')),
    "inline styles": inside(lambda m: m.replace("<p", '<p style="color:#333;margin:0 > 1px"')),
}
"""Nothing of what is read changes, so nothing may be told."""

FURNISHED: dict[str, Twist] = {
    "alert banner": around(
        '<div class="fr-alert fr-alert--warning"><h3 class="fr-alert__title">Vigilance météorologique</h3><p>Le département est placé en vigilance jaune vent violent.</p></div>'
    ),
    "notice bar": around(
        '<div class="fr-notice fr-notice--info"><div class="fr-container"><div class="fr-notice__body"><p><span class="fr-notice__title">Campagne de vaccination contre la grippe</span></p></div></div></div>'
    ),
    "was this useful": around(
        "",
        '<section class="fr-callout"><h3>Cette page vous a-t-elle été utile ?</h3><p>Donnez-nous votre avis : <a href="/avis">Oui</a> <a href="/avis">Non</a></p></section>',
    ),
    "share block": around(
        "",
        '<div class="fr-share"><p class="fr-share__title">Partager la page</p><ul class="fr-btns-group"><li><a class="fr-btn--facebook" href="https://www.facebook.com/sharer.php">Facebook</a></li><li><a class="fr-btn--linkedin" href="https://www.linkedin.com/share">LinkedIn</a></li></ul></div>',
    ),
    "cookie banner": around(
        '<div class="fr-consent-banner"><h2 class="fr-h6">À propos des cookies sur ce site</h2><p>Nous utilisons des cookies. <a href="/Donnees-personnelles">Tout accepter</a></p></div>'
    ),
    "newsletter form": around(
        "",
        '<form action="/lettre"><label>Recevez la lettre d\'information</label><input name="mail"><button>Je m\'abonne</button></form>',
    ),
    "side menu moved in": around(
        '<nav class="fr-sidemenu" aria-label="Menu latéral"><ul class="fr-sidemenu__list"><li class="fr-sidemenu__item"><a class="fr-sidemenu__link" href="/Demarches/A">Cartes grises</a></li><li class="fr-sidemenu__item"><a class="fr-sidemenu__link" href="/Demarches/B">Permis</a></li></ul></nav>'
    ),
    "breadcrumb moved in": around(
        '<nav class="fr-breadcrumb"><ol class="fr-breadcrumb__list"><li><a class="fr-breadcrumb__link" href="/">Accueil</a></li><li><a class="fr-breadcrumb__link" href="/Demarches">Démarches</a></li></ol></nav>'
    ),
    "print and top links": around(
        '<p class="outils"><a href="javascript:print()">Imprimer</a> <a href="#top">Haut de page</a></p>'
    ),
    "counter of visits": around("", '<p class="compteur">Page vue 4 812 fois</p>'),
    "script with markup": around(
        "",
        '<script>document.write(\'<div class="fr-card"><h3 class="fr-card__title"><a href="/x">x</a></h3></div>\')</script>',
    ),
    "noscript": around(
        "<noscript><p>Activez JavaScript pour profiter de toutes les fonctionnalités du site.</p></noscript>"
    ),
    "accessibility links": around(
        '<ul class="evitement"><li><a href="#contenu">Aller au contenu</a></li><li><a href="#menu">Aller au menu</a></li></ul>'
    ),
    "last update of the site": around(
        "", '<p class="maj">Dernière mise à jour du site : 08/09/2025 à 07:12</p>'
    ),
}
"""Things that a template adds around the content; they are nobody's announcement."""
