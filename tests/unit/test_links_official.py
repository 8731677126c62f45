# ruff: noqa: E501
"""Official places are recognised by where their links lead."""

from __future__ import annotations

import pytest

from watcher.core.items import LinkKind, OfficialLink
from watcher.core.links import called, elsewhere, official, places_told

ANEF = "https://administration-etrangers-en-france.interieur.gouv.fr/particuliers/#/"

PLACES = [
    (ANEF, LinkKind.ANEF, "anef"),
    (f"{ANEF}vos-demarches", LinkKind.ANEF, "anef"),
    ("https://sso.anef.dgef.interieur.gouv.fr/auth", LinkKind.ANEF, "anef"),
    ("http://www.val-de-marne.gouv.fr/booking/create/4963/1", LinkKind.BOOKING, "booking:www.val-de-marne.gouv.fr/4963"),
    ("https://val-de-marne.gouv.fr/booking/create/4963", LinkKind.BOOKING, "booking:www.val-de-marne.gouv.fr/4963"),
    ("https://www.seine-saint-denis.gouv.fr/index.php/booking/create/16105", LinkKind.BOOKING, "booking:www.seine-saint-denis.gouv.fr/16105"),
    ("http://www.haute-savoie.gouv.fr/layout/set/print/booking/create/29396", LinkKind.BOOKING, "booking:www.haute-savoie.gouv.fr/29396"),
    ("https://www.rdv.loire.gouv.fr/booking/create/804", LinkKind.BOOKING, "booking:www.rdv.loire.gouv.fr/804"),
    ("https://www.rdv.haute-loire.gouv.fr/", LinkKind.BOOKING, "booking:www.rdv.haute-loire.gouv.fr"),
    ("https://pprdv.interieur.gouv.fr/booking/create/948/0", LinkKind.BOOKING, "booking:pprdv.interieur.gouv.fr/948"),
    ("http://127.0.0.15:8080/booking/create/5/0", LinkKind.BOOKING, "booking:127.0.0.15:8080/5"),
    ("http://127.0.0.1:8080/15/booking/create/5", LinkKind.BOOKING, "booking:127.0.0.1:8080/15/5"),
    ("https://www.rdv-prefecture.interieur.gouv.fr/rdvpref/reservation/demarche/16040/", LinkKind.RDV_PREFECTURE, "rdvpref:16040"),
    ("https://www.rdv-prefecture.interieur.gouv.fr/rdvpref/reservation/demarche/2246/creneau/", LinkKind.RDV_PREFECTURE, "rdvpref:2246"),
    ("https://www.demarches-simplifiees.fr/commencer/pref14-visad", LinkKind.PROCEDURE, "demarche:pref14-visad"),
    ("https://demarches-simplifiees.fr/commencer/pref14-visad/", LinkKind.PROCEDURE, "demarche:pref14-visad"),
    ("https://demarche.numerique.gouv.fr/commencer/pref14-visad?x=1", LinkKind.PROCEDURE, "demarche:pref14-visad"),
    ("https://invite.contacts-demarches.interieur.gouv.fr/BREXIT/", LinkKind.TELESERVICE, "teleservice:contacts-demarches.interieur.gouv.fr/BREXIT"),
    ("http://127.0.0.1:8080/commencer/pref14-visad", LinkKind.PROCEDURE, "demarche:pref14-visad"),
    ("http://127.0.0.1:8080/rdvpref/reservation/demarche/16040/", LinkKind.RDV_PREFECTURE, "rdvpref:16040"),
    ("http://10.accueil-etrangers.gouv.fr/", LinkKind.TELESERVICE, "teleservice:10.accueil-etrangers.gouv.fr"),
    ("mailto:Pref-Etrangers@Cantal.gouv.fr?subject=RDV", LinkKind.EMAIL, "email:pref-etrangers@cantal.gouv.fr"),
]  # fmt: skip


@pytest.mark.parametrize(("address", "kind", "ident"), PLACES)
def test_a_place_has_one_name_however_it_is_linked(address: str, kind: LinkKind, ident: str) -> None:
    link = official(address, "  Prendre\u00a0rendez-vous ")

    assert link is not None
    assert (link.kind, link.ident, link.label) == (kind, ident, "Prendre rendez-vous")


def test_the_anefs_fragment_stays_in_the_address() -> None:
    link = official(f"{ANEF}vos-demarches", "ANEF")

    assert link is not None
    assert link.address.endswith("#/vos-demarches")


@pytest.mark.parametrize(
    "address",
    [
        "https://www.cantal.gouv.fr/Demarches/Etrangers",
        "https://evil.example/booking/create/4963",
        "https://administration-etrangers-en-france.interieur.gouv.fr.evil.example/",
        "https://www.demarches-simplifiees.fr/",
        "https://www.rdvprefecture.com/commencer/x",
        "https://www.service-public.fr/particuliers/vosdroits/F1",
        "https://www.cantal.gouv.fr/booking/create/",
        "mailto:",
        "mailto:?subject=x",
        "mailto:not an address",
        "javascript:location='https://demarche.numerique.gouv.fr/commencer/x'",
    ],
)
def test_any_other_link_is_no_official_place(address: str) -> None:
    assert official(address, "x") is None


def place(kind: LinkKind, ident: str, label: str = "", address: str = "https://x.gouv.fr/") -> OfficialLink:
    return OfficialLink(kind, ident, address, label)


@pytest.mark.parametrize(
    ("kind", "ident", "told"),
    [
        (LinkKind.BOOKING, "booking:www.rdv.gouv.fr/15/804", "le module de rendez-vous 804"),
        (LinkKind.PROCEDURE, "demarche:pref14-visad", "la démarche numérique « pref14-visad »"),
        (LinkKind.EMAIL, "email:a@cantal.gouv.fr", "la messagerie a@cantal.gouv.fr"),
    ],
)
def test_a_link_without_words_is_called_by_where_it_leads(kind: LinkKind, ident: str, told: str) -> None:
    assert called(place(kind, ident)) == told


def test_a_place_is_elsewhere_when_nothing_led_there_or_its_words_led_to_another() -> None:
    known = place(LinkKind.PROCEDURE, "demarche:a", "Demander")
    other = place(LinkKind.PROCEDURE, "demarche:b", "Renouveler")
    swapped = place(LinkKind.PROCEDURE, "demarche:a", "Renouveler")
    nameless = place(LinkKind.PROCEDURE, "demarche:a")

    assert elsewhere([known, other], [known]) == (other,)
    assert elsewhere([swapped], [known, other]) == (swapped,)
    assert elsewhere([nameless], [known, other]) == ()
    assert elsewhere([known], [known, swapped]) == ()


def test_places_are_told_in_a_line_unless_words_tell_them_already() -> None:
    form = place(LinkKind.PROCEDURE, "demarche:a", "Demander", "https://x.gouv.fr/a")
    mailbox = place(LinkKind.EMAIL, "email:a@x.gouv.fr", "", "mailto:a@x.gouv.fr")
    office = place(LinkKind.POSTAL, "postal:x", "2 place de la Préfecture")

    assert len(places_told([form, mailbox, office], [])) == 2
    assert "https://x.gouv.fr/a" in places_told([form], [])[0]
    assert places_told([form], [form]) == ()
    assert places_told([mailbox], [], "Écrivez à A@x.gouv.fr") == ()
    assert places_told([mailbox], [], "Écrivez-nous") != ()
    assert "mailto" not in places_told([mailbox], [])[0]
