"""The replica's `sources.yaml`, in the format of the shipped one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from watcher.replica.services.model import PROCEDURES, host_for, service_name
from watcher.replica.sites import GUIDES, ONLY_CHILD_GUIDE, REGION, Site, Skin
from watcher.replica.texts.menu import RUBRICS
from watcher.replica.texts.unrelated import slug

_ZONES = {
    "971": "America/Guadeloupe",
    "972": "America/Martinique",
    "973": "America/Cayenne",
    "974": "Indian/Reunion",
    "976": "Indian/Mayotte",
}


def sources_yaml(
    sites: Iterable[Site],
    *,
    gap: str,
    every: str,
    brake_after: int,
    brake_for: str,
    lists: int,
    guides: Collection[str] = tuple(GUIDES),
    services: Mapping[str, Sequence[tuple[str, str]]] = MappingProxyType({}),
) -> str:
    """Every site's home and pages. The regional list belongs to Paris. `guides`: whose foreigners pages are
    watched; `services`: of each code, path and base of what is filed or booked.
    """
    served = {site.code: site for site in sites}
    names = list(dict.fromkeys(site.platform for site in served.values()))
    names += sorted({host_for(path) for found in services.values() for path, _ in found} - {""})
    lines = ["platforms:"]
    brake = f"brake: {{after: {brake_after}, for: {brake_for}}}"
    lines += [f"  {name}: {{gap: {gap}, jitter: 0.3, {brake}}}" for name in names]
    lines += [f"defaults: {{platform: ide, every: {every}, layout: dsfr}}", "prefectures:"]
    for site in served.values():
        if site.code != REGION:
            lines += _prefecture(site, served.get(REGION) if site.code == "75" else None, lists, guides)
            lines += [_service(site, *found) for found in services.get(site.code, ())]
    return "\n".join(lines) + "\n"


def _prefecture(site: Site, region: Site | None, lists: int, guides: Collection[str]) -> Iterator[str]:
    yield f'  "{site.code}":'
    yield f'    name: "{site.name}"'
    yield f"    home: {site.base}/"
    if site.code in _ZONES:
        yield f"    timezone: {_ZONES[site.code]}"
    if site.plan:
        if site.platform != "ide":
            yield f"    platform: {site.platform}"
        yield "    pages: []"
        return
    yield "    pages:"
    platform = "" if site.platform == "ide" else f", platform: {site.platform}"
    layout = "" if site.skin is Skin.DSFR else f", layout: {site.skin}"
    yield _page(f"{site.code}-actualites", "news", f"{site.base}{site.list_path}", platform + layout)
    if site.code in guides:
        yield _page(
            f"{site.code}-sejour", "page", f"{site.base}{_watched(site)}", f"{platform}, layout: content"
        )
    for number, rubric in enumerate(RUBRICS[: lists - 1], start=2):
        url = f"{site.base}/Actualites/{slug(rubric)}"
        yield _page(f"{site.code}-liste-{number}", "news", url, platform + layout)
    if region:
        rest = f", platform: {region.platform}, layout: {region.skin}"
        yield _page("75-region", "news", f"{region.base}{region.list_path}", rest)


def _service(site: Site, path: str, base: str) -> str:
    host = host_for(path)
    kind = "procedure" if host == PROCEDURES else "booking"
    platform = host or site.platform
    rest = "" if platform == "ide" else f", platform: {platform}"
    return _page(f"{site.code}-{service_name(path)}", kind, base + path, f"{rest}, layout: {kind}")


def _page(name: str, kind: str, url: str, rest: str) -> str:
    return f"      - {{id: {name}, kind: {kind}, url: '{url}'{rest}}}"


def _watched(site: Site) -> str:
    """The address as somebody noted it: for one site that of a rubric which redirects to its only child."""
    return site.guide_path.rpartition("/")[0] if site.code == ONLY_CHILD_GUIDE else site.guide_path
