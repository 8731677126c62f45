"""Sites of the regional préfectures: lists of articles, or an article with its text and questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from watcher.core.items import Extraction
from watcher.layouts.legacy import read_either
from watcher.layouts.tree import open_page


@dataclass(frozen=True, slots=True)
class Regional:
    """See the module."""

    name: str = "regional"
    version: int = 1

    def extract(self, html: str, address: str, options: Mapping[str, str]) -> Extraction:
        view = open_page(html, address)
        column = view.having("col-main") or view.having("main-container")
        root = column[0] if column else view.root
        return read_either(view, root, view.having("news-list-item"), self.name, self.version)


LAYOUT = Regional()
