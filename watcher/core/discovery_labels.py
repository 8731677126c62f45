"""What readers see instead of the names of roles, of kinds of pages and of gaps."""

from __future__ import annotations

from collections.abc import Mapping

from watcher.core.catalogue import SourceKind
from watcher.core.gaps import Gap
from watcher.core.labels import Label
from watcher.core.site_proposals import Role

ROLES: Mapping[Role, Label] = {
    Role.SECTION: Label("rubrique des étrangers", "foreigners' section"),
    Role.SECTION_NEWS: Label("actualités de la rubrique des étrangers", "news of the foreigners' section"),
    Role.NEWS: Label("actualités du site", "news of the site"),
    Role.APPOINTMENTS: Label("page des rendez-vous", "appointments page"),
    Role.DOCUMENTS: Label("documents à télécharger", "documents to download"),
    Role.GUIDE: Label("page d'explications", "guide"),
    Role.BOOKING: Label("prise de rendez-vous", "booking"),
    Role.PROCEDURE: Label("téléprocédure", "online form"),
    Role.MOVED: Label("nouvelle adresse", "new address"),
}

WATCHED: Mapping[SourceKind, Label] = {
    SourceKind.NEWS: Label("actualités", "news"),
    SourceKind.PAGE: Label("pages pour les étrangers", "pages for foreigners"),
    SourceKind.BOOKING: Label("rendez-vous", "bookings"),
    SourceKind.PROCEDURE: Label("démarches en ligne", "online forms"),
}

GAPS: Mapping[Gap, Label] = {
    Gap.NEWS: Label("aucune liste d'actualités suivie", "no list of news watched"),
    Gap.PAGE: Label("aucune page pour les étrangers suivie", "no page for foreigners watched"),
    Gap.BOOKING: Label("aucune page de rendez-vous suivie", "no booking page watched"),
    Gap.PROCEDURE: Label("aucune démarche en ligne suivie", "no online form watched"),
    Gap.BLOCKED: Label(
        "le site refuse les programmes, et nous ne contournons pas ses épreuves",
        "the site turns programs away, and we do not get around its challenges",
    ),
    Gap.DISALLOWED: Label("robots.txt interdit de lire une page", "robots.txt forbids reading a page"),
    Gap.LOST: Label("une page suivie a disparu ou changé d'adresse", "a watched page is gone or has moved"),
    Gap.LOCKED: Label(
        "une partie n'est montrée qu'à qui se connecte ou remplit un formulaire, ou nous est refusée",
        "some of it is shown only to those who log in or fill in a form, or is refused to us",
    ),
    Gap.SECTION: Label(
        "site exploré, rubrique des étrangers pas trouvée", "site explored, foreigners' section not found"
    ),
    Gap.UNEXPLORED: Label("site pas encore exploré", "site not explored yet"),
}
