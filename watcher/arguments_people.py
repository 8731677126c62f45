"""The arguments of the commands about subscribers: sending, and who they are."""

from __future__ import annotations

from watcher.parsing import Add, Parser, everywhere


def sending(add: Add) -> None:
    deliver = add(
        "deliver", "deliver", "envoie une fois tout ce qui est dû : courriels, web-hooks, messageries"
    )
    what = deliver.add_mutually_exclusive_group()
    what.add_argument("--status", action="store_true", help="ce qui attend et ce qui a été envoyé, par voie")
    what.add_argument(
        "--replay", metavar="ID", nargs="+", help="remet en file des messages abandonnés ou mis de côté"
    )
    what.add_argument(
        "--suspend", action="store_true", help="ne plus rien envoyer ; les relevés et les flux continuent"
    )
    what.add_argument(
        "--resume", action="store_true", help="envoyer de nouveau, après --suspend ou une restauration"
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


def subscribing(add: Add) -> None:
    subscribers = add("subscribers", "subscribers", "qui est abonné, par quelle voie").add_subparsers(
        dest="action", metavar="ACTION", required=True, parser_class=Parser
    )
    listing = subscribers.add_parser("list", parents=[everywhere()], help="les abonnements en cours")
    listing.add_argument("--json", action="store_true", help="une ligne JSON par abonnement")
    listing.add_argument("--reveal", action="store_true", help="les adresses en entier")
    for action, text in (
        ("export", "tout ce qui est conservé d'une personne, en JSON"),
        ("erase", "désabonne une personne et efface ce qui mène à elle"),
    ):
        person = subscribers.add_parser(action, parents=[everywhere()], help=text)
        person.add_argument("person", metavar="ADRESSE|ID", help="son adresse, ou le numéro de l'abonnement")
    adding = subscribers.add_parser(
        "add", parents=[everywhere()], help="ajoute une messagerie (Telegram, Matrix, Slack, ntfy…)"
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
