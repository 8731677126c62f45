"""What markup is made of, whatever its texts say."""

from __future__ import annotations

from html.parser import HTMLParser


class Skeleton(HTMLParser):
    """Elements with the names of their attributes, in order: what a text must not be able to change."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, ...]] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, *sorted(name for name, _ in attrs)))

    def handle_endtag(self, tag: str) -> None:
        self.elements.append((f"/{tag}",))
