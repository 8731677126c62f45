"""What readers see instead of the names of roles."""

from __future__ import annotations

from collections.abc import Mapping

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
