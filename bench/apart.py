"""One program in a process of its own: what an earlier one left behind in memory is no part of the figures."""

from __future__ import annotations

import argparse
import traceback
from concurrent.futures import Future, ProcessPoolExecutor
from importlib import import_module
from multiprocessing import get_context
from types import ModuleType

from bench.figures import Chapter


def module(name: str) -> ModuleType:
    return import_module(f"bench.{name}")


def measured(name: str, options: argparse.Namespace) -> Chapter:
    """Raises RuntimeError in the place of whatever the program raised; its traceback stands on the standard error."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        done: Future[Chapter] = pool.submit(_measure, name, options)
        return done.result()


def completed(program: ModuleType, options: argparse.Namespace) -> argparse.Namespace:
    """The options, with the defaults of the program's own arguments where they were not read."""
    parser = argparse.ArgumentParser()
    if hasattr(program, "arguments"):
        program.arguments(parser)
    return argparse.Namespace(**{**vars(parser.parse_args([])), **vars(options)})


def _measure(name: str, options: argparse.Namespace) -> Chapter:
    try:
        program = module(name)
        chapter: Chapter = program.measure(completed(program, options))
    except (Exception, SystemExit) as error:  # which need not be one that can be handed over
        traceback.print_exc()
        raise RuntimeError(f"{type(error).__name__}: {error}") from None
    return chapter
