# ruff: noqa: E501 - markup keeps its lines
"""démarche numérique: `/commencer/…` and what it leads to; tokens and reckonings differ at each request."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date
from html import escape

from watcher.replica.answers import Answer, redirect
from watcher.replica.services.model import Door, Service

FORMER = ("www.demarches-simplifiees.fr", "demarches-simplifiees.fr")
"""Names of the same host, which lead to its present one."""
_PRESENT = "https://demarche.numerique.gouv.fr"
_SESSION = "_demarches_simplifiees_session"
ROBOTS = "User-agent: *\nDisallow: /admin/\nDisallow: /users/\nDisallow: /statistiques/\n"
_MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()  # noqa: SIM905


def answer(path: str, host: str, cookie: str, known: Mapping[str, Service], mode: str, origin: str) -> Answer:
    """The answer of a healthy or a troubled host (`mode`, "" when healthy) at `origin` to one request."""
    if host.partition(":")[0] in FORMER:
        return redirect(301, f"{_PRESENT}{path}")
    if path == "/robots.txt":
        return Answer(200, ROBOTS.encode(), "text/plain")
    if mode:
        return _troubled(path, mode, origin)
    if path == "/":
        return _page("demarche.numerique.gouv.fr", _HOME, flash="alert=" in cookie)
    if path.startswith("/users/"):
        return _page("Connexion", _SIGN_IN)
    if path.startswith("/closing_details/"):
        return _closed(known.get(f"/commencer/{path.rpartition('/')[2]}"))
    return _begun(path, known.get(path), origin)


def _begun(path: str, service: Service | None, origin: str) -> Answer:
    if service is None or service.door is Door.GONE:
        return redirect(
            302, f"{origin}/", cookie=f"{_SESSION}=alert={secrets.token_hex(8)}; Path=/; HttpOnly"
        )
    if service.door is Door.RENAMED:
        return redirect(301, origin + service.target)
    if service.door is Door.REPLACED:
        return redirect(302, origin + service.target)
    if service.door is Door.CLOSED:
        return redirect(302, f"{origin}/closing_details/{path.rpartition('/')[2]}")
    return _page(service.title, _open(service))


def _troubled(path: str, mode: str, origin: str) -> Answer:
    if mode == "429":
        return Answer(429, b"Retry later\n", "text/plain", {"Retry-After": "60", "X-Powered-By": ""})
    if mode == "503":
        return Answer(503, _MAINTENANCE.encode())
    return (
        _page("Connexion", _SIGN_IN)
        if path.startswith("/users/")
        else redirect(302, f"{origin}/users/sign_in")
    )


def _open(service: Service) -> str:
    said = "".join(f"<p>{escape(text)}</p>" for text in service.said)
    minutes = 8 + secrets.randbelow(30)
    return f"""<h1 class="fr-h2">{escape(service.title)}</h1>
<p class="fr-tag"><span class="fr-icon-time-line"></span>Temps de remplissage estimé : {minutes} mn</p>
<div class="fr-callout"><h2 class="fr-callout__title">Commencer la démarche</h2><form action="/users/sign_up" method="get">
<input type="hidden" name="authenticity_token" value="{secrets.token_hex(32)}"><a class="fr-btn" href="/users/sign_up">Créer un compte</a>
<a class="fr-btn fr-btn--secondary" href="/users/sign_in">J’ai déjà un compte</a></form></div>
<section class="fr-accordion"><h2 class="fr-accordion__title"><button class="fr-accordion__btn" aria-controls="a-{secrets.token_hex(4)}">Quel est l’objet de la démarche ?</button></h2>
<div class="fr-collapse">{said}</div></section>
<p>Dans le meilleur des cas, le délai d’instruction est de {2 + secrets.randbelow(20)} jours.</p>"""


def _closed(service: Service | None) -> Answer:
    if service is None:
        return Answer(404, b"")
    since = f" depuis le {_day(service.since)}" if service.since else ""
    said = "".join(f"<p>{escape(text)}</p>" for text in service.closing)
    return _page(
        "Démarche close",
        f"<h1>La démarche « {escape(service.title)} » est close{since}</h1><div>{said}</div>",
    )


def _day(day: date) -> str:
    return f"{'1er' if day.day == 1 else day.day} {_MONTHS[day.month - 1]} {day.year}"


def _page(title: str, inside: str, *, flash: bool = False) -> Answer:
    told = (
        '<div class="flash alert alert-danger" role="alert">La démarche n’existe pas</div>' if flash else ""
    )
    body = f"""<!DOCTYPE html><html lang="fr" data-fr-scheme="system"><head><meta charset="utf-8">
<meta name="csrf-param" content="authenticity_token"><meta name="csrf-token" content="{secrets.token_urlsafe(48)}">
<meta name="csp-nonce" content="{secrets.token_hex(12)}"><title>{escape(title)} · demarche.numerique.gouv.fr</title></head>
<body id="v2"><header role="banner" class="fr-header"><p class="fr-logo">République<br>Française</p></header>{told}
<main id="contenu" role="main"><div class="fr-container">{inside}</div></main>
<footer class="fr-footer"><p>Version {secrets.token_hex(3)} – Accessibilité : partiellement conforme</p></footer></body></html>"""
    return Answer(
        200,
        body.encode(),
        headers={"Set-Cookie": f"{_SESSION}={secrets.token_hex(16)}; Path=/; HttpOnly", "X-Powered-By": ""},
    )


_HOME = """<h1>Un outil simple pour gérer les formulaires administratifs en ligne</h1>
<p>Vous souhaitez effectuer une démarche administrative en ligne ? Suivez le lien de votre administration.</p>"""
_SIGN_IN = """<h1>Connectez-vous</h1><form action="/users/sign_in" method="post"><p>Avec FranceConnect</p>
<label>Adresse électronique</label><input name="user[email]"><button class="fr-btn">Se connecter</button></form>
<p>Nouveau sur demarche.numerique.gouv.fr ? <a href="/users/sign_up">Créer un compte</a></p>"""
_MAINTENANCE = """<!DOCTYPE html><html lang="fr"><head><title>Maintenance</title></head><body>
<h1>Le site est actuellement en maintenance</h1><p>Il sera à nouveau disponible dans un court instant.</p></body></html>"""
