"""WebSub (https://www.w3.org/TR/websub/): tells a hub which feeds changed; it fetches them itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlencode

from watcher.core.posting import Poster, PostFailure

AT_ONCE = 100  # feeds in one request


@dataclass(frozen=True, slots=True)
class HubPing:
    """Calling it with the addresses of feeds gives "" or why the hub did not take them all, in a word."""

    poster: Poster
    hub: str

    def __call__(self, topics: Sequence[str]) -> str:
        for some in _batches(topics):
            if trouble := self._tell(some):
                return trouble
        return ""

    def _tell(self, topics: Sequence[str]) -> str:
        fields = [("hub.mode", "publish"), *(("hub.url", topic) for topic in topics)]
        headers = [("Content-Type", "application/x-www-form-urlencoded")]
        posted = self.poster.post(self.hub, urlencode(fields).encode(), headers)
        if isinstance(posted, PostFailure):
            return posted.kind.value
        return "" if 200 <= posted.status < 300 else f"HTTP {posted.status}"


def _batches(topics: Sequence[str]) -> Iterator[Sequence[str]]:
    rest = iter(topics)
    while some := list(islice(rest, AT_ONCE)):
        yield some
