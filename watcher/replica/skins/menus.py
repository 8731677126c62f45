"""The menu of a renamed site: its tree, as deep as this site shows it on every page."""

from __future__ import annotations

from html import escape

from watcher.replica.renamed.plan import Node, Plan, Sort
from watcher.replica.sites import Site


def renamed_menu(site: Site, plan: Plan, list_class: str, link_class: str) -> str:
    """Nested lists; rubrics that are not shown are left out with all below them."""
    return _list(site, plan.root, plan.menu_depth, list_class, link_class)


def _list(site: Site, node: Node, depth: int, list_class: str, link_class: str) -> str:
    shown = [child for child in node.children if child.shown and depth > 0]
    items = "".join(
        f'<li><a class="{link_class}" href="{site.prefix}{child.path}">{escape(child.label)}</a>'
        f"{_list(site, child, depth - 1, list_class, link_class) if child.sort is Sort.HUB else ''}</li>\n"
        for child in shown
    )
    return f'<ul class="{list_class}">{items}</ul>' if items else ""
