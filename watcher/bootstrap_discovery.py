"""The composition root of discovery: who looks at sites, and with which words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from watcher.bootstrap import App
from watcher.core.site_proposals import Role, SiteProposal

if TYPE_CHECKING:
    from watcher.discover import Discovery
    from watcher.find_moved import Finder
    from watcher.sight import Eye
    from watcher.site_review import SiteReview
    from watcher.visit import Tools


def open_discovery(app: App, tools: Tools) -> Discovery:
    """What explores sites; its requests are those of `tools`, with their pace and their brake."""
    from watcher.discover import Discovery

    return Discovery(tools, app.discovery, open_eye(app.settings.rules), app.catalogue)


def open_eye(rules: Path) -> Eye:
    """What looks at pages, with the grounds that the vocabulary names."""
    from watcher import rules as rule_file
    from watcher.sight import Eye, known_words

    vocabulary = rule_file.load(rules)
    return Eye(known_words((one.id, one.spellings) for one in vocabulary.motifs))


def open_finder(app: App, tools: Tools) -> Finder:
    """What looks for pages that have moved."""
    from watcher.find_moved import Finder

    return Finder(tools, app.discovery, open_eye(app.settings.rules), app.catalogue)


def open_site_review(app: App) -> SiteReview:
    """Where what is proposed is decided, and written into `sources.yaml`."""
    from watcher.site_review import SiteReview
    from watcher.sources_edit import add_page, change_address

    def write(made: SiteProposal) -> None:
        if made.role is Role.MOVED:
            change_address(app.settings.sources, made.stanza.id, made.stanza.url)
        else:
            add_page(app.settings.sources, made.prefecture, made.stanza, app.clock.now().date())

    return SiteReview(app.discovery, write, app.clock)
