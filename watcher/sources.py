"""`sources.yaml`, read and checked: which pages of which préfectures are watched, and at what pace."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from watcher import marked_yaml
from watcher.core.address import host_of
from watcher.core.catalogue import Brake, Catalogue, Platform, Prefecture, Source, SourceKind
from watcher.core.errors import UserError
from watcher.marked_yaml import Fault, KeyPath, Node, UnreadableFileError
from watcher.sources_file import SELECTORS, PageEntry, PrefectureEntry, SourcesFile, faults, place_of

MOST = 200  # problems that are worth reading at once
LAYOUTS = frozenset({"dsfr", "content", "legacy", "regional", "police", "selectors", "procedure", "booking"})
_BY_KIND = {SourceKind.PAGE: "content", SourceKind.PROCEDURE: "procedure", SourceKind.BOOKING: "booking"}


@dataclass(frozen=True, slots=True)
class SourceProblem:
    """One thing that is wrong in the file; `line` and `column` count from 1, 0 means the whole file."""

    file: str
    line: int
    column: int
    key: str  # prefectures.15.pages[0].kind
    message: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return ": ".join(part for part in (where, self.key, self.message) if part)


class SourcesError(UserError):
    """The file cannot be used; `str()` gives one line per problem, up to `MOST`."""

    def __init__(self, problems: Sequence[SourceProblem]) -> None:
        more = [f"… et {len(problems) - MOST} autres"] if len(problems) > MOST else []
        super().__init__("\n".join([*map(str, problems[:MOST]), *more]))
        self.problems = tuple(problems)


def load(path: Path, layouts: Set[str] = LAYOUTS) -> Catalogue:
    """Everything that the file says, in its order.

    Raises:
        SourcesError: anything in it is wrong.
    """
    catalogue, problems = load_lenient(path, layouts)
    if problems:
        raise SourcesError(problems)
    return catalogue


def load_lenient(path: Path, layouts: Set[str] = LAYOUTS) -> tuple[Catalogue, tuple[SourceProblem, ...]]:
    """What can be used of the file, and what is wrong with the pages and préfectures left out.

    Raises:
        SourcesError: it is unreadable, or wrong in what all pages share (platforms, defaults).
    """
    try:
        document = marked_yaml.read(path)
    except UnreadableFileError as error:
        raise SourcesError(_problems(path, [Fault((), error.place, error.message)])) from error
    reading = _Reading(document.root, layouts, list(document.faults))
    catalogue = reading.catalogue()
    problems = _problems(path, reading.found)
    if catalogue is None:
        raise SourcesError(problems)
    return catalogue, problems


def schema(layouts: Set[str] = LAYOUTS) -> dict[str, Any]:
    """The JSON Schema of the file, for editors and other programs."""
    document = SourcesFile.model_json_schema(by_alias=True)
    for entry in ("PageEntry", "DefaultsEntry"):
        document["$defs"][entry]["properties"]["layout"]["enum"] = sorted(layouts)
    for group in ("platforms", "prefectures"):
        document["properties"][group]["additionalProperties"] = False
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **document, "title": "sources.yaml"}


def _problems(path: Path, found: Sequence[Fault]) -> tuple[SourceProblem, ...]:
    return tuple(
        SourceProblem(str(path), *fault.place, _dotted(fault.path), fault.message)
        for fault in sorted(found, key=lambda fault: fault.place)
    )


def _dotted(path: KeyPath) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step:.60}" for step in path).lstrip(".")


class _Reading:
    """One file on its way from plain data to a catalogue; `found` collects what is wrong in it."""

    def __init__(self, root: Node, layouts: Set[str], found: list[Fault]) -> None:
        self._root = root
        self._layouts = layouts
        self._kept: dict[str, list[int]] = {}  # by préfecture: which of the file's pages are left
        self.found = found

    def catalogue(self) -> Catalogue | None:
        """The usable part; `None` when something is wrong that all pages share."""
        file = self._checked()
        if file is None or self._refuse(self._shared_faults(file)):
            return None
        prefectures: dict[str, Prefecture] = {}
        sources: dict[str, Source] = {}
        for code, entry in file.prefectures.items():
            path = ("prefectures", code)
            if self._refuse(self._platform_faults(file, (*path, "platform"), entry.platform)):
                continue
            prefectures[code] = Prefecture(code, entry.name, entry.home, entry.timezone, _usual(file, entry))
            for index, page in zip(self._kept[code], entry.pages, strict=True):
                at = (*path, "pages", index)
                if not self._refuse(self._page_faults(file, entry, page, at, sources)):
                    sources[page.id] = _source(file, code, page, _platform_of(file, entry, page))
        return Catalogue(_platforms(file), prefectures, sources)

    def _refuse(self, wrong: Iterable[Fault]) -> bool:
        before = len(self.found)
        self.found.extend(wrong)
        return len(self.found) > before

    def _checked(self) -> SourcesFile | None:
        """The file's data without its bad pages and préfectures."""
        if not isinstance(self._root.value, dict):
            self._refuse([self._fault((), "les clés platforms, defaults et prefectures sont attendues")])
            return None
        parents = {fault.path[:-1] for fault in self.found}  # the entry itself was left out already
        bad = {_stanza(path) for path in parents if path != ("prefectures",)}
        try:
            file = SourcesFile.model_validate(self._without(bad))
        except ValidationError as error:
            wrong = tuple(faults(error, self._root, self._kept))
            self._refuse(wrong)
            bad |= {_stanza(fault.path) for fault in wrong}
            file = None
        if () in bad:
            return None
        return file or SourcesFile.model_validate(self._without(bad))

    def _without(self, bad: Set[KeyPath]) -> dict[str, Any]:
        data: dict[str, Any] = self._root.value
        prefectures = data.get("prefectures")
        if not isinstance(prefectures, dict):
            return data
        good = {code: entry for code, entry in prefectures.items() if ("prefectures", code) not in bad}
        for code, entry in good.items():
            pages = entry.get("pages", []) if isinstance(entry, dict) else None
            if isinstance(pages, list):
                at = ("prefectures", code, "pages")
                self._kept[code] = [index for index in range(len(pages)) if (*at, index) not in bad]
                good[code] = {**entry, "pages": [pages[index] for index in self._kept[code]]}
        return {**data, "prefectures": good}

    def _fault(self, path: KeyPath, message: str) -> Fault:
        return Fault(path, place_of(self._root, path), message)

    def _shared_faults(self, file: SourcesFile) -> Iterator[Fault]:
        yield from self._platform_faults(file, ("defaults", "platform"), file.defaults.platform)
        yield from self._layout_faults(("defaults", "layout"), file.defaults.layout)
        if not file.prefectures and not self.found:
            yield self._fault(("prefectures",), "aucune préfecture")

    def _platform_faults(self, file: SourcesFile, path: KeyPath, name: str) -> Iterator[Fault]:
        if name and name not in file.platforms:
            known = ", ".join(file.platforms)
            yield self._fault(path, f"plateforme « {name} » inconnue (décrites dans platforms : {known})")

    def _layout_faults(self, path: KeyPath, name: str) -> Iterator[Fault]:
        if name and name not in self._layouts:
            known = ", ".join(sorted(self._layouts))
            yield self._fault(path, f"mise en page « {name} » inconnue (valeurs admises : {known})")

    def _page_faults(
        self,
        file: SourcesFile,
        entry: PrefectureEntry,
        page: PageEntry,
        path: KeyPath,
        taken: Mapping[str, Source],
    ) -> Iterator[Fault]:
        if page.id in taken:
            yield self._fault((*path, "id"), f"identifiant « {page.id} » déjà pris par une autre page")
        if not _platform_of(file, entry, page):
            yield self._fault((*path, "platform"), "plateforme absente, ici comme dans defaults")
        yield from self._platform_faults(file, (*path, "platform"), page.platform)
        yield from self._layout_faults((*path, "layout"), page.layout)
        if _layout_of(file, page) == "selectors":
            yield from self._selector_faults(page, (*path, "options"))

    def _selector_faults(self, page: PageEntry, path: KeyPath) -> Iterator[Fault]:
        if "item" not in page.options:
            yield self._fault(path, "la mise en page selectors demande au moins le sélecteur item")
        for unknown in page.options.keys() - set(SELECTORS):
            yield self._fault((*path, unknown), f"clé inconnue (clés admises : {', '.join(SELECTORS)})")


def _stanza(path: KeyPath) -> KeyPath:
    """The page or préfecture that a path lies in; empty for what all pages share."""
    if path[:1] != ("prefectures",) or len(path) < 2:
        return ()
    return path[:4] if path[2:3] == ("pages",) and len(path) > 3 else path[:2]


def _platforms(file: SourcesFile) -> dict[str, Platform]:
    return {
        name: Platform(
            name, entry.gap, entry.jitter, Brake(entry.brake.after, entry.brake.pause), entry.per_day
        )
        for name, entry in file.platforms.items()
    }


def _platform_of(file: SourcesFile, entry: PrefectureEntry, page: PageEntry) -> str:
    """The nearest one that is named; where there is only one, it need not be."""
    only = next(iter(file.platforms)) if len(file.platforms) == 1 else ""
    return page.platform or entry.platform or file.defaults.platform or only


def _usual(file: SourcesFile, entry: PrefectureEntry) -> str:
    """The platform of a préfecture's home page: that of a page on the same host, else what is usual."""
    host = host_of(entry.home)
    beside = (page.platform for page in entry.pages if page.platform and host_of(page.url) == host)
    only = next(iter(file.platforms)) if len(file.platforms) == 1 else ""
    return next(beside, "") or entry.platform or file.defaults.platform or only


def _layout_of(file: SourcesFile, page: PageEntry) -> str:
    """Only lists of news look like the default; of everything else there is one kind."""
    return page.layout or _BY_KIND.get(page.kind, file.defaults.layout)


def _source(file: SourcesFile, code: str, page: PageEntry, platform: str) -> Source:
    return Source(
        id=page.id,
        prefecture=code,
        kind=page.kind,
        url=page.url,
        layout=_layout_of(file, page),
        platform=platform,
        every=page.every or file.defaults.every,
        options=page.options,
    )
