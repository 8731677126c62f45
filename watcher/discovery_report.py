"""What discovery prints: for people, and as one JSON object a line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from watcher.core.discovery_labels import ROLES
from watcher.core.printable import one_line
from watcher.core.site_proposals import Explored, Recorded, SiteProposal

TITLE = 80  # characters of one step of a way


def explored_json(explored: Explored, proposals: Sequence[Recorded]) -> Mapping[str, object]:
    return {
        "prefecture": explored.prefecture,
        "found": explored.found,
        "finished": explored.ended_at is not None,
        "requests": explored.requests,
        "trouble": explored.trouble,
        "unwatchable": [
            {"url": one.address, "label": one.label, "reason": one.reason} for one in explored.unwatchable
        ],
        "proposals": [recorded_json(one) for one in proposals],
    }


def recorded_json(recorded: Recorded) -> Mapping[str, object]:
    made = recorded.proposal
    return {
        "id": made.id,
        "prefecture": made.prefecture,
        "role": str(made.role),
        "source": made.stanza.id,
        "kind": str(made.stanza.kind),
        "url": made.stanza.url,
        "layout": made.stanza.layout,
        "confidence": made.confidence,
        "way": list(made.way),
        "evidence": list(made.evidence),
        "instead_of": made.instead_of,
        "state": str(recorded.state),
        "made_at": recorded.made_at.isoformat(),
    }


def explored_lines(explored: Explored, proposals: Sequence[Recorded]) -> Iterator[str]:
    found = "rubrique des étrangers trouvée" if explored.found else "rubrique des étrangers pas trouvée"
    rest = "" if explored.ended_at else ", à poursuivre"
    trouble = f" ; {one_line(explored.trouble, 300)}" if explored.trouble else ""
    yield f"{explored.prefecture} : {found}, {explored.requests} requêtes{rest}{trouble}"
    for one in proposals:
        yield from (f"  {line}" for line in proposal_lines(one.proposal))
    for page in explored.unwatchable:
        named = f" ({one_line(page.label, TITLE)})" if page.label else ""
        yield f"  ne peut pas être suivie : {page.address}{named} : {one_line(page.reason, 200)}"


def proposal_lines(made: SiteProposal) -> Iterator[str]:
    stanza = made.stanza
    yield f"{made.id}  {made.confidence:.0%}  {ROLES[made.role].french} : {stanza.id}  {stanza.url}"
    if made.instead_of:
        yield f"    au lieu de {made.instead_of}"
    if made.way:
        yield "    " + " > ".join(one_line(step, TITLE) for step in made.way)
    if made.evidence:
        yield "    " + one_line(" ; ".join(made.evidence), 300)
