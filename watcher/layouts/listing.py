"""What a list becomes, whatever layout found its entries."""

from __future__ import annotations

from watcher.core.entries import says_nothing
from watcher.core.items import Extraction
from watcher.layouts.cards import Listed
from watcher.layouts.pages import next_page
from watcher.layouts.shape import template
from watcher.layouts.tree import View, text_of


def list_extraction(
    view: View, listed: Listed, layout: str, version: int, variant: str = "list", lost: tuple[str, ...] = ()
) -> Extraction:
    """`variant` names how the entries were found; `lost` tells of entries that were written but not found."""
    return Extraction(
        layout=layout,
        version=version,
        items=listed.items,
        heading=view.heading(),
        links=view.official_links(),
        next_page=next_page(view),
        template=template(variant, listed.containers),
        declared_empty=not listed.items and says_empty(view),
        anomalies=(*view.flaws, *lost, *listed.flaws),
    )


def says_empty(view: View) -> bool:
    """Whether a short content says itself that there is nothing to list."""
    return says_nothing(text_of(view.root, 2000))
