"""What the API answers when it cannot: a code for programs and a French sentence for people."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from watcher.core.printable import one_line
from watcher.web.answers import answer
from watcher.web.api_query import UnacceptableError, unexpected
from watcher.web.api_shapes import ErrorBody, ErrorShape
from watcher.web.away import answer_away

JSON = "application/json"
ALLOWED = "GET, HEAD"
_CODES = {
    404: ("not_found", "Cette ressource n'existe pas."),
    405: ("method_not_allowed", "L'API se lit seulement : GET ou HEAD."),
}


def answer_errors(api: FastAPI, expected: Mapping[str, Mapping[str, str]]) -> None:
    """`expected` says in French what each parameter of a query may be, by the path that takes it."""

    @api.exception_handler(HTTPException)
    def refused(request: Request, error: HTTPException) -> Response:
        code, message = _CODES.get(error.status_code, ("refused", "Cette demande est refusée."))
        # Starlette's own details are English words; ours are sentences.
        said = error.detail if error.detail.endswith(".") else message
        headers = {"Allow": ALLOWED} if error.status_code == 405 else {}
        return refuse(request, error.status_code, code, said, headers)

    @api.exception_handler(UnacceptableError)
    def unacceptable(request: Request, error: UnacceptableError) -> Response:
        return refuse(request, 422, "invalid_parameter", str(error))

    @api.exception_handler(RequestValidationError)
    def invalid(request: Request, error: RequestValidationError) -> Response:
        name = str(error.errors()[0]["loc"][1])  # after "query"
        admitted = expected[request.scope["path"]]
        if name in admitted:
            said = unexpected(name, admitted[name])
        else:
            said = f"Paramètre inconnu : « {one_line(name, 40)} ». Paramètres admis : {', '.join(admitted)}."
        return refuse(request, 422, "invalid_parameter", said)

    away = "Le service est momentanément indisponible. Réessayez dans une minute."
    answer_away(api, lambda request, headers: refuse(request, 503, "unavailable", away, headers))

    @api.exception_handler(Exception)
    def failed(request: Request, _error: Exception) -> Response:
        """Starlette raises the error again after this answer, so that the server logs it."""
        message = "Une erreur est survenue de notre côté. Réessayez dans quelques minutes."
        return refuse(request, 500, "internal_error", message)


def refuse(
    request: Request, status: int, code: str, message: str, headers: Mapping[str, str] | None = None
) -> Response:
    body = ErrorShape(error=ErrorBody(code=code, message=message)).model_dump_json().encode()
    return answer(request, body, JSON, cache="no-store", status=status, headers=headers)
