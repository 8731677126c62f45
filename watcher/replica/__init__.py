"""A loopback copy of the préfectures' websites, with a scripted week of publications and a silent one.

It serves the demo, the tests and the benchmarks. Nothing that polls, reads or sends knows of it.
"""

from watcher.replica.model import Expected
from watcher.replica.replica import STEPS, Replica
from watcher.replica.weeks import WEEKS

__all__ = ["STEPS", "WEEKS", "Expected", "Replica"]
