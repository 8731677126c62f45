"""The table of the official list, as spreadsheets and people write it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.listing import CODES, HEAD, HOST, TODAY, line, listed
from watcher.core.official_file import LARGEST, NoListError, Read, read_list

GOOD = line("15", "Demande de titre", "demande", "2022-07-21", "2023-12-08")
ENDS = line("69", "Fin", "fin", "2026-04-29")


def read(text: str, encoding: str = "utf-8") -> Read:
    return read_list(text.encode(encoding), CODES, TODAY)


def refusal(bad: str) -> str:
    """What is said of one bad line among good ones, which are read all the same."""
    found = listed(GOOD, bad, ENDS)
    assert [one.ident for one in found.listings] == ["demarche:demande", "demarche:fin"]
    (refused,) = found.refused
    assert refused.line == 3
    return refused.said


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_whatever_a_spreadsheet_writes_is_read(encoding: str, separator: str, end: str) -> None:
    rows = ["Code,Label,URL,First_Listed,Last_Listed", f"2A,Délivrance été,{HOST}/demande,21/07/2022,"]
    found = read(end.join(row.replace(",", separator) for row in rows) + end, encoding)

    (listing,) = found.listings
    assert (listing.prefecture, listing.title, listing.first) == ("2A", "Délivrance été", date(2022, 7, 21))


def test_columns_have_any_order_and_more_of_them_do_no_harm() -> None:
    found = read(f"last_listed,note,url,code,first_listed\n2023-12-08,x,{HOST}/a,15,2022-07-21\n{',' * 4}\n")

    assert found.listings[0].ident == "demarche:a"
    assert found.listings[0].title == ""
    assert not found.refused


def test_remarks_before_the_heading_and_empty_lines_are_passed_over() -> None:
    found = read(f"# Source\nsep=,\n\n{HEAD}\n\n{GOOD}\n\n{ENDS}\n")

    assert len(found.listings) == 2


def test_lines_of_another_kind_are_counted_and_not_meant() -> None:
    found = read(f"kind,{HEAD}\nhome,15,,https://www.cantal.gouv.fr,,\ndemarche,{GOOD}\n")

    assert (len(found.listings), found.others, found.refused) == (1, 1, ())


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (line("99", "D", "d", "2022-07-21"), "« 99 » n'est pas un département"),
        (line("2a", "D", "d", "2022-07-21"), "« 2A » ?"),
        (line("", "D", "d", "2022-07-21"), "n'est pas un département"),
        (
            line("15", "D", "d", "2023-12-08", "2022-07-21"),
            "first_listed (2023-12-08) vient après last_listed",
        ),
        (line("15", "D", "d", ""), "sans date"),
        (line("15", "D", "d", "", "2023-12-08"), "sans date"),
        (line("15", "D", "d", "2026-11-23"), "23 novembre 2026 n'est pas encore venu"),
        (line("15", "D", "d", "2022-07-21", "2027-01-01"), "n'est pas encore venu"),
        (line("15", "D", "d", "21 juillet 2022"), "n'est pas une date"),
        (line("15", "D", "d", "2022-02-30"), "n'est pas une date"),
        (line("15", "D", "d", "2022-07-21", "bientôt"), "last_listed : « bientôt »"),
        ("15,D,https://www.cantal.gouv.fr/commencer/d,2022-07-21,", "n'est pas l'adresse d'une démarche"),
        ("15,D,https://www.demarches-simplifiees.fr/,2022-07-21,", "n'est pas l'adresse d'une démarche"),
        ("15,D,javascript:alert(1)//demarche,2022-07-21,", "n'est pas l'adresse d'une démarche"),
        ('15,"D,https://www.demarches-simplifiees.fr/commencer/d,2022-07-21,', "guillemet"),
        ('15,"D"x,https://www.demarches-simplifiees.fr/commencer/d,2022-07-21,', "guillemet"),
        (f"15,{'D' * 140_000},{HOST}/d,2022-07-21,", "une case est trop longue"),
        ("15", "n'est pas l'adresse"),
    ],
)
def test_a_bad_line_is_told_and_does_not_stop_the_others(bad: str, said: str) -> None:
    assert said in refusal(bad)


def test_what_a_refused_line_says_of_dates_makes_no_version_known() -> None:
    found = listed(GOOD, line("99", "D", "d", "1999-01-01"))

    assert found.versions == (date(2022, 7, 21), date(2023, 12, 8))


def test_control_signs_do_not_reach_the_terminal() -> None:
    assert "\x1b" not in refusal(line("\x1b[31m9", "D", "d", "2022-07-21"))


@pytest.mark.parametrize(
    ("second", "said"),
    [
        (line("15", "Demande de titre", "demande", "2022-07-21", "2023-12-08"), "la même que la ligne 2"),
        (line("15", "Demande de titre", "demande", "2026-04-29"), "à d'autres dates"),
        ("15,,https://demarche.numerique.gouv.fr/commencer/demande,2026-04-29,", "sous un autre nom du site"),
        ("15,,http://demarches-simplifiees.fr/commencer/Demande,2026-04-29,", "sous un autre nom du site"),
        (line("15", "Autre chose", "demande", "2026-04-29"), "sous un autre titre"),
    ],
)
def test_what_is_said_twice_is_remarked_and_one_procedure(second: str, said: str) -> None:
    found = listed(GOOD, second, ENDS)

    assert [said in remark.said for remark in found.remarks] == [True]
    assert found.remarks[0].line == 3
    assert len({one.ident for one in found.listings}) == 2


def test_the_same_procedure_of_two_prefectures_is_no_repetition() -> None:
    assert listed(GOOD, GOOD.replace("15", "69", 1)).remarks == ()


def test_an_underscore_is_the_same_when_markdown_escapes_it() -> None:
    found = listed(f"15,D,{HOST}/pref\\_controle,2022-07-21,")

    assert found.listings[0].address == f"{HOST}/pref_controle"


def test_a_title_may_have_several_lines() -> None:
    found = listed(f'15,"Demande\nde titre",{HOST}/a,2022-07-21,', ENDS)

    assert found.listings[0].title == "Demande de titre"
    assert not found.refused


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "ce n'est pas l'histoire"),
        (b"\xef\xbb\xbf\n\n", "ce n'est pas l'histoire"),
        (b"nom,adresse\nCantal,https://www.cantal.gouv.fr\n", "la première ligne doit nommer code, url"),
        (b"<!doctype html><html><body>code url first_listed last_listed</body></html>", "ce n'est pas"),
        (b"PK\x03\x04\x00\x00code,url,first_listed,last_listed", "ce n'est pas un tableau CSV"),
        (b"\xff\xfe\x00", "ce n'est pas un tableau CSV"),
        (b"x" * (LARGEST + 1), "trop gros"),
    ],
)
def test_a_file_that_is_something_else_is_refused_as_a_whole(content: bytes, said: str) -> None:
    with pytest.raises(NoListError, match=said):
        read_list(content, CODES, TODAY)


@given(st.lists(st.text(alphabet='15",;\n2A-\x00é ', max_size=60), max_size=8))
def test_no_garbage_stops_the_lines_around_it(garbage: list[str]) -> None:
    """An open quotation mark may take the line below with it, none further."""
    middle = [row.replace("\x00", "") for row in garbage]
    found = listed(GOOD, *middle, *[""] * 20, ENDS)

    assert {one.ident for one in found.listings} >= {"demarche:demande", "demarche:fin"}
