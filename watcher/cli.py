"""The command `vigie`: parses the line, runs one command, turns errors into one line."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, NoReturn

from watcher.core.errors import UserError

DONE, USAGE, INTERRUPTED = 0, 2, 130

_Add = Callable[[str, str, str], "_Parser"]

_FRENCH = (
    (r"unrecognized arguments: (.*)", r"argument inconnu : \1"),
    (r"the following arguments are required: (.*)", r"il manque : \1"),
    (r"argument (.+?): invalid choice: (.+?) \(choose from (.*)\)", r"\1 : \2 n'existe pas (au choix : \3)"),
    (r"argument (.+?): invalid (?:int|float) value: (.*)", r"\1 : \2 n'est pas un nombre"),
    (r"argument (.+?): expected one argument", r"\1 : une valeur est attendue"),
    (r"argument (.+?): not allowed with argument (.*)", r"\1 ne va pas avec \2"),
    (r"ambiguous option: (.+?) could match (.*)", r"\1 : option ambiguë (\2)"),
)


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, in French."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._positionals.title, self._optionals.title = "arguments", "options"

    def error(self, message: str) -> NoReturn:
        for english, french in _FRENCH:
            if re.fullmatch(english, message):
                message = re.sub(english, french, message)
        self.exit(USAGE, f"{self.prog} : {message} (voir « {self.prog} --help »)\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. 0: done; 1: done, with failures named; 2: usage or configuration."""
    options = parser().parse_args(arguments)
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


def parser() -> argparse.ArgumentParser:
    """The whole command line; global options are taken before and after the command's name."""
    top = _Parser(
        prog="vigie",
        parents=[_everywhere()],
        description="Surveille les pages où les préfectures annoncent comment demander un titre de séjour.",
    )
    top.set_defaults(sources=None, rules=None, database=None, now=None, allow_private=None)
    commands = top.add_subparsers(metavar="COMMANDE", required=True, parser_class=_Parser)

    def add(name: str, module: str, text: str, /) -> _Parser:
        command = commands.add_parser(name, parents=[_everywhere()], help=text, description=text)
        command.set_defaults(module=module)
        return command

    _running(add)
    _reading(add)
    _telling(add)
    _sending(add)
    _subscribing(add)
    _ruling(add)
    _checking(add)
    return top


def _everywhere() -> _Parser:
    """The global options; absent from the result unless given, so that no place overrides another."""
    everywhere = _Parser(add_help=False)
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


def _running(add: _Add) -> None:
    serve = add("serve", "serve", "surveille, publie les flux et les pages, jusqu'à ce qu'on l'arrête")
    serve.add_argument("--host", metavar="HÔTE", help="adresse d'écoute")
    serve.add_argument("--port", metavar="PORT", type=int, help="port d'écoute")
    demo = add(
        "demo", "demo", "la même chose contre une réplique : une semaine de septembre 2025 en une minute"
    )
    demo.add_argument("--host", metavar="HÔTE", help="adresse d'écoute")
    demo.add_argument("--port", metavar="PORT", type=int, help="port d'écoute")
    demo.add_argument("--seconds", metavar="N", type=float, default=60.0, help="durée de la semaine")
    demo.add_argument("--exit", action="store_true", help="s'arrêter quand la semaine est finie")
    poll = add("poll", "poll", "relève des sources une fois, maintenant")
    poll.add_argument(
        "source", metavar="SOURCE", nargs="*", help="identifiants (voir « vigie sources list »)"
    )
    which = poll.add_mutually_exclusive_group()
    which.add_argument("--all", action="store_true", help="toutes les sources")
    which.add_argument("--due", action="store_true", help="celles dont l'heure est venue")
    poll.add_argument("--json", action="store_true", help="une ligne JSON par source")


def _reading(add: _Add) -> None:
    extract = add("extract", "extract", "montre ce qui est lu dans une page enregistrée")
    extract.add_argument("file", metavar="FICHIER", help="la page, ou - pour l'entrée standard")
    extract.add_argument("--url", required=True, help="l'adresse d'où elle vient")
    extract.add_argument("--layout", metavar="NOM", help="la mise en page (devinée sinon)")
    extract.add_argument("--json", action="store_true", help="une ligne JSON")
    classify = add("classify", "classify", "comprend des annonces données en JSON Lines")
    classify.add_argument(
        "--jsonl", metavar="FICHIER", default="-", help="les annonces (- : entrée standard)"
    )
    evaluate = add("evaluate", "evaluate", "mesure la lecture sur des annonces étiquetées")
    evaluate.add_argument(
        "file", metavar="FICHIER", nargs="?", help="annonces étiquetées (celles de tests/announcements sinon)"
    )
    evaluate.add_argument(
        "--folds",
        metavar="N",
        type=int,
        default=0,
        help="en N parts : chacune est lue d'après ce qui est appris des autres (une à deux minutes)",
    )
    evaluate.add_argument("--worst", metavar="N", type=int, default=10, help="combien d'erreurs montrer")
    evaluate.add_argument("--json", action="store_true", help="une ligne JSON")
    learn = add(
        "learn", "learn", "apprend d'annonces étiquetées le poids des mots, pour qui tient les règles"
    )
    learn.add_argument("files", metavar="FICHIER", nargs="+", help="annonces étiquetées")
    learn.add_argument("--out", metavar="CHEMIN", required=True, help="où écrire les poids")


def _telling(add: _Add) -> None:
    alerts = add("alerts", "alerts", "liste les alertes, les plus récentes d'abord")
    alerts.add_argument("--since", metavar="DATE", help="depuis cette date")
    alerts.add_argument("--prefecture", metavar="CODE", help="d'une préfecture")
    alerts.add_argument("--category", metavar="CATÉGORIE", help="d'une catégorie")
    alerts.add_argument("--json", action="store_true", help="une ligne JSON par alerte")
    replay = add(
        "replay", "replay", "relit les textes passés avec les règles, ou celles de --rules, sans rien écrire"
    )
    replay.add_argument("--since", metavar="DATE", help="depuis cette date")
    replay.add_argument("--json", action="store_true", help="une ligne JSON par alerte qui serait différente")
    feed = add("feed", "feed", "imprime un flux ou un agenda, le même que celui qui est servi")
    feed.add_argument("query", metavar="FLUX", help="all, prefecture:69, category:K ou motif:M")
    feed.add_argument("--format", choices=("atom", "rss", "json", "ics"), default="atom")
    feed.add_argument("--stream", choices=("all", "verified"), default="all")


def _sending(add: _Add) -> None:
    deliver = add(
        "deliver", "deliver", "envoie une fois tout ce qui est dû : courriels, web-hooks, messageries"
    )
    what = deliver.add_mutually_exclusive_group()
    what.add_argument("--status", action="store_true", help="ce qui attend et ce qui a été envoyé, par voie")
    what.add_argument(
        "--replay", metavar="ID", nargs="+", help="remet en file des messages abandonnés ou mis de côté"
    )
    deliver.add_argument("--json", action="store_true", help="avec --status : une ligne JSON par voie")
    digest = add("digest", "digest", "envoie les résumés dus, ou montre ceux d'un jour")
    digest.add_argument("cadence", choices=("daily", "weekly"), help="quotidiens ou hebdomadaires")
    digest.add_argument(
        "--date",
        metavar="JOUR",
        help="avec --dry-run : ceux de ce jour-là (aujourd'hui sinon) ; sans lui, tout ce qui est dû part, "
        "un résumé manqué avec le suivant, et rien deux fois",
    )
    digest.add_argument("--dry-run", action="store_true", help="les imprimer sans rien envoyer")
    bounces = add("bounces", "bounces", "prend en compte ce qui est revenu des courriels")
    bounces.add_argument(
        "file", metavar="FICHIER", help="une boîte mbox, un courriel, ou - pour l'entrée standard"
    )
    bounces.add_argument("--json", action="store_true", help="une ligne JSON par courriel")


def _subscribing(add: _Add) -> None:
    subscribers = add("subscribers", "subscribers", "qui est abonné, par quelle voie").add_subparsers(
        dest="action", metavar="ACTION", required=True, parser_class=_Parser
    )
    listing = subscribers.add_parser("list", parents=[_everywhere()], help="les abonnements en cours")
    listing.add_argument("--json", action="store_true", help="une ligne JSON par abonnement")
    listing.add_argument("--reveal", action="store_true", help="les adresses en entier")
    for action, text in (
        ("export", "tout ce qui est conservé d'une personne, en JSON"),
        ("erase", "désabonne une personne et efface ce qui mène à elle"),
    ):
        person = subscribers.add_parser(action, parents=[_everywhere()], help=text)
        person.add_argument("person", metavar="ADRESSE|ID", help="son adresse, ou le numéro de l'abonnement")
    adding = subscribers.add_parser(
        "add", parents=[_everywhere()], help="ajoute une messagerie (Telegram, Matrix, Slack, ntfy…)"
    )
    adding.set_defaults(module="subscribers_add")
    adding.add_argument(
        "address", metavar="ADRESSE", help="tgram://… , ou - pour la lire de l'entrée standard"
    )
    for flag, metavar, text in (
        ("--prefecture", "CODE", "une préfecture (toutes sinon) ; plusieurs fois si besoin"),
        ("--category", "CATÉGORIE", "un thème (tous sinon)"),
        ("--motif", "MOTIF", "un motif (tous sinon)"),
    ):
        adding.add_argument(flag, metavar=metavar, action="append", default=[], help=text)
    adding.add_argument("--severity", choices=("info", "notice", "important"), default="info")
    adding.add_argument("--verified", action="store_true", help="seulement les alertes vérifiées")
    adding.add_argument("--language", choices=("fr", "en"), default="fr")


def _ruling(add: _Add) -> None:
    rules = add("rules", "rules", "où déposer, et ce que les alertes proposent d'y changer").add_subparsers(
        dest="action", metavar="ACTION", required=True, parser_class=_Parser
    )

    def action(name: str, text: str) -> _Parser:
        added: _Parser = rules.add_parser(name, parents=[_everywhere()], help=text, description=text)
        return added

    show = action("show", "où déposer dans une préfecture, et pourquoi cette réponse")
    show.add_argument("prefecture", metavar="PRÉF", help="69, ou 94-nogent-sur-marne")
    show.add_argument("motif", metavar="MOTIF", nargs="?", help="un motif (tous sinon)")
    show.add_argument("--operation", metavar="DÉMARCHE", default="", help="premiere_demande, renouvellement…")
    show.add_argument("--regime", metavar="RÉGIME", default="", help="algerien, ue…")
    matrix = action("matrix", "toutes les préfectures et tous les motifs, en CSV")
    for shown in (show, matrix):
        shown.add_argument("--on", metavar="JOUR", help="un autre jour qu'aujourd'hui")
        shown.add_argument("--as-known", metavar="DATE", help="comme on le savait alors")
    for form, text in (("--csv", "en CSV (d'office)"), ("--json", "une ligne JSON par case")):
        matrix.add_argument(form, action="store_true", help=text)
    proposals = action("proposals", "ce que des alertes proposent de changer")
    proposals.add_argument("--all", action="store_true", help="aussi celles qui ont été traitées")
    accept = action("accept", "accepte une proposition, ou toutes celles d'une alerte")
    accept.add_argument("id", metavar="ID", help="d'une proposition ou d'une alerte")
    accept.add_argument("--by", metavar="NOM", default="", help="qui l'accepte")
    action("export", "imprime les règles comme filing.yaml")
    importing = action("import", "montre ce qu'un fichier changerait, et l'applique avec --yes")
    importing.add_argument("file", metavar="FICHIER", help="de la forme de filing.yaml")
    importing.add_argument("--yes", action="store_true", help="appliquer")
    freshness = action("freshness", "les règles que rien n'a confirmées depuis longtemps")
    freshness.add_argument("--days", metavar="N", type=int, default=180, help="depuis plus de N jours")
    for command in (show, proposals, freshness):
        command.add_argument("--json", action="store_true", help="une ligne JSON par élément")


def _checking(add: _Add) -> None:
    sources = add("sources", "sources", "ce qui est surveillé").add_subparsers(
        dest="action", metavar="ACTION", required=True, parser_class=_Parser
    )
    listing = sources.add_parser(
        "list", parents=[_everywhere()], help="les sources, leur état et leur prochain relevé"
    )
    listing.add_argument("--json", action="store_true", help="une ligne JSON par source")
    record = sources.add_parser(
        "record", parents=[_everywhere()], help="enregistre une page sous tests/pages/"
    )
    record.add_argument("source", metavar="SOURCE")
    record.add_argument("--into", metavar="DOSSIER", default="tests/pages")
    config = add("config", "config", "les fichiers de configuration").add_subparsers(
        dest="action", metavar="ACTION", required=True, parser_class=_Parser
    )
    config.add_parser("check", parents=[_everywhere()], help="vérifie sources.yaml et rules.yaml")
    config.add_parser("schema", parents=[_everywhere()], help="imprime le schéma JSON de sources.yaml")
    doctor = add("doctor", "doctor", "vérifie l'installation et dit ce qui ne va pas")
    doctor.add_argument("--json", action="store_true", help="une ligne JSON par contrôle")
