"""Links of a page that lead elsewhere under words that stay, and links that are merely written in another way."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from tests.fakes.web import guide_page
from watcher.bootstrap import french_reader
from watcher.core.alerts import Alert
from watcher.core.catalogue import Source, SourceKind
from watcher.core.compare import Difference
from watcher.core.compare_blocks import compare_blocks
from watcher.core.items import Item, LinkKind, OfficialLink, Snapshot
from watcher.core.links import official
from watcher.core.ports import Reader
from watcher.core.swaps import unlabelled
from watcher.core.telling import alert_of, judged, tell
from watcher.core.verdict import Notice, Route
from watcher.layouts.content import LAYOUT

URL = "https://www.val-de-marne.gouv.fr/Demarches/Etrangers"
PAGE = Source("94-sejour", "94", SourceKind.PAGE, URL, "content", "ide", None)  # type: ignore[arg-type]
NOW = datetime(2026, 3, 2, tzinfo=UTC)
ANEF = "https://administration-etrangers-en-france.interieur.gouv.fr/particuliers/#/"
OLD, NEW = "https://www.demarches-simplifiees.fr/commencer/", "https://demarche.numerique.gouv.fr/commencer/"
RDV = "https://www.rdv-prefecture.interieur.gouv.fr/rdvpref/reservation/demarche/"


@cache
def reader() -> Reader:
    return french_reader(Path(__file__).resolve().parents[2] / "rules.yaml")


def items(heading: str, markup: str) -> tuple[Item, ...]:
    page = guide_page((heading, [markup]), ("Horaires", ["Le bureau reçoit de 9 h à 12 h."]))
    return LAYOUT.extract(page, URL, {}).items


def alerts(before: str, after: str, heading: str = "Prendre rendez-vous à Créteil") -> list[Alert]:
    """What readers hear of one section that changed."""
    snapshot = Snapshot("94-sejour", 1, NOW, "content", 2, "", "", items(heading, before))
    found = []
    for difference in compare_blocks(snapshot, items(heading, after)).differences:
        told = tell(PAGE, "1", difference, NOW, {}, {})
        alert = alert_of(PAGE, told, judged(told.change, reader().read(told.notice)))
        found += [alert] if alert else []
    return found


def a(href: str, label: str = "Prendre rendez-vous", kind: str = "") -> str:
    return f'Pour votre demande : <a class="{kind}" href="{href}">{label}</a>'


def test_the_form_that_stands_in_for_a_booking_module_is_told_with_both_and_its_town() -> None:
    (alert,) = alerts(a("/booking/create/4963"), a(f"{NEW}rdv-creteil"))

    assert (
        "→ le module de rendez-vous 4963 (https://www.val-de-marne.gouv.fr/booking/create/4963)"
        in alert.before
    )
    assert f"→ la démarche numérique « rdv-creteil » ({NEW}rdv-creteil)" in alert.summary
    (fact,) = alert.verdict.facts
    assert (fact.channel_before, fact.channel_after, fact.territory) == (
        "rdv_en_ligne",
        "demarche_numerique",
        "Créteil",
    )
    assert fact.links == (f"{NEW}rdv-creteil",)
    assert alert.verdict.categories == ("rdv_modality",)


def form(action: str) -> str:
    return f'<form method="get" action="{action}"><button class="fr-btn">Prendre rendez-vous</button></form>'


def pressed(action: str) -> str:
    return f'<form><button formaction="{action}">Prendre rendez-vous</button></form>'


def table(cell: str) -> str:
    return (
        "<table><tr><th>Motif</th><th>Où</th></tr><tr><td>Salarié</td>"
        f'<td><a href="{cell}">en ligne</a></td></tr></table>'
    )


TOLD = [
    (a("/booking/create/1"), a("/booking/create/2"), "rdv_en_ligne", "rdv_en_ligne"),
    (a(f"{RDV}1/"), a(f"{RDV}2/"), "rdv_en_ligne", "rdv_en_ligne"),
    (a("/booking/create/1", kind="fr-btn"), a(f"{RDV}2/", kind="fr-btn"), "rdv_en_ligne", "rdv_en_ligne"),
    (a("/booking/create/1"), "Pour votre demande : Prendre rendez-vous", "rdv_en_ligne", None),
    (form("/booking/create/1"), form("/booking/create/2"), "rdv_en_ligne", "rdv_en_ligne"),
    (pressed("/booking/create/1"), pressed(f"{NEW}x"), "rdv_en_ligne", "demarche_numerique"),
    (table(f"{OLD}x"), table(f"{ANEF}"), "demarche_numerique", "anef"),
    (a(f"{ANEF}", "en ligne"), "Pour votre demande : en ligne", "anef", None),
    (a("mailto:a@x.gouv.fr", "un courriel"), a("mailto:b@x.gouv.fr", "un courriel"), "email", "email"),
    (
        "Envoyez vos pièces à a [at] x.gouv.fr",
        "Envoyez vos pièces à b [at] x.gouv.fr",
        "email",
        "email",
    ),
    (
        "À envoyer par courrier : 1 rue Haute, 94000 Créteil",
        "À envoyer par courrier : 8 rue Basse, 94000 Créteil",
        "courrier",
        "courrier",
    ),
    (
        '<a href="/booking/create/1"><img src="qr.png"></a>',
        '<a href="/booking/create/2"><img src="qr.png"></a>',
        "rdv_en_ligne",
        "rdv_en_ligne",
    ),
    (
        a("https://invite.contacts-demarches.interieur.gouv.fr/A", "formulaire"),
        a("https://prefecture-94.contacts-demarches.interieur.gouv.fr/A", "formulaire"),
        "teleservice_autre",
        "teleservice_autre",
    ),
]


@pytest.mark.parametrize(("before", "after", "was", "now"), TOLD)
def test_a_place_that_is_another_one_is_told_whatever_markup_leads_there(
    before: str, after: str, was: str | None, now: str | None
) -> None:
    (alert,) = alerts(before, after)

    assert (alert.verdict.channel_before, alert.verdict.channel_after) == (was, now)
    assert alert.before != alert.summary
    assert alert.verdict.route is not Route.MUTE


def test_two_links_that_change_places_are_told_though_the_page_leads_to_the_same() -> None:
    def both(first: int, second: int) -> str:
        return f"{a(f'/booking/create/{first}', 'Première demande')}</p><p>{a(f'/booking/create/{second}', 'Retrait')}"

    (alert,) = alerts(both(1, 2), both(2, 1))

    assert alert.verdict.categories[0] == "rdv_modality"


def test_the_same_swap_in_several_sections_is_told_once_under_all_their_names() -> None:
    def page(slug: str) -> str:
        return "".join(
            f"<h3>{ground}</h3><p>{a(NEW + slug, 'dossier en ligne')}</p>"
            for ground in ("Étudiant", "Salarié")
        )

    (alert,) = alerts(page("a"), page("b"))

    assert alert.title == "Étudiant, Salarié"
    assert alert.verdict.motifs == ("etudiant", "salarie")


def sections(*texts: tuple[str, str], slug: str) -> tuple[Item, ...]:
    """Under each name its text, and below it one line with a link."""
    markup = "".join(
        f"<h3>{name}</h3><p>{text}</p><p>{a(NEW + slug, f'dossier {name}')}</p>" for name, text in texts
    )
    return items("Vos demandes", markup)


def compared(before: tuple[Item, ...], after: tuple[Item, ...]) -> list[Difference]:
    return list(
        compare_blocks(Snapshot("94-sejour", 1, NOW, "content", 2, "", "", before), after).differences
    )


def test_a_swap_that_is_told_once_tells_the_words_and_links_of_all_its_sections() -> None:
    names = (("Étudiant", "Pour étudier."), ("Salarié", "Pour travailler."), ("Talent", "Pour entreprendre."))

    (found,) = compared(sections(*names, slug="a"), sections(*names, slug="b"))

    links = [f"Pour votre demande : dossier {name}" for name, _ in names]
    texts = "\n".join(f"{text}\n{link}" for (_, text), link in zip(names, links, strict=True))
    assert (found.context_before, found.context_after) == (texts, texts)
    assert found.before
    assert found.after
    assert found.before.summary == found.after.summary == "\n".join(links)
    assert found.before.section == found.after.section == ("Étudiant, Salarié, Talent",)
    assert [link.ident for link in found.before.links] == ["demarche:a"]
    assert [link.ident for link in found.after.links] == ["demarche:b"]


def test_lines_that_the_sections_of_a_swap_share_are_told_once() -> None:
    def page(*slugs: str) -> tuple[Item, ...]:
        lines = "".join(f"<p>{a(NEW + slug, f'dossier {n}')}</p>" for n, slug in enumerate(slugs))
        return items("Vos demandes", "".join(f"<h3>{name}</h3>{lines}" for name in ("Étudiant", "Salarié")))

    (found,) = compared(page("a", "b"), page("c", "d"))

    assert found.after
    assert found.after.summary == "Pour votre demande : dossier 0\nPour votre demande : dossier 1"
    assert [link.ident for link in found.after.links] == ["demarche:c", "demarche:d"]


def test_a_swap_with_other_words_is_told_for_each_section() -> None:
    def page(slug: str, *words: str) -> tuple[Item, ...]:
        return items(
            "Vos demandes", "".join(f"<h3>{w}</h3><p>{a(NEW + slug, f'{w} {slug}')}</p>" for w in words)
        )

    found = compared(page("a", "Étudiant", "Salarié"), page("b", "Étudiant", "Salarié"))

    assert [one.item.section[-1] for one in found] == ["Étudiant", "Salarié"]


def test_another_swap_in_the_next_section_is_told_apart() -> None:
    def page(first: str, second: str) -> tuple[Item, ...]:
        return items(
            "Vos demandes",
            f"<h3>Étudiant</h3><p>{a(NEW + first)}</p><h3>Salarié</h3><p>{a(NEW + second)}</p>",
        )

    assert len(compared(page("a", "a"), page("b", "b"))) == 1
    assert len(compared(page("a", "a"), page("b", "c"))) == 2
    assert len(compared(page("a", "c"), page("b", "b"))) == 2


QUIET = [
    (a("/booking/create/1"), a("https://WWW.val-de-marne.gouv.fr/index.php/Booking/Create/1/")),
    (a("/booking/create/1"), a("/booking/create/1/0?utm_source=lettre")),
    (a(f"{OLD}x"), a(f"{NEW}X/")),
    (a(f"{OLD}x"), a(f"{NEW}x%20")),
    (a(f"{OLD}x", "cliquez ici"), a(f"{NEW}x", "accédez au formulaire")),
    (a(f"{ANEF}", "ANEF"), a(f"{ANEF}vos-demarches/etudiant", "ANEF")),
    (a("mailto:a@x.gouv.fr", "un courriel"), a("mailto:A@x.gouv.fr?subject=Titre", "un courriel")),
    ("Écrivez à a [at] x.gouv.fr", "Écrivez à a@x.gouv.fr"),
    ("Écrivez à a (at) x.gouv.fr", 'Écrivez à <a href="mailto:a@x.gouv.fr">a@x.gouv.fr</a>'),
    ("1-3 avenue Haute, 94000 Créteil Cedex", "1 - 3, av. Haute – 94000 CRÉTEIL CEDEX"),
    (a("/booking/create/1"), f'{a("/booking/create/1")}</p><p><a href="/booking/create/1"><img src="q.png"></a>'),
    (a("https://www.service-public.fr/F1", "fiche"), a("https://www.service-public.fr/F2", "fiche")),
    (form("/contenu/recherche"), form("/contenu/chercher")),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after"), QUIET)
def test_the_same_place_written_or_called_in_another_way_alerts_nobody(before: str, after: str) -> None:
    assert alerts(before, after) == []


def test_a_label_that_names_another_ground_is_told_though_its_link_is_the_same() -> None:
    (alert,) = alerts(a(ANEF, "titre étudiant"), a(ANEF, "titre salarié"), "Déposer sur l'ANEF")

    assert alert.verdict.motifs == ("salarie",)


@pytest.mark.parametrize(
    ("heading", "town"),
    [
        ("Créteil", "Créteil"),
        ("L'Haÿ-les-Roses", "L'Haÿ-les-Roses"),
        ("Déposer une demande à Nogent-sur-Marne", "Nogent-sur-Marne"),
        ("Étudiants", None),
        ("Étrangers", None),
        ("Renouvellement", None),
        ("Accueil des étrangers", None),
    ],
)
def test_a_page_that_is_called_after_a_town_is_for_that_town(heading: str, town: str | None) -> None:
    page = Notice(
        title="Prendre rendez-vous",
        body="Pour votre demande : Prendre rendez-vous",
        before="Pour votre demande : Prendre rendez-vous",
        links=(link("/booking/create/2"),),
        links_before=(link("/booking/create/1"),),
        foreigners_page=True,
        differs="Pour votre demande : Prendre rendez-vous",
        page=heading,
    )
    (fact,) = reader().read(page).facts

    assert fact.territory == town


def link(path: str) -> OfficialLink:
    found = official(f"https://www.val-de-marne.gouv.fr{path}", "Prendre rendez-vous")
    assert found is not None
    return found


def test_words_around_links_are_compared_without_what_the_links_are_called() -> None:
    form = OfficialLink(LinkKind.PROCEDURE, "demarche:a", "https://x.gouv.fr/a", "Déposer ma demande")
    dated = OfficialLink(LinkKind.PROCEDURE, "demarche:a", "https://x.gouv.fr/a", "Avant le 3 mai")
    office = OfficialLink(LinkKind.POSTAL, "postal:x", "", "2 place de la Préfecture")

    assert unlabelled("Étudiants : déposer ma demande.", [form]) == unlabelled(
        "ÉTUDIANTS – Déposer ma demande", [form]
    )
    assert unlabelled("Étudiants : déposer ma demande.", [form]) != unlabelled("Étudiants.", [form])
    assert unlabelled("Déposer ma demande", []) == "deposermademande"
    assert unlabelled("Avant le 3 mai", [dated]) == "avantle3mai"
    assert unlabelled("2, place de la Préfecture", [office]) == unlabelled("2 place de la Préfecture", [])
    assert "prefecture" not in unlabelled("2 place de la Préfecture", [office])
