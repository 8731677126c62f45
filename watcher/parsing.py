"""How a command line is parsed: every complaint in one line of French, the global options everywhere."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from typing import Any, NoReturn

USAGE = 2

_FRENCH = (
    (r"unrecognized arguments: (.*)", r"argument inconnu : \1"),
    (r"the following arguments are required: (.*)", r"il manque : \1"),
    (r"argument (.+?): invalid choice: (.+?) \(choose from (.*)\)", r"\1 : \2 n'existe pas (au choix : \3)"),
    (r"argument (.+?): invalid (?:int|float) value: (.*)", r"\1 : \2 n'est pas un nombre"),
    (r"argument (.+?): expected one argument", r"\1 : une valeur est attendue"),
    (r"argument (.+?): not allowed with argument (.*)", r"\1 ne va pas avec \2"),
    (r"ambiguous option: (.+?) could match (.*)", r"\1 : option ambiguë (\2)"),
)


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, in French."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._positionals.title, self._optionals.title = "arguments", "options"

    def error(self, message: str) -> NoReturn:
        for english, french in _FRENCH:
            if re.fullmatch(english, message):
                message = re.sub(english, french, message)
        self.exit(USAGE, f"{self.prog} : {message} (voir « {self.prog} --help »)\n")


def everywhere() -> Parser:
    """The global options; absent from the result unless given, so that no place overrides another."""
    everywhere = Parser(add_help=False)
    group = everywhere.add_argument_group("partout (ou variables VIGIE_SOURCES, VIGIE_DATABASE…)")
    for flag, metavar, text in (
        ("--sources", "FICHIER", "ce qui est surveillé (sources.yaml)"),
        ("--rules", "FICHIER", "le vocabulaire et les règles (rules.yaml)"),
        ("--database", "URL", "la base de données"),
        ("--now", "DATE", "l'heure qu'il est pour cette commande, pour répéter un scénario"),
    ):
        group.add_argument(flag, metavar=metavar, help=text, default=argparse.SUPPRESS)
    group.add_argument(
        "--allow-private",
        action="store_true",
        default=argparse.SUPPRESS,
        help="laisse interroger des adresses privées et de bouclage",
    )
    return everywhere


Add = Callable[[str, str, str], Parser]
"""Adds a command: its name, the module that runs it, what it does."""


def actions(command: Parser) -> Callable[[str, str], Parser]:
    """Give a command actions: the function that adds one, by name and what it does."""
    under = command.add_subparsers(dest="action", metavar="ACTION", required=True, parser_class=Parser)

    def action(name: str, text: str) -> Parser:
        added: Parser = under.add_parser(name, parents=[everywhere()], help=text, description=text)
        return added

    return action
