"""The arguments of the commands that bring the past in."""

from __future__ import annotations

from watcher.parsing import Add, actions


def remembering(add: Add) -> None:
    history = actions(
        add("history", "history", "fait entrer le passé : rien de ce qu'il montre n'est envoyé")
    )
    taking = history("import", "importe des captures d'archives (WARC, compressé ou non)")
    taking.set_defaults(module="history_import")
    taking.add_argument("files", nargs="+", metavar="FICHIER", help="des fichiers .warc ou .warc.gz")
    taking.add_argument("--source", dest="only", metavar="ID", help="pour cette page seulement")
    taking.add_argument(
        "--address",
        action="append",
        default=[],
        metavar="URL=ID",
        help="où était alors la page d'un identifiant (retenu pour la suite)",
    )
    fetching = history("fetch", "importe les captures d'une archive du Web (CDX, Memento), page par page")
    fetching.set_defaults(module="history_fetch")
    fetching.add_argument("names", nargs="*", metavar="SOURCE", help="les identifiants (sinon toutes)")
    fetching.add_argument(
        "--archive", required=True, metavar="ADRESSE", help="comme https://web.archive.org, ou une collection"
    )
    fetching.add_argument("--from", dest="first", metavar="DATE", help="captures faites depuis cette date")
    fetching.add_argument("--to", dest="last", metavar="DATE", help="et jusqu'à celle-ci")
    status = history("status", "dit ce qui est gardé du passé")
    status.set_defaults(module="history_status")
    listing = history("list", "importe l'histoire de la liste officielle de démarche numérique")
    listing.set_defaults(module="history_list")
    listing.add_argument("file", metavar="FICHIER", help="un tableau CSV, comme official_list.csv")
    listing.add_argument("--check", action="store_true", help="dit ce qui serait importé, sans rien écrire")
