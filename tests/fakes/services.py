"""Pages of procedures and of bookings, in each state that they are met in."""

from __future__ import annotations

from html import escape

from tests.fakes.web import framed

PROCEDURES = "https://demarche.numerique.gouv.fr"
FORMERLY = "https://www.demarches-simplifiees.fr"


def procedure(slug: str, formerly: bool = False) -> str:
    return f"{FORMERLY if formerly else PROCEDURES}/commencer/{slug}"


def open_procedure(title: str, *paragraphs: str, minutes: int = 12, nonce: str = "t") -> str:
    """`minutes`: what the site reckons that others needed."""
    said = "".join(f"<p>{escape(text)}</p>" for text in paragraphs)
    return _procedures(
        f"{title} · demarche.numerique.gouv.fr",
        f'<h1 class="fr-h2">{escape(title)}</h1><p>Temps de remplissage estimé : {minutes} mn</p>'
        '<div class="fr-callout"><h2 class="fr-callout__title">Commencer la démarche</h2>'
        f'<form action="/users/sign_up" method="get"><input type="hidden" name="authenticity_token" value="{nonce}">'
        '<a class="fr-btn" href="/users/sign_up">Créer un compte</a> <a href="/users/sign_in">J’ai déjà un compte</a>'
        f"</form></div><section><h2>Quel est l’objet de la démarche ?</h2>{said}</section>",
    )


def closed_procedure(title: str, since: str, *paragraphs: str) -> str:
    said = "".join(f"<p>{escape(text)}</p>" for text in paragraphs)
    when = f" depuis le {since}" if since else ""
    return _procedures(
        "Démarche close", f"<h1>La démarche « {escape(title)} » est close{when}</h1><div>{said}</div>"
    )


HOME = (
    '<!DOCTYPE html><html lang="fr"><head><title>demarche.numerique.gouv.fr</title></head><body><header></header>'
    '<main id="contenu"><h1>Un outil simple pour gérer les formulaires administratifs en ligne</h1>'
    "<p>Vous souhaitez effectuer une démarche administrative en ligne ? Suivez le lien de votre administration.</p>"
    "</main></body></html>"
)


def _procedures(title: str, inside: str) -> str:
    return (
        f'<!DOCTYPE html><html lang="fr"><head><meta name="csrf-token" content="x"><title>{escape(title)}</title>'
        '</head><body><header role="banner"><p>République française</p></header>'
        f'<main id="contenu" role="main">{inside}</main>'
        "<footer><p>Accessibilité : partiellement conforme</p></footer></body></html>"
    )


def open_booking(title: str, *paragraphs: str, slots: str = "") -> str:
    """The first page of a booking module; `slots`: what it says of those that are left."""
    said = "".join(f"<p>{escape(text)}</p>" for text in (*paragraphs, *([slots] if slots else [])))
    return framed(
        "Prendre un rendez-vous",
        f'<div id="inner_Booking"><h2>{escape(title)}</h2>{said}<form id="FormBookingCreate" method="post">'
        '<input type="hidden" name="ezxform_token" value="1"><input type="checkbox" name="condition" id="condition">'
        '<label for="condition">Veuillez cocher la case pour accepter les conditions d’utilisation</label>'
        '<input class="Bbutton" type="submit" name="nextButton" value="Effectuer une demande de rendez-vous">'
        "</form></div>",
    )


def closed_booking(title: str, sentence: str) -> str:
    return framed(
        "Prendre un rendez-vous",
        f'<div id="inner_Booking"><h2>{escape(title)}</h2><p>{escape(sentence)}</p></div>',
    )


def reservation(title: str, *paragraphs: str, open_: bool = True, slots: str = "") -> str:
    """The description of a démarche of rdv-prefecture.interieur.gouv.fr."""
    said = "".join(f"<p>{escape(text)}</p>" for text in (*paragraphs, *([slots] if slots else [])))
    door = '<a class="fr-btn" href="cgu/">Prendre rendez-vous</a>' if open_ else ""
    return (
        f'<!DOCTYPE html><html lang="fr"><head><title>{escape(title)} - RDV Préfecture</title></head>'
        f'<body><header></header><main id="content" role="main"><h1>{escape(title)}</h1>{said}{door}</main>'
        "<footer></footer></body></html>"
    )
