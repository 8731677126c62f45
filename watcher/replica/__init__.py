"""A loopback copy of the préfectures' websites, with a scripted week of publications.

It serves the demo, the tests and the benchmarks. Nothing that polls, reads or sends knows of it.
"""

from watcher.replica.model import Expected
from watcher.replica.replica import STEPS, Replica

__all__ = ["STEPS", "Expected", "Replica"]
