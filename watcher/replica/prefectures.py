"""The 101 préfectures of the replica: what they are called and how French speaks of them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Name:
    """A département: its code, name, the word in its host name, and the article French gives it."""

    code: str
    name: str
    slug: str
    article: str

    @property
    def within(self) -> str:
        """``dans le Cantal``, ``en Isère``, ``à Paris``."""
        return _WITHIN[self.article].format(self.name)

    @property
    def of(self) -> str:
        """``du Cantal``, ``de l'Isère``, ``de Paris``."""
        return _OF[self.article].format(self.name)


_WITHIN = {
    "le": "dans le {}",
    "la": "dans la {}",
    "l'": "dans l'{}",
    "les": "dans les {}",
    "en la": "en {}",
    "en l'": "en {}",
    "en de": "en {}",
    "en d'": "en {}",
    "à": "à {}",
}
_OF = {
    "le": "du {}",
    "la": "de la {}",
    "l'": "de l'{}",
    "les": "des {}",
    "en la": "de la {}",
    "en l'": "de l'{}",
    "en de": "de {}",
    "en d'": "d'{}",
    "à": "de {}",
}

_TABLE = """\
01|Ain|ain|l'
02|Aisne|aisne|l'
03|Allier|allier|l'
04|Alpes-de-Haute-Provence|alpes-de-haute-provence|les
05|Hautes-Alpes|hautes-alpes|les
06|Alpes-Maritimes|alpes-maritimes|les
07|Ardèche|ardeche|l'
08|Ardennes|ardennes|les
09|Ariège|ariege|l'
10|Aube|aube|l'
11|Aude|aude|l'
12|Aveyron|aveyron|l'
13|Bouches-du-Rhône|bouches-du-rhone|les
14|Calvados|calvados|le
15|Cantal|cantal|le
16|Charente|charente|la
17|Charente-Maritime|charente-maritime|la
18|Cher|cher|le
19|Corrèze|correze|la
2A|Corse-du-Sud|corse-du-sud|en la
2B|Haute-Corse|haute-corse|en la
21|Côte-d'Or|cote-dor|la
22|Côtes-d'Armor|cotes-darmor|les
23|Creuse|creuse|la
24|Dordogne|dordogne|la
25|Doubs|doubs|le
26|Drôme|drome|la
27|Eure|eure|l'
28|Eure-et-Loir|eure-et-loir|en d'
29|Finistère|finistere|le
30|Gard|gard|le
31|Haute-Garonne|haute-garonne|en la
32|Gers|gers|le
33|Gironde|gironde|la
34|Hérault|herault|l'
35|Ille-et-Vilaine|ille-et-vilaine|en d'
36|Indre|indre|l'
37|Indre-et-Loire|indre-et-loire|en d'
38|Isère|isere|en l'
39|Jura|jura|le
40|Landes|landes|les
41|Loir-et-Cher|loir-et-cher|le
42|Loire|loire|la
43|Haute-Loire|haute-loire|la
44|Loire-Atlantique|loire-atlantique|la
45|Loiret|loiret|le
46|Lot|lot|le
47|Lot-et-Garonne|lot-et-garonne|le
48|Lozère|lozere|la
49|Maine-et-Loire|maine-et-loire|le
50|Manche|manche|la
51|Marne|marne|la
52|Haute-Marne|haute-marne|la
53|Mayenne|mayenne|la
54|Meurthe-et-Moselle|meurthe-et-moselle|en la
55|Meuse|meuse|la
56|Morbihan|morbihan|le
57|Moselle|moselle|la
58|Nièvre|nievre|la
59|Nord|nord|le
60|Oise|oise|l'
61|Orne|orne|l'
62|Pas-de-Calais|pas-de-calais|le
63|Puy-de-Dôme|puy-de-dome|le
64|Pyrénées-Atlantiques|pyrenees-atlantiques|les
65|Hautes-Pyrénées|hautes-pyrenees|les
66|Pyrénées-Orientales|pyrenees-orientales|les
67|Bas-Rhin|bas-rhin|le
68|Haut-Rhin|haut-rhin|le
69|Rhône|rhone|le
70|Haute-Saône|haute-saone|la
71|Saône-et-Loire|saone-et-loire|en la
72|Sarthe|sarthe|la
73|Savoie|savoie|en la
74|Haute-Savoie|haute-savoie|en la
75|Paris|paris|à
76|Seine-Maritime|seine-maritime|en la
77|Seine-et-Marne|seine-et-marne|en de
78|Yvelines|yvelines|les
79|Deux-Sèvres|deux-sevres|les
80|Somme|somme|la
81|Tarn|tarn|le
82|Tarn-et-Garonne|tarn-et-garonne|le
83|Var|var|le
84|Vaucluse|vaucluse|le
85|Vendée|vendee|la
86|Vienne|vienne|la
87|Haute-Vienne|haute-vienne|la
88|Vosges|vosges|les
89|Yonne|yonne|l'
90|Territoire de Belfort|territoire-de-belfort|le
91|Essonne|essonne|l'
92|Hauts-de-Seine|hauts-de-seine|les
93|Seine-Saint-Denis|seine-saint-denis|en de
94|Val-de-Marne|val-de-marne|le
95|Val-d'Oise|val-doise|le
971|Guadeloupe|guadeloupe|en la
972|Martinique|martinique|la
973|Guyane|guyane|en la
974|La Réunion|reunion|à
976|Mayotte|mayotte|à
"""

NAMES: dict[str, Name] = {
    fields[0]: Name(*fields) for fields in (line.split("|") for line in _TABLE.splitlines())
}
