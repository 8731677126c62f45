"""Thirty ways to get `sources.yaml` wrong: each is told with its file, line and key."""

from __future__ import annotations

from pathlib import Path

import pytest

from watcher.sources import SourcesError, load, load_lenient

GOOD = """\
platforms:
  ide: {gap: 7s, jitter: 0.3, brake: {after: 3, for: 15m}}
defaults: {platform: ide, every: 1h, layout: dsfr}
prefectures:
  "01":
    name: Ain
    home: https://www.ain.gouv.fr
    pages:
      - {id: 01-actualites, kind: news, url: https://www.ain.gouv.fr/Actualites}
  "15":
    name: Cantal
    home: https://www.cantal.gouv.fr
    pages:
      - {id: 15-actualites, kind: news, url: https://www.cantal.gouv.fr/Actualites}
      - {id: 15-sejour, kind: page, url: https://www.cantal.gouv.fr/Sejour, every: 6h, layout: content}
  "971":
    name: Guadeloupe
    home: https://www.guadeloupe.gouv.fr
    timezone: America/Guadeloupe
    pages:
      - id: 971-actualites
        kind: news
        url: https://www.guadeloupe.gouv.fr/Actualites
"""

CANTAL = "https://www.cantal.gouv.fr/Actualites"
LAYOUTS = "booking, content, dsfr, legacy, police, procedure, regional, selectors"

# What is wrong in one page: the right words, the wrong ones, the line, the key inside the page, the message.
IN_A_PAGE = [
    ("15-actualites", "15", "14: {}.id", '15 est lu comme un nombre : l\'écrire entre guillemets, "15"'),
    (
        "15-actualites",
        "15-Actualités",
        "14: {}.id",
        "« 15-Actualités » refusé, identifiant fait de minuscules sans accent, de chiffres et de tirets "
        "attendu (69-actualites)",
    ),
    (
        "15-actualites",
        "01-actualites",
        "14: {}.id",
        "identifiant « 01-actualites » déjà pris par une autre page",
    ),
    ("id: 15-actualites, ", "", "14: {}.id", "clé obligatoire absente"),
    (CANTAL, f"{CANTAL}, url: {CANTAL}", "14: {}.url", "clé en double, déjà écrite ligne 14"),
    (CANTAL, "ftp://www.cantal.gouv.fr/", "14: {}.url", "adresse sans http:// ni https://"),
    (CANTAL, "https://u:p@www.cantal.gouv.fr/", "14: {}.url", "adresse avec un nom d'utilisateur, refusée"),
    (CANTAL, "https:///Actualites", "14: {}.url", "adresse sans nom d'hôte valable"),
    (CANTAL, "https://…", "14: {}.url", "adresse sans nom d'hôte valable"),
    (
        CANTAL,
        "https://www.cantal.gouv.fr/booking/create/5/1",
        "14: {}.url",
        "étape d'une réservation, seule sa première page peut être surveillée",
    ),
    (CANTAL, "https://cantal:99999/", "14: {}.url", "adresse mal formée"),
    (CANTAL, '"https://cantal.fr/a b"', "14: {}.url", "adresse avec une espace ou un caractère invisible"),
    (
        CANTAL,
        f"{CANTAL}, every:  ",
        "14: {}.every",
        "durée attendue, un nombre et son unité (50ms, 7s, 15m, 6h, 2d)",
    ),
    (CANTAL, f"{CANTAL}, every: 0s", "14: {}.every", "période nulle, elle doit être d'au moins 1 ms"),
    (
        CANTAL,
        f"{CANTAL}, every: 400d",
        "14: {}.every",
        "durée hors bornes, elle doit être comprise entre 0 et 366 jours",
    ),
    (
        CANTAL,
        f"{CANTAL}, layout: dsrf",
        "14: {}.layout",
        f"mise en page « dsrf » inconnue (valeurs admises : {LAYOUTS})",
    ),
    (
        CANTAL,
        f"{CANTAL}, platform: idf",
        "14: {}.platform",
        "plateforme « idf » inconnue (décrites dans platforms : ide)",
    ),
    (
        CANTAL,
        f"{CANTAL}, layout: selectors",
        "14: {}.options",
        "la mise en page selectors demande au moins le sélecteur item",
    ),
    (
        CANTAL,
        f"{CANTAL}, layout: selectors, options: {{item: li, lien: a}}",
        "14: {}.options.lien",
        "clé inconnue (clés admises : item, link, date, summary)",
    ),
    (CANTAL, f"{CANTAL}, options: [li]", "14: {}.options", "un groupe de clés est attendu"),
    (
        CANTAL,
        f"{CANTAL}, evry: 1h",
        "14: {}.evry",
        "clé inconnue (clés admises : id, kind, url, every, layout, platform, options)",
    ),
]

# What is wrong in one préfecture.
IN_A_PREFECTURE = [
    (
        "name: Guadeloupe",
        "name: 971",
        '17: {}.name: 971 est lu comme un nombre : l\'écrire entre guillemets, "971"',
    ),
    ("name: Guadeloupe", "name:", "17: {}.name: valeur vide : un texte est attendu"),
    ("name: Guadeloupe", 'name: "a\\u0000"', "17: {}.name: texte vide ou avec des caractères invisibles"),
    (
        "name: Guadeloupe",
        "name: Guadeloupe\n    name: 971",
        "18: {}.name: clé en double, déjà écrite ligne 17",
    ),
    ("    home: https://www.guadeloupe.gouv.fr\n", "", "16: {}.home: clé obligatoire absente"),
    ("America/Guadeloupe", "America", "19: {}.timezone: fuseau horaire inconnu (exemple : Europe/Paris)"),
    ("America/Guadeloupe", "../../etc", "19: {}.timezone: fuseau horaire inconnu (exemple : Europe/Paris)"),
    (
        "timezone: America/Guadeloupe",
        "platform: outremer",
        "19: {}.platform: plateforme « outremer » inconnue (décrites dans platforms : ide)",
    ),
    (
        "timezone:",
        "time_zone:",
        "19: {}.time_zone: clé inconnue (clés admises : name, home, timezone, platform, pages)",
    ),
    (
        "      - id: 971-actualites",
        "        id: 971-actualites",
        "20: {}.pages: une liste est attendue (des lignes commençant par « - »)",
    ),
]

# What makes the whole file useless.
IN_WHAT_ALL_SHARE = [
    ("gap: 7s, ", "", "2: platforms.ide.gap: clé obligatoire absente"),
    ("7s", "7 sec", "2: platforms.ide.gap: durée attendue, un nombre et son unité (50ms, 7s, 15m, 6h, 2d)"),
    ("7s", "-7", "2: platforms.ide.gap: durée hors bornes, elle doit être comprise entre 0 et 366 jours"),
    ("0.3", "1.3", "2: platforms.ide.jitter: « 1.3 » est trop grand (maximum 1)"),
    ("0.3", '"0.3"', "2: platforms.ide.jitter: un nombre est attendu, pas « 0.3 »"),
    ("after: 3", "after: true", "2: platforms.ide.brake.after: un nombre entier est attendu, pas « true »"),
    ("for: 15m", "pause: 15m", "2: platforms.ide.brake.pause: clé inconnue (clés admises : after, for)"),
    (
        "platform: ide",
        "platform: idf",
        "3: defaults.platform: plateforme « idf » inconnue (décrites dans platforms : ide)",
    ),
    (
        "layout: dsfr",
        "layout: dsrf",
        f"3: defaults.layout: mise en page « dsrf » inconnue (valeurs admises : {LAYOUTS})",
    ),
    ("defaults:", "default:", "3: default: clé inconnue (clés admises : platforms, defaults, prefectures)"),
    (
        "prefectures:",
        "prefectures: {}\nx:",
        "5: x: clé inconnue (clés admises : platforms, defaults, prefectures)",
    ),
    ("name: Ain", "name: &ain Ain", "6: les ancres YAML (&ain) sont refusées"),
    ("name: Ain", "name: *ain", "6: les alias YAML (*ain) sont refusés"),
    ("name: Ain", "name: !ain Ain", "6: les étiquettes YAML (!ain) sont refusées"),
    ("name: Ain", "name: Ain: Bourg", "6: YAML illisible, « : » inattendu, retrait ou guillemets manquants"),
    ("name: Ain", "  name: Ain", "7: YAML illisible, clé attendue, le retrait est sans doute faux"),
    ("name: Ain", "[name]: Ain", "6: une clé doit être un texte simple"),
    ("name: Ain", "name: A\x07in", "6: caractère interdit U+0007"),
    ("prefectures:", "---\nprefectures:", "4: un seul document YAML est attendu"),
]


def written(folder: Path, old: str, new: str) -> Path:
    path = folder / "sources.yaml"
    assert old in GOOD
    path.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    return path


def refusal(path: Path) -> str:
    with pytest.raises(SourcesError) as caught:
        load(path)
    return str(caught.value)


@pytest.mark.parametrize(("old", "new", "where", "message"), IN_A_PAGE)
def test_a_bad_page_is_named_and_only_that_page_is_left_out(
    tmp_path: Path, old: str, new: str, where: str, message: str
) -> None:
    path = written(tmp_path, old, new)
    expected = f"{path}:{where.format('prefectures.15.pages[0]')}: {message}"
    assert refusal(path) == expected
    catalogue, problems = load_lenient(path)
    assert [str(problem) for problem in problems] == [expected]
    assert list(catalogue.prefectures) == ["01", "15", "971"]
    assert list(catalogue.sources) == ["01-actualites", "15-sejour", "971-actualites"]


@pytest.mark.parametrize(("old", "new", "told"), IN_A_PREFECTURE)
def test_a_bad_prefecture_is_named_and_the_others_are_kept(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    path = written(tmp_path, old, new)
    expected = f"{path}:{told.format('prefectures.971')}"
    assert expected in refusal(path).splitlines()
    catalogue, problems = load_lenient(path)
    assert expected in [str(problem) for problem in problems]
    assert list(catalogue.prefectures) == ["01", "15"]
    assert list(catalogue.sources) == ["01-actualites", "15-actualites", "15-sejour"]


@pytest.mark.parametrize(("old", "new", "told"), IN_WHAT_ALL_SHARE)
def test_nothing_is_read_of_a_file_that_is_wrong_in_what_all_pages_share(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    path = written(tmp_path, old, new)
    assert f"{path}:{told}" in refusal(path).splitlines()
    with pytest.raises(SourcesError):
        load_lenient(path)


def test_an_unquoted_code_is_not_read_as_a_number(tmp_path: Path) -> None:
    path = written(tmp_path, '"01":', "01:")
    assert refusal(path) == (
        f'{path}:5: prefectures.01: 01 est lu comme un nombre : l\'écrire entre guillemets, "01"'
    )
    catalogue, _ = load_lenient(path)
    assert list(catalogue.prefectures) == ["15", "971"]


def test_a_code_without_its_zero_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, '"01":', '"1":')
    assert refusal(path) == (
        f"{path}:5: prefectures.1: « 1 » refusé, code de département attendu, entre guillemets "
        '("01", "2A", "974")'
    )


def test_of_two_prefectures_with_one_code_the_first_is_kept(tmp_path: Path) -> None:
    path = written(tmp_path, '"15":', '"01":')
    assert refusal(path) == f"{path}:10: prefectures.01: clé en double, déjà écrite ligne 5"
    catalogue, _ = load_lenient(path)
    assert catalogue.prefectures["01"].name == "Ain"
    assert list(catalogue.sources) == ["01-actualites", "971-actualites"]


def test_a_page_that_none_of_several_platforms_is_named_for_says_where_to_name_one(tmp_path: Path) -> None:
    path = written(tmp_path, "platform: ide, ", "")
    path.write_text(
        path.read_text(encoding="utf-8").replace("platforms:", "platforms:\n  other: {gap: 1s}", 1)
    )
    assert refusal(path).splitlines()[0] == (
        f"{path}:10: prefectures.01.pages[0].platform: plateforme absente, ici comme dans defaults"
    )


def test_the_only_platform_need_not_be_named(tmp_path: Path) -> None:
    path = tmp_path / "sources.yaml"
    path.write_text(
        "platforms:\n  ide: {gap: 7s}\nprefectures:\n"
        '  "15":\n    name: Cantal\n    home: https://www.cantal.gouv.fr\n    pages:\n'
        "      - {id: 15-actualites, kind: news, url: https://www.cantal.gouv.fr/Actualites}\n",
        encoding="utf-8",
    )

    assert load(path).sources["15-actualites"].platform == "ide"


def test_an_unknown_kind_lists_the_known_ones(tmp_path: Path) -> None:
    path = written(tmp_path, "kind: page", "kind: pages")
    assert refusal(path) == (
        f"{path}:15: prefectures.15.pages[1].kind: « pages » inconnu "
        "(valeurs admises : news, page, procedure, booking)"
    )


def test_all_problems_are_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "sources.yaml"
    wrong = GOOD.replace("kind: news", "kind: new").replace("    name: Ain\n", "").replace("6h", "6")
    path.write_text(wrong.replace("timezone: America/Guadeloupe", "timezone: Mars"), encoding="utf-8")
    with pytest.raises(SourcesError) as caught:
        load(path)
    assert [(problem.line, problem.key) for problem in caught.value.problems] == [
        (5, "prefectures.01.name"),
        (8, "prefectures.01.pages[0].kind"),
        (13, "prefectures.15.pages[0].kind"),
        (18, "prefectures.971.timezone"),
        (21, "prefectures.971.pages[0].kind"),
    ]


def test_a_problem_also_says_the_column(tmp_path: Path) -> None:
    path = written(tmp_path, "kind: page", "kind: pages")
    _, problems = load_lenient(path)
    assert problems[0].column == GOOD.splitlines()[14].index("kind: page") + len("kind: ") + 1


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", ": le fichier est vide"),
        (b"# rien\n", ": le fichier est vide"),
        (b"- a\n", ":1: les clés platforms, defaults et prefectures sont attendues"),
        (b"platforms: {}\nprefectures: {}\n", ":2: prefectures: aucune préfecture"),
        ("name: Rhône\n".encode("latin-1"), ":1: le fichier n'est pas un texte en UTF-8"),
        (b"x: 1\n\xff\xfe", ":2: le fichier n'est pas un texte en UTF-8"),
        (b"[" * 100_000, ":1: trop de niveaux imbriqués"),
        (b"? " * 100_000, ":1: une clé doit être un texte simple"),
        (b"- \n" * 300_000, ":200000: plus de 200000 valeurs, refusé"),
        (b"#" * (2 * 2**20 + 1), ": fichier de plus de 2 Mio, refusé"),
        (b"a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", ":1: les ancres YAML (&a) sont refusées"),
    ],
)
def test_a_file_that_is_no_configuration_gets_one_clear_line(
    tmp_path: Path, content: bytes, told: str
) -> None:
    path = tmp_path / "sources.yaml"
    path.write_bytes(content)
    assert refusal(path) == f"{path}{told}"


def test_a_missing_file_and_a_folder_get_one_clear_line(tmp_path: Path) -> None:
    assert refusal(tmp_path / "absent.yaml") == f"{tmp_path}/absent.yaml: fichier introuvable"
    assert refusal(tmp_path) == f"{tmp_path}: c'est un dossier, un fichier est attendu"


def test_a_file_that_cannot_be_read_gets_one_clear_line() -> None:
    path = Path("/proc/self/mem")  # opens, and then fails to be read, whoever asks
    assert refusal(path).startswith("/proc/self/mem: lecture impossible (")
