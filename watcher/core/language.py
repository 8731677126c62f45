"""What is needed to put alerts into words in one language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from watcher.core.printable import one_line

Phrases = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Language:
    """One language's catalogue: phrases with ``{named}`` places, and names as they stand inside a sentence.

    Of the names, `motifs` and `channels` are complete once the rules' labels have been added to those
    that the catalogue gives itself.
    """

    code: str = "fr"
    phrases: Phrases = field(default_factory=dict)
    months: tuple[str, ...] = ()
    subjects: Phrases = field(default_factory=dict)  # by category
    filing: Phrases = field(default_factory=dict)  # "filed by post", by channel
    booking: Phrases = field(default_factory=dict)  # "appointments by e-mail", by channel
    channels: Phrases = field(default_factory=dict)
    motifs: Phrases = field(default_factory=dict)
    general: Phrases = field(default_factory=dict)  # motifs that stand for many, as a whole phrase
    operations: Phrases = field(default_factory=dict)
    regimes: Phrases = field(default_factory=dict)

    def say(self, phrase: str, **parts: object) -> str:
        return self.phrases[phrase].format(**parts)

    def motif(self, name: str) -> str:
        return self.motifs.get(name) or spelt(name)

    def channel(self, name: str) -> str:
        return self.channels.get(name) or spelt(name)


def inside(label: str) -> str:
    """A label as it stands inside a sentence: ``Salarié`` → ``salarié``, ``ANEF`` as it is."""
    lowered = len(label) > 1 and label[0].isupper() and label[1].islower()
    return label[0].lower() + label[1:] if lowered else label


def spelt(name: str) -> str:
    """An id that no label is known for: it may come from anywhere."""
    return one_line(name.replace("_", " "), 80)
