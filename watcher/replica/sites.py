"""The lasting traits of each site: where it stands, its skin, and its own oddities of markup."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from watcher.replica.model import dice
from watcher.replica.prefectures import NAMES
from watcher.replica.renamed.plan import Plan, plan_of

REGION = "75-R"
"""The regional site; it is no département's own but belongs to Paris in the catalogue."""


class Skin(StrEnum):
    DSFR = "dsfr"
    LEGACY = "legacy"
    REGIONAL = "regional"
    POLICE = "police"


GUIDES: dict[str, tuple[str, str]] = {
    "06": ("/Demarches/Immigration-et-integration", "Immigration et intégration"),
    "15": (
        "/Demarches/Etrangers-dans-le-Cantal/Titre-de-sejour",
        "Étrangers dans le Cantal, Titre de séjour",
    ),
    "2B": ("/Demarches/Pour-les-particuliers/Demarches-des-etrangers", "Démarches des étrangers"),
    "34": ("/Demarches/Etrangers-dans-l-Herault/Titres-de-sejour", "Titres de séjour"),
    "35": ("/Demarches/Les-demarches-sejour", "Les démarches séjour"),
    "36": (
        "/Demarches/Toutes-les-demarches-pour-les-particuliers2/Etrangers-et-naturalisation/"
        "Etrangers-dans-l-Indre/Accueil-des-etrangers",
        "Accueil des étrangers",
    ),
    "38": ("/Demarches-administratives/Immigration-Naturalisation", "Immigration - Naturalisation"),
    "40": ("/Demarches/Etrangers", "Étrangers"),
    "45": ("/Demarches/Ressortissants-etrangers-vos-demarches", "Ressortissants étrangers : vos démarches"),
    "47": (
        "/Demarches/Demarches-en-ligne/Ressortissants-etrangers-en-Lot-et-Garonne",
        "Ressortissants étrangers en Lot-et-Garonne",
    ),
    "57": ("/Demarches/Demarches-de-l-etranger-en-France", "Démarches de l'étranger en France"),
    "59": ("/Demarches/Naturalisation-dans-le-Nord", "Naturalisation dans le Nord"),
    "60": (
        "/Demarches/Etrangers-dans-l-Oise/Admission-exceptionnelle-au-sejour/Admission-exceptionnelle-au-sejour",
        "Admission exceptionnelle au séjour",
    ),
    "61": ("/Demarches/Etrangers-dans-l-Orne/Titre-de-sejour", "Titre de séjour"),
    "63": ("/Demarches/Etrangers-vos-demarches/Titres-de-sejour", "Étrangers : vos démarches"),
    "67": ("/Actions-de-l-Etat/Delivrance-des-titres/Etrangers", "Étrangers"),
    "69": (
        "/Demarches-administratives/Immigration-et-integration",
        "Immigration et intégration dans le Rhône",
    ),
    "74": ("/Demarches/Etrangers-en-Haute-Savoie", "Étrangers en Haute-Savoie"),
    "77": ("/Demarches/Toutes-les-demarches/Accueil-des-Etrangers", "Accueil des étrangers"),
    "78": ("/Demarches/Accueil-des-etrangers-dans-les-Yvelines", "Accueil des étrangers dans les Yvelines"),
    "84": ("/Demarches/Immigration/Demarches-et-reglementation", "Démarches et réglementation"),
    "86": (
        "/Demarches/Etrangers/Etrangers-dans-le-departement-de-la-Vienne",
        "Étrangers dans le département de la Vienne",
    ),
    "91": ("/Demarches/Accueil-des-etrangers-dans-l-Essonne", "Accueil des étrangers dans l'Essonne"),
    "92": ("/Demarches/Etrangers-dans-les-Hauts-de-Seine", "Étrangers dans les Hauts-de-Seine"),
    "94": (
        "/Vos-demarches/Etrangers-vos-demarches-dans-le-Val-de-Marne/Creteil",
        "Étrangers : vos démarches dans le Val-de-Marne",
    ),
    "972": ("/Demarches/Etrangers-en-France", "Étrangers en France"),
    "974": ("/Demarches/Naturalisation", "Étrangers et naturalisation"),
}
"""Watched foreigners pages: path and heading. The path is each préfecture's own; there is no common one."""

ONLY_CHILD_GUIDE = "61"
"""Its rubric has one child, so the watched address of the rubric redirects to the page."""

LEGACY = frozenset({"37", "48"})
ASCENDING = frozenset({"36", "64"})
PDF_CARDS = frozenset({"44", "58", "77", "92"})
EMPTY_IDS = frozenset({"05", "07", "08", "09", "2A", "2B", "36", "74"})
FLAT_LIST = frozenset({"94"})
LINKED_TWICE = frozenset({"34"})
DECOYS = {
    "34": "Toutes les démarches en ligne, au même endroit",
    "38": 'Vous recherchez "Le Journal officiel - Lois et décrets" ?',
}


@dataclass(frozen=True, slots=True)
class Site:
    """One site of the replica. `prefix` and `origin` say under which loopback address it answers."""

    code: str
    name: str  # "Cantal"
    within: str  # "dans le Cantal"
    of: str  # "du Cantal"
    slug: str
    skin: Skin
    platform: str
    origin: str  # "http://127.0.1.15:8000"
    prefix: str  # "" or "/cantal"
    heading: str  # h2 | h3
    date_in_span: bool
    excerpts: bool
    dated_by: str  # "Publié le" | "Mis à jour le"
    inner: bool  # accordion panels hold a div.inner
    renamed: int | None = None  # the seed of names and places of its sections; `None`: those that were seen
    relocated: bool = False  # of a renamed site: its foreigners' pages have moved

    @property
    def plan(self) -> Plan | None:
        """Where everything stands, of a renamed site."""
        if self.renamed is None:
            return None
        return plan_of(self.code, self.within, self.renamed, relocated=self.relocated)

    @property
    def base(self) -> str:
        return self.origin + self.prefix

    @property
    def label(self) -> str:
        """The last part of every page title."""
        if self.skin is Skin.REGIONAL:
            return "La préfecture et les services de l'État en région Île-de-France"
        if self.skin is Skin.POLICE:
            return "Préfecture de Police"
        return f"Les services de l'État {self.within}"

    @property
    def list_path(self) -> str:
        if self.plan:
            return self.plan.general.path
        if self.skin is Skin.POLICE:
            return "/actualites-et-presse/actualites"
        return "/Actualites"

    @property
    def guide_path(self) -> str:
        if self.plan:
            return self.plan.guide.path
        return GUIDES[self.code][0] if self.code in GUIDES else "/Demarches/Etrangers/Titre-de-sejour"

    @property
    def guide_title(self) -> str:
        if self.plan:
            return self.plan.guide.label
        return GUIDES[self.code][1] if self.code in GUIDES else "Titre de séjour"

    @property
    def ascending(self) -> bool:
        return self.code in ASCENDING


def loopback(code: str) -> str:
    """The loopback address of a site: 127.0.1.15 for the Cantal."""
    special = {"2A": 120, "2B": 121, REGION: 200}
    last = special.get(code) or (int(code) - 800 if code.startswith("97") else int(code))
    return f"127.0.1.{last}"


def build_site(code: str, seed: int, origin: str, prefix: str, renamed: int | None = None) -> Site:
    """The site of one département, or `REGION`; its oddities follow from the seed and the code.

    `renamed` is the seed of other names and places for its sections, and of another skin.
    """
    name = NAMES["75" if code == REGION else code]
    chance = dice(seed, code, "traits")
    return Site(
        code=code,
        name=name.name,
        within=name.within,
        of=name.of,
        slug=name.slug,
        skin=_skin(code) if renamed is None else _skin_of_chance(dice(renamed, code, "skin").random()),
        platform=_platform(code),
        origin=origin,
        prefix=prefix,
        heading="h3" if chance.random() < 0.3 else "h2",
        date_in_span=chance.random() < 0.3,
        excerpts=chance.random() < 0.7 or code in {"76", "33"},
        dated_by="Mis à jour le" if chance.random() < 0.1 else "Publié le",
        inner=code != "34" and chance.random() < 0.7,
        renamed=renamed,
    )


def slug_of(code: str) -> str:
    """The first part of a site's path when all share one address."""
    return "prefectures-regions" if code == REGION else NAMES[code].slug


def _skin(code: str) -> Skin:
    if code == REGION:
        return Skin.REGIONAL
    if code == "75":
        return Skin.POLICE
    return Skin.LEGACY if code in LEGACY else Skin.DSFR


def _skin_of_chance(chance: float) -> Skin:
    """Mostly today's; the others enough to be met."""
    shares = ((0.72, Skin.DSFR), (0.88, Skin.LEGACY), (0.95, Skin.REGIONAL))
    return next((skin for share, skin in shares if chance < share), Skin.POLICE)


def _platform(code: str) -> str:
    if code == REGION:
        return "regions"
    if code == "75":
        return "police"
    return "outremer" if code.startswith("97") else "ide"
