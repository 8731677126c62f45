"""French text → facts and categories. Pure; standard library only."""

from watcher.reading.reader import FrenchReader
from watcher.reading.vocabulary import Vocabulary

__all__ = ["FrenchReader", "Vocabulary"]
