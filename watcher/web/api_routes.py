"""The API: the same alerts and coverage as the pages, read only, as JSON."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import FastAPI, HTTPException, Query, Request, Response
from pydantic import BaseModel

from watcher.core import wording
from watcher.core.ports_rules import RuleReader
from watcher.core.throttle import Visits
from watcher.web import api_shapes as shapes
from watcher.web.answers import answer
from watcher.web.api_door import Below, Door
from watcher.web.api_errors import JSON, answer_errors
from watcher.web.api_query import AlertQuery, Choices, choices_of, cursor_after, place
from watcher.web.api_rules import RuleQuery, RulesShape, answer_shape, asked_cells, rule_choices
from watcher.web.page_routes import current
from watcher.web.site import Site, root_path

VERSION, ROOT = "1.0.0", "/api/v1"
CACHE, CACHE_LONG = "public, max-age=60", "public, max-age=3600"
RESOURCES = ("alerts", "prefectures", "sources", "coverage")
_DESCRIPTION = (
    "Les alertes de Vigie préfectures, en lecture seule, sans clé. Les textes cités sont ceux des préfectures. "
    f"{wording.UNOFFICIAL} {wording.LICENCE}"
)
_REFUSALS: dict[int | str, str] = {
    404: "Cette ressource n'existe pas.",
    422: "Un paramètre n'est pas admis.",
    429: "Trop de requêtes : voir Retry-After.",
    "default": "Toute autre erreur.",
}

Handler = Callable[..., Response]


def api_routes(site: Site) -> Below:
    """Everything under ``/api``, unknown paths included, which answer in JSON too."""
    return Below("/api", Door(_api(site), site.clock, secrets.token_bytes(32), Visits()))


def _api(site: Site) -> FastAPI:
    root = root_path(site.base_url)
    api = FastAPI(
        title="Vigie préfectures",
        version=VERSION,
        description=_DESCRIPTION,
        servers=[{"url": root}] if root else None,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
    )
    choices = {f"{ROOT}/alerts": choices_of(site.vocabulary), f"{ROOT}/rules": rule_choices(site.vocabulary)}
    answer_errors(api, {path: one.expected for path, one in choices.items()})
    _serve_index(api, site)
    _serve_alerts(api, site, choices[f"{ROOT}/alerts"])
    _serve_coverage(api, site)
    if site.rules is not None:
        _serve_rules(api, site, site.rules, choices[f"{ROOT}/rules"])
    _serve_description(api, choices)
    return api


def _serve(
    api: FastAPI, path: str, shape: type[BaseModel], said: str, *refusals: int
) -> Callable[[Handler], Handler]:
    """GET as the description tells it, and HEAD, which needs no telling."""
    errors: dict[int | str, dict[str, Any]] = {
        status: {"model": shapes.ErrorShape, "description": description}
        for status, description in _REFUSALS.items()
        if status in {*refusals, 429, "default"}
    }

    def add(handler: Handler) -> Handler:
        api.get(
            f"{ROOT}{path}",
            response_model=shape,
            summary=said,
            description=said,
            response_description="La réponse.",
            responses=errors,
        )(handler)
        api.head(f"{ROOT}{path}", include_in_schema=False)(handler)
        return handler

    return add


def _json(request: Request, shape: BaseModel, cache: str = CACHE) -> Response:
    return answer(request, shape.model_dump_json().encode(), JSON, cache=cache)


def _serve_index(api: FastAPI, site: Site) -> None:
    base = f"{site.base_url}{ROOT}"
    resources = RESOURCES if site.rules is None else (*RESOURCES, "rules")

    def index(request: Request) -> Response:
        told = shapes.IndexShape(
            resources={name: f"{base}/{name}" for name in resources},
            openapi=f"{base}/openapi.json",
            notice=wording.UNOFFICIAL,
            licence=wording.LICENCE,
            licence_url=wording.LICENCE_ADDRESS,
        )
        return _json(request, told, CACHE_LONG)

    _serve(api, "", shapes.IndexShape, "Les ressources de l'API.")(index)
    api.api_route(f"{ROOT}/", methods=["GET", "HEAD"], include_in_schema=False)(index)


def _serve_alerts(api: FastAPI, site: Site, choices: Choices) -> None:
    @_serve(api, "/alerts", shapes.AlertsShape, "Les alertes, de la plus récente à la plus ancienne.", 422)
    def alerts(request: Request, query: Annotated[AlertQuery, Query()]) -> Response:
        choices.check(query, request.query_params.multi_items())
        found = site.store.alerts(
            since=query.since_time(),
            prefecture=query.prefecture,
            category=query.category,
            motif=query.motif,
            state=query.state,
            historical=query.of_the_past(),
            after=place(query.cursor) if query.cursor else None,
            limit=query.limit + 1,  # one more than is shown tells whether there is a next page
        )
        shown = found[: query.limit]
        cursor = cursor_after(shown[-1]) if len(found) > len(shown) else None
        told = shapes.AlertsShape(
            alerts=[shapes.alert_shape(one, site.vocabulary, site.base_url) for one in shown],
            cursor=cursor,
            next=f"{site.base_url}{ROOT}/alerts?{urlencode(query.following(cursor))}" if cursor else None,
        )
        return _json(request, told)

    @_serve(api, "/alerts/{alert_id}", shapes.AlertShape, "Une alerte.", 404)
    def alert(request: Request, alert_id: str) -> Response:
        found = site.store.alert(alert_id)
        if found is None:
            raise HTTPException(404, "Cette alerte n'existe pas.")
        return _json(request, shapes.alert_shape(found, site.vocabulary, site.base_url))


def _serve_coverage(api: FastAPI, site: Site) -> None:
    @_serve(api, "/prefectures", shapes.PrefecturesShape, "Les préfectures suivies.")
    def prefectures(request: Request) -> Response:
        told = [shapes.prefecture_shape(one) for one in current(site).prefectures]
        return _json(request, shapes.PrefecturesShape(prefectures=told))

    @_serve(api, "/sources", shapes.SourcesShape, "Les pages surveillées.")
    def sources(request: Request) -> Response:
        told = [shapes.source_shape(one) for one in current(site).sources]
        return _json(request, shapes.SourcesShape(sources=told))

    @_serve(api, "/coverage", shapes.CoverageShape, "Ce qui est lu, et ce qui ne l'est pas.")
    def covered(request: Request) -> Response:
        return _json(request, shapes.coverage_shape(current(site)))


def _serve_rules(api: FastAPI, site: Site, rules: RuleReader, choices: Choices) -> None:
    said = "Où et comment déposer, par préfecture puis par motif."

    @_serve(api, "/rules", RulesShape, said, 422)
    def filing(request: Request, query: Annotated[RuleQuery, Query()]) -> Response:
        choices.check(query, request.query_params.multi_items())
        today, moment = site.today(), query.moment()
        cells = asked_cells(query, site.vocabulary)
        shown = cells[: query.limit]
        book = rules.book() if moment is None else rules.versions()
        cursor = ".".join(shown[-1]) if len(cells) > len(shown) else None
        told = RulesShape(
            on=query.day(today),
            as_known=moment,
            rules=[answer_shape(book, cell, query, today, site.base_url) for cell in shown],
            cursor=cursor,
            next=f"{site.base_url}{ROOT}/rules?{urlencode(query.following(cursor))}" if cursor else None,
        )
        return _json(request, told)


def _serve_description(api: FastAPI, choices: Mapping[str, Choices]) -> None:
    @lru_cache(1)  # made when first asked for: it takes longer than all the rest of the start
    def written(known: tuple[tuple[tuple[str, tuple[str, ...]], ...], ...]) -> bytes:
        document = api.openapi()
        for path, offered in zip(choices, map(dict, known), strict=True):
            for parameter in document["paths"].get(path, {"get": {"parameters": ()}})["get"]["parameters"]:
                if parameter["name"] in offered:
                    parameter["schema"]["enum"] = offered[parameter["name"]]
        return json.dumps(document, ensure_ascii=False).encode()

    @api.api_route(f"{ROOT}/openapi.json", methods=["GET", "HEAD"], include_in_schema=False)
    def description(request: Request) -> Response:
        known = tuple(
            tuple((name, tuple(some)) for name, some in one.known.items()) for one in choices.values()
        )
        return answer(request, written(known), JSON, cache=CACHE_LONG)
