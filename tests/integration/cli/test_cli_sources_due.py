"""`vigie sources due`: what is read next, and why."""

from __future__ import annotations

import json

from tests.fakes.command_line import Vigie


def test_the_next_of_each_platform_are_told_with_the_reason(vigie: Vigie) -> None:
    plain, why = vigie("sources", "due"), vigie("sources", "due", "--why")

    assert (plain.status, plain.err) == (0, "")
    assert "plateforme ide : " in plain.out
    assert "lectures aujourd'hui sur " in plain.out
    assert "publications par semaine" not in plain.out
    assert "jamais lue, retard attendu 0 h pour un seuil de " in why.out
    assert why.out.count("jamais lue encore") == len(why.out.splitlines()) - why.out.count("plateforme ")


def test_programs_get_one_line_a_source(vigie: Vigie) -> None:
    lines = [json.loads(line) for line in vigie("sources", "due", "--all", "--json").out.splitlines()]
    known = vigie("sources", "list", "--json").out.splitlines()

    assert len(lines) == len(known)
    assert {line["bound"] for line in lines} == {"new"}
    assert all(line["price_h"] > 0 and line["weekly"] > 0 for line in lines)
