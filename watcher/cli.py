"""The command `vigie`: parses the line, runs one command, turns errors into one line."""

from __future__ import annotations

import argparse
import os
import resource
import sys
from collections.abc import Sequence
from importlib import import_module

from watcher import arguments, arguments_desk, arguments_history, arguments_people
from watcher.core.errors import UserError
from watcher.parsing import USAGE, Parser, everywhere

DONE, INTERRUPTED = 0, 130


def main(line: Sequence[str] | None = None) -> int:
    """Run one command. 0: done; 1: done, with failures named; 2: usage or configuration."""
    options = parser().parse_args(line)
    _leave_no_image()
    try:
        from watcher.settings import Settings

        settings = Settings.load(
            sources=options.sources,
            rules=options.rules,
            database=options.database,
            now=options.now,
            allow_private=options.allow_private,
            host=getattr(options, "host", None),
            port=getattr(options, "port", None),
        )
        command = import_module(f"watcher.commands.{options.module}")
        status: int = command.run(settings, options)
        sys.stdout.flush()
        return status
    except UserError as error:
        for line in str(error).splitlines():
            print(f"vigie : {line}", file=sys.stderr)
        return USAGE
    except BrokenPipeError:
        # Whoever read our output has had enough; Python must not complain about it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except KeyboardInterrupt:
        return INTERRUPTED


def _leave_no_image() -> None:
    """Of a process that dies the system may write its memory to a disk, where addresses of readers would stay."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def parser() -> argparse.ArgumentParser:
    """The whole command line; global options are taken before and after the command's name."""
    top = Parser(
        prog="vigie",
        parents=[everywhere()],
        description="Surveille les pages où les préfectures annoncent comment demander un titre de séjour.",
    )
    top.set_defaults(sources=None, rules=None, database=None, now=None, allow_private=None)
    commands = top.add_subparsers(metavar="COMMANDE", required=True, parser_class=Parser)

    def add(name: str, module: str, text: str, /) -> Parser:
        command = commands.add_parser(name, parents=[everywhere()], help=text, description=text)
        command.set_defaults(module=module)
        return command

    arguments.running(add)
    arguments.reading(add)
    arguments.telling(add)
    arguments_people.sending(add)
    arguments_people.subscribing(add)
    arguments_desk.reviewing(add)
    arguments_desk.ruling(add)
    arguments_desk.entering(add)
    arguments.checking(add)
    arguments.keeping(add)
    arguments_history.remembering(add)
    return top
