# ruff: noqa: E501 - markup keeps its lines
"""Bookings: the module of a préfecture's site, and RDV Préfecture. Their first pages, and the steps behind them."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from html import escape

from watcher.replica.answers import Answer, challenged
from watcher.replica.services.model import Door, Service
from watcher.replica.skins.slots import slot

BEYOND = re.compile(
    r"/booking/create/\d+/[1-9]|/rdvpref/reservation/demarche/\d+/\w+|/ezjscore/call/bookingserver"
)
"""What nobody may ask for who does not book: a look at it is a place taken from somebody."""
_DESCRIBED = re.compile(r"(/rdvpref/reservation/demarche/\d+)(/\w+)?/?")
_SLOTS = (
    "",
    "<p>Il n'existe plus de plage horaire libre pour votre demande de rendez-vous. Veuillez recommencer ultérieurement.</p>",
    "<p>De nouveaux créneaux sont mis en ligne chaque lundi.</p>",
)


def module(service: Service) -> str:
    """The first step of a booking module; whether a slot is left changes with each visit."""
    said = "".join(f"<p>{escape(text)}</p>" for text in service.said)
    if service.door is Door.CLOSED:
        closing = "".join(f"<p>{escape(text)}</p>" for text in service.closing)
        return f'<div id="inner_Booking"><h2>{escape(service.title)}</h2>{closing}</div>'
    return f"""<div id="inner_Booking"><h2>{escape(service.title)}</h2>{said}{secrets.choice(_SLOTS)}
<form id="FormBookingCreate" method="post"><input type="hidden" name="ezxform_token" value="{slot("booking")}">
<p><input type="checkbox" name="condition" id="condition">
<label for="condition">Veuillez cocher la case pour accepter les conditions d'utilisation.</label></p>
<div id="submit_Booking"><input type="submit" name="nextButton" class="Bbutton" value="Effectuer une demande de rendez-vous"></div></form></div>"""


STEP = """<div id="inner_Booking"><h2>Choix du créneau</h2><form id="FormBookingCreate" method="post"><p class="Bligne">
<input type="radio" name="planning" id="planning1"><label for="planning1">Guichet 1</label></p></form></div>"""


def answer(path: str, known: Mapping[str, Service], mode: str) -> Answer:
    """What RDV Préfecture answers; `mode` is its trouble, "" when healthy."""
    if path == "/robots.txt":
        return Answer(200, b"User-agent: *\nDisallow:\n", "text/plain")
    if mode:
        return challenged()
    found = _DESCRIBED.fullmatch(path)
    service = known.get(f"{found[1]}/") if found else None
    if found is None or service is None or service.door is Door.GONE:
        return Answer(404, _page("Page introuvable", "<h1>404</h1><p>Page introuvable.</p>"))
    if found[2] == "/cgu":
        return Answer(200, _page(service.title, _CONDITIONS))
    if found[2]:
        return Answer(
            200, _page(service.title, "<h1>Choisissez votre créneau</h1><p>Aucun créneau disponible</p>")
        )
    return Answer(200, _page(service.title, _described(service)))


def _described(service: Service) -> str:
    day, hour, minute = 1 + secrets.randbelow(28), 8 + secrets.randbelow(10), secrets.randbelow(60)
    stamp = f"<p>Dernière mise en ligne de rendez-vous : le {day:02}/09/2025 à {hour:02}:{minute:02}</p>"
    closed = service.door is Door.CLOSED
    said = "".join(f"<p>{escape(text)}</p>" for text in (service.closing if closed else service.said))
    way = "" if closed else '<a class="fr-btn" href="cgu/">Prendre rendez-vous</a>'
    return f"<h1>{escape(service.title)}</h1>{said}{'' if closed else stamp}{way}"


def _page(title: str, inside: str) -> bytes:
    return f"""<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><meta name="_csrf" content="{secrets.token_hex(16)}">
<title>{escape(title)} - RDV Préfecture</title></head><body><header role="banner"></header>
<main id="content" role="main">{inside}</main><footer><p>{secrets.token_hex(4)}</p></footer></body></html>""".encode()


_CONDITIONS = """<h1>Conditions générales d'utilisation</h1><rdv-captchetat token="x" captcha-style-name="captchaFR"></rdv-captchetat>
<button formaction="/rdvpref/reservation/_validerCaptcha">Suivant</button>"""
