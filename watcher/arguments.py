"""The arguments of the commands that watch, read, tell and check."""

from __future__ import annotations

import argparse

from watcher.parsing import Add, Parser, actions, everywhere


def running(add: Add) -> None:
    serve = add("serve", "serve", "surveille, publie les flux et les pages, jusqu'à ce qu'on l'arrête")
    serve.add_argument("--host", metavar="HÔTE", help="adresse d'écoute")
    serve.add_argument("--port", metavar="PORT", type=int, help="port d'écoute")
    serve.add_argument(
        "--web-only",
        action="store_true",
        help="flux et pages seulement : des ouvriers (« vigie fleet worker ») relèvent et envoient",
    )
    demo = add(
        "demo", "demo", "la même chose contre une réplique : une semaine de septembre 2025 en une minute"
    )
    demo.add_argument("--host", metavar="HÔTE", help="adresse d'écoute")
    demo.add_argument("--port", metavar="PORT", type=int, help="port d'écoute")
    demo.add_argument(
        "--seconds",
        metavar="N",
        type=float,
        default=60.0,
        help="durée de la semaine, qui commence quand toutes les pages sont connues",
    )
    demo.add_argument(
        "--week",
        choices=("news", "silent"),
        default="news",
        help="la semaine jouée : news, celle des annonces, ou silent, où rien n'est annoncé et où seuls changent les "
        "liens, les adresses, les démarches et les rendez-vous",
    )
    demo.add_argument("--exit", action="store_true", help="s'arrêter quand la semaine est finie")
    poll = add("poll", "poll", "relève des sources une fois, maintenant")
    poll.add_argument(
        "source", metavar="SOURCE", nargs="*", help="identifiants (voir « vigie sources list »)"
    )
    which = poll.add_mutually_exclusive_group()
    which.add_argument("--all", action="store_true", help="toutes les sources")
    which.add_argument("--due", action="store_true", help="celles dont l'heure est venue")
    poll.add_argument("--json", action="store_true", help="une ligne JSON par source")
    fleet = actions(add("fleet", "fleet", "plusieurs processus et machines sur une base PostgreSQL"))
    worker = fleet("worker", "un ouvrier : relève et envoie avec les autres, jusqu'à ce qu'on l'arrête")
    worker.add_argument(
        "--polls",
        metavar="N",
        type=int,
        default=8,
        help="relevés menés de front, un par plateforme (0 : aucun)",
    )
    worker.add_argument("--sends", metavar="N", type=int, default=3, help="envois menés de front (0 : aucun)")
    status = fleet("status", "qui travaille, ce qui attend, et qui parle à quelle plateforme")
    status.add_argument("--json", action="store_true", help="un objet JSON")


def reading(add: Add) -> None:
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
        help="en N parts : chacune est lue d'après ce qui est appris des autres (plusieurs minutes)",
    )
    evaluate.add_argument("--worst", metavar="N", type=int, default=10, help="combien d'erreurs montrer")
    evaluate.add_argument("--json", action="store_true", help="une ligne JSON")
    learn = add(
        "learn", "learn", "apprend d'annonces étiquetées le poids des mots, pour qui tient les règles"
    )
    learn.add_argument("files", metavar="FICHIER", nargs="+", help="annonces étiquetées")
    learn.add_argument("--out", metavar="CHEMIN", required=True, help="où écrire les poids")


def telling(add: Add) -> None:
    alerts = add("alerts", "alerts", "liste les alertes, les plus récentes d'abord")
    alerts.add_argument("--since", metavar="DATE", help="depuis cette date")
    alerts.add_argument("--prefecture", metavar="CODE", help="d'une préfecture")
    alerts.add_argument("--category", metavar="CATÉGORIE", help="d'une catégorie")
    alerts.add_argument("--historical", action="store_true", help="avec celles qui viennent d'archives")
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
    evidence = add("evidence", "evidence", "met dans un fichier tout ce sur quoi une alerte repose")
    evidence.add_argument("alert", metavar="ALERTE", help="son identifiant")
    evidence.add_argument("--out", metavar="FICHIER", help="où (sinon alerte-IDENTIFIANT.zip, ici)")
    evidence.add_argument(
        "--timestamp", metavar="ADRESSE", help="fait horodater le tout par cette autorité (RFC 3161)"
    )
    evidence.add_argument(
        "--authority", metavar="FICHIER", help="son certificat racine (PEM), pour vérifier ce qu'elle signe"
    )
    data = add("open-data", "open_data", "écrit un mois d'alertes et les règles, en CSV et JSON, pour tous")
    data.add_argument("--month", metavar="AAAA-MM", help="le mois (sinon le dernier qui est fini)")
    data.add_argument("--out", metavar="DOSSIER", default="var/open-data", help="où ; un dossier par mois")


def checking(add: Add) -> None:
    sources = add("sources", "sources", "ce qui est surveillé").add_subparsers(
        dest="action", metavar="ACTION", required=True, parser_class=Parser
    )
    listing = sources.add_parser(
        "list", parents=[everywhere()], help="les sources, leur état et leur prochain relevé"
    )
    listing.add_argument("--json", action="store_true", help="une ligne JSON par source")
    due = sources.add_parser(
        "due", parents=[everywhere()], help="ce qui sera lu ensuite, plateforme par plateforme"
    )
    due.add_argument("--why", action="store_true", help="et pourquoi")
    due.add_argument("--all", action="store_true", help="toutes les sources, et pas seulement les prochaines")
    due.add_argument("--json", action="store_true", help="une ligne JSON par source")
    record = sources.add_parser(
        "record", parents=[everywhere()], help="enregistre une page sous tests/pages/"
    )
    record.add_argument("source", metavar="SOURCE")
    record.add_argument("--into", metavar="DOSSIER", default="tests/pages")
    revert = sources.add_parser(
        "revert", parents=[everywhere()], help="reprend une version d'avant d'une page qui fut crue à tort"
    )
    revert.set_defaults(module="versions")
    revert.add_argument("source", metavar="SOURCE")
    revert.add_argument(
        "version", metavar="VERSION", type=int, nargs="?", help="laquelle (sinon, les montre)"
    )
    revert.add_argument("--by", metavar="NOM", help="qui décide (le compte de cette machine sinon)")
    _exploring(sources)
    config = add("config", "config", "les fichiers de configuration").add_subparsers(
        dest="action", metavar="ACTION", required=True, parser_class=Parser
    )
    config.add_parser("check", parents=[everywhere()], help="vérifie sources.yaml et rules.yaml")
    config.add_parser("schema", parents=[everywhere()], help="imprime le schéma JSON de sources.yaml")
    doctor = add("doctor", "doctor", "vérifie l'installation et dit ce qui ne va pas")
    doctor.add_argument("--json", action="store_true", help="une ligne JSON par contrôle ou par préfecture")
    doctor.add_argument(
        "--prefecture",
        metavar="CODE",
        action="append",
        default=[],
        help="dit plutôt ce qui est suivi d'une préfecture, ce qui ne l'est pas et pourquoi (all : de toutes)",
    )


def _exploring(sources: argparse._SubParsersAction[Parser]) -> None:
    """What to watch: found on the sites, decided by people."""

    def action(name: str, text: str) -> Parser:
        added: Parser = sources.add_parser(name, parents=[everywhere()], help=text, description=text)
        added.set_defaults(module="discovery")
        return added

    discover = action(
        "discover", "cherche sur les sites les pages pour les étrangers, et propose de les suivre"
    )
    discover.add_argument("code", metavar="CODE", nargs="*", help="préfectures (01, 2A, 974…)")
    discover.add_argument("--all", action="store_true", help="toutes les préfectures")
    discover.add_argument(
        "--budget", metavar="N", type=int, default=40, help="requêtes par préfecture, 40 au plus (40 sinon)"
    )
    discover.add_argument(
        "--again", action="store_true", help="recommencer ce qui fut exploré il y a moins d'un mois"
    )
    proposals = action("proposals", "ce qui est proposé, et attend qu'on en décide")
    proposals.add_argument("code", metavar="CODE", nargs="*", help="de ces préfectures (toutes sinon)")
    proposals.add_argument("--all", action="store_true", help="aussi ce qui est décidé")
    moved = action("find-moved", "cherche où sont passées les pages qui ne se lisent plus")
    moved.add_argument("source", metavar="SOURCE", nargs="*", help="celles-ci (toutes celles en panne sinon)")
    for name, text in (
        ("accept", "écrit une proposition dans sources.yaml"),
        ("refuse", "écarte une proposition, qui ne sera plus faite"),
    ):
        settle = action(name, text)
        settle.add_argument("id", metavar="ID", nargs="+", help="voir « vigie sources proposals »")
        settle.add_argument("--by", metavar="NOM", help="qui décide (le compte de cette machine sinon)")
    for command in (discover, proposals, moved):
        command.add_argument("--json", action="store_true", help="une ligne JSON par élément")


def keeping(add: Add) -> None:
    backup = add("backup", "backup", "écrit une copie de la base, pendant que la vigie travaille")
    backup.add_argument("file", metavar="FICHIER", help="la copie ; une plus ancienne est remplacée")
    restore = add(
        "restore", "restore", "remet une copie à la place de la base ; rien ne part ensuite sans accord"
    )
    restore.add_argument("file", metavar="FICHIER", help="une copie écrite par « vigie backup »")
    restore.add_argument(
        "--replace", action="store_true", help="même si une base est là : elle est mise de côté"
    )
    move = add(
        "move",
        "move",
        "déplace tout dans une autre base, vide (de SQLite à PostgreSQL), et compare ce qui arrive",
    )
    move.add_argument(
        "target", metavar="ADRESSE", help="la nouvelle : postgresql+psycopg://compte@machine/base"
    )
