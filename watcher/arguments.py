"""The arguments of the commands that watch, read, tell and check."""

from __future__ import annotations

from watcher.parsing import Add, Parser, everywhere


def running(add: Add) -> None:
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
        help="en N parts : chacune est lue d'après ce qui est appris des autres (une à deux minutes)",
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


def checking(add: Add) -> None:
    sources = add("sources", "sources", "ce qui est surveillé").add_subparsers(
        dest="action", metavar="ACTION", required=True, parser_class=Parser
    )
    listing = sources.add_parser(
        "list", parents=[everywhere()], help="les sources, leur état et leur prochain relevé"
    )
    listing.add_argument("--json", action="store_true", help="une ligne JSON par source")
    record = sources.add_parser(
        "record", parents=[everywhere()], help="enregistre une page sous tests/pages/"
    )
    record.add_argument("source", metavar="SOURCE")
    record.add_argument("--into", metavar="DOSSIER", default="tests/pages")
    config = add("config", "config", "les fichiers de configuration").add_subparsers(
        dest="action", metavar="ACTION", required=True, parser_class=Parser
    )
    config.add_parser("check", parents=[everywhere()], help="vérifie sources.yaml et rules.yaml")
    config.add_parser("schema", parents=[everywhere()], help="imprime le schéma JSON de sources.yaml")
    doctor = add("doctor", "doctor", "vérifie l'installation et dit ce qui ne va pas")
    doctor.add_argument("--json", action="store_true", help="une ligne JSON par contrôle")


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
