"""Where and how to file: one answer, all of them, and what moved to ANEF."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from fastapi import APIRouter, Request, Response

from watcher.core.filing import Answer, chain
from watcher.core.filing_tables import Move, moves_to_anef
from watcher.core.weblinks import web_link
from watcher.web.answers import answer as respond
from watcher.web.rules_board import Board
from watcher.web.rules_sheet import Sheet, as_csv, choices, chosen
from watcher.web.rules_view import ANEF, AnswerView, RuleView, RuleWords, rules_href, says
from watcher.web.site import Site, kept, refusal

BOTH = ["GET", "HEAD"]
_CACHE = "public, max-age=300"
_MATRIX = ("prefecture", "motif", "channel")
_QUESTION = ("prefecture", "motif", "operation", "regime")
_VIEWS = ("", "list", "table")


def rules_routes(site: Site) -> APIRouter:
    """For a site that has rules."""
    router = APIRouter()
    pages = {
        "/rules": _choose,
        "/rules/anef": _moves,
        "/rules/matrix": _matrix,
        "/rules/matrix.csv": _as_csv,
        "/rules/matrix.json": _as_json,
        "/rules/{prefecture}/{motif}": _answer,
    }
    for path, page in pages.items():
        _serve(router, path, site, page)
    return router


def _serve(router: APIRouter, path: str, site: Site, page: Callable[[Site, Request], Response]) -> None:
    @router.api_route(path, methods=BOTH)
    def shown(request: Request) -> Response:
        return page(site, request)


def _choose(site: Site, request: Request) -> Response:
    """The form, and all answers of a préfecture or of a motif; for both, on to their own page."""
    asked = _asked(request, _QUESTION)
    if not _known(site, asked):
        empty = dict.fromkeys(_QUESTION, "")
        return site.page(request, "rules.html", status=422, form=empty, refused=True, sheet=None)
    if asked["prefecture"] and asked["motif"]:
        address = rules_href(site.tongue(request).root, **asked)
        return Response(status_code=303, headers={"Location": address})
    sheet = None
    if asked["prefecture"] or asked["motif"]:
        sheet = _sheet(site, request, {**asked, "channel": ""})
    return site.page(request, "rules.html", cache=kept(request), form=asked, refused=False, sheet=sheet)


def _answer(site: Site, request: Request) -> Response:
    """An answer. The query may name an operation, a regime, and a part of the préfecture."""
    asked = _asked(request, ("operation", "regime", "part")) | request.path_params
    board, vocabulary, tongue = site.board(), site.vocabulary, site.tongue(request)
    prefecture, motif = asked["prefecture"], asked["motif"]
    parts = board.parts.get(prefecture, ())
    if not (prefecture and motif and _known(site, asked) and asked["part"] in {"", *parts}):
        raise refusal(404, "errors.no_rule")
    words = RuleWords(vocabulary, tongue, board.day)
    return site.page(
        request,
        "rules_answer.html",
        cache=kept(request),
        form=asked,
        answer=words.answer(_found(board, asked["part"] or prefecture, asked)),
        place=words.place(asked["part"] or prefecture),
        ground=vocabulary.motif(motif, tongue.code),
        case=words.case(asked["operation"], asked["regime"]),
        sites=_parts(words, board, asked),
        home=web_link(vocabulary.prefectures[prefecture].home),
        anef=web_link(ANEF),
    )


def _parts(words: RuleWords, board: Board, asked: Mapping[str, str]) -> list[tuple[str, str, AnswerView]]:
    """The other parts of a préfecture: what each is called, where its answer is, and this."""
    root = words.tongue.root
    more = {name: asked[name] for name in ("operation", "regime")}
    return [
        (
            words.place(part),
            rules_href(root, asked["prefecture"], asked["motif"], **more, part=part),
            words.answer(_found(board, part, asked)),
        )
        for part in board.parts.get(asked["prefecture"], ())
        if part != asked["part"]
    ]


def _matrix(site: Site, request: Request) -> Response:
    asked = _filters(site, request)
    view = request.query_params.get("view", "")
    sheet = _sheet(site, request, asked)
    speech = site.tongue(request).speech
    names = choices(site.board().cells.values())
    return site.page(
        request,
        "rules_matrix.html",
        cache=kept(request),
        form=asked,
        view=view if view in _VIEWS else "",
        sheet=sheet,
        day=site.board().day,
        channels=[(name, says(name, site.vocabulary, speech)) for name in names],
    )


def _as_csv(site: Site, request: Request) -> Response:
    body = as_csv(_sheet(site, request, _filters(site, request)).records(_base(site, request)))
    named = {"Content-Disposition": 'attachment; filename="vigie-regles.csv"'}
    return respond(request, body, "text/csv; charset=utf-8; header=present", cache=_CACHE, headers=named)


def _as_json(site: Site, request: Request) -> Response:
    lines = list(_sheet(site, request, _filters(site, request)).records(_base(site, request)))
    told = {"day": site.board().day.isoformat(), "rules": lines}
    return respond(request, json.dumps(told, ensure_ascii=False).encode(), "application/json", cache=_CACHE)


def _moves(site: Site, request: Request) -> Response:
    board, tongue = site.board(), site.tongue(request)
    words = RuleWords(site.vocabulary, tongue, board.day)
    years: dict[str, list[tuple[str, str, RuleView]]] = {}
    for move in _newest_first(moves_to_anef(board.book)):
        name = site.vocabulary.motif(move.motif, tongue.code)
        code = move.rule.prefecture
        href = rules_href(tongue.root, code, move.motif) if code in site.vocabulary.prefectures else ""
        href = href or rules_href(tongue.root, motif=move.motif)
        years.setdefault((move.since or "")[:4], []).append((name, href, words.rule(move.rule)))
    return site.page(request, "rules_anef.html", cache=kept(request), years=years)


def _newest_first(moves: list[Move]) -> list[Move]:
    """Those without a date stay last."""
    dated = [move for move in moves if move.since]
    return dated[::-1] + [move for move in moves if not move.since]


def _found(board: Board, territory: str, asked: Mapping[str, str]) -> Answer:
    return board.book.answers(
        chain(territory), asked["motif"], asked["operation"], asked["regime"], on=board.day
    )


def _sheet(site: Site, request: Request, asked: Mapping[str, str]) -> Sheet:
    return Sheet(chosen(site.board().cells.values(), asked), site.vocabulary, site.tongue(request))


def _filters(site: Site, request: Request) -> dict[str, str]:
    asked = _asked(request, _MATRIX)
    if not _known(site, asked):
        raise refusal(422, "rules.refused")
    return asked


def _asked(request: Request, names: tuple[str, ...]) -> dict[str, str]:
    asked = {name: request.query_params.get(name, "").strip() for name in names}
    return asked | ({"prefecture": asked["prefecture"].upper()} if "prefecture" in asked else {})


def _known(site: Site, asked: Mapping[str, str]) -> bool:
    """Whether everything that was asked for has a name; what is empty asks for nothing."""
    vocabulary, language = site.vocabulary, site.vocabulary.languages["fr"]
    known = {
        "prefecture": vocabulary.prefectures,
        "motif": vocabulary.motifs,
        "operation": language.operations,
        "regime": language.regimes,
    }
    return all(asked.get(name, "") in {"", *names} for name, names in known.items())


def _base(site: Site, request: Request) -> str:
    tongue = site.tongue(request)
    return site.base_url + tongue.root.removeprefix(tongue.top)
