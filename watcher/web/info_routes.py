"""Who answers for the site, what it knows of its readers, and how far everybody can use it."""

from __future__ import annotations

import re
from typing import NamedTuple

from fastapi import APIRouter, Request, Response

from watcher.core.weblinks import web_link
from watcher.web.site import SHARED, Site

BOTH = ["GET", "HEAD"]
_MAIL = re.compile(r"[\w.!#$%&'*+/=^`{|}~-]+@[\w-]+(\.[\w-]+)+", re.ASCII)


class Contact(NamedTuple):
    href: str
    text: str


def info_routes(site: Site, contact: str) -> APIRouter:
    """`contact` is what the operator gave, also when it reaches nobody."""
    router = APIRouter()
    reached = contact_of(contact)

    def about(name: str) -> None:
        @router.api_route(f"/about/{name}", methods=BOTH)
        def page(request: Request) -> Response:
            return site.page(
                request, f"about_{name}.html", cache=SHARED, contact=reached, address=site.base_url
            )

    for name in ("legal", "privacy", "accessibility"):
        about(name)
    return router


def contact_of(text: str) -> Contact | None:
    """Where to write to the operator; `None` when `text` is neither a mail address nor a web address."""
    text = text.strip()
    if _MAIL.fullmatch(text):
        return Contact(f"mailto:{text}", text)
    link = web_link(text)
    return Contact(link.href, text) if link else None
