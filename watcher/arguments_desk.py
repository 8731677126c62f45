"""The arguments of the commands of maintainers: rules, reviews, users."""

from __future__ import annotations

from collections.abc import Callable

from watcher.parsing import Add, Parser, actions


def ruling(add: Add) -> None:
    action = actions(add("rules", "rules", "où déposer, et ce que les alertes proposent d'y changer"))
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
    for name, text in (
        ("accept", "accepte une proposition, ou toutes celles d'une alerte"),
        ("refuse", "refuse une proposition, ou toutes celles d'une alerte"),
    ):
        settle = action(name, text)
        settle.add_argument("id", metavar="ID", help="d'une proposition ou d'une alerte")
        _signed(settle)
    patch = action("patch", "une proposition acceptée, comme correctif de filing.yaml (git apply, patch -p1)")
    patch.add_argument("id", metavar="ID", help="d'une proposition acceptée")
    action("export", "imprime les règles comme filing.yaml")
    importing = action("import", "montre ce qu'un fichier changerait, et l'applique avec --yes")
    importing.add_argument("file", metavar="FICHIER", help="de la forme de filing.yaml")
    importing.add_argument("--yes", action="store_true", help="appliquer")
    freshness = action("freshness", "les règles que rien n'a confirmées depuis longtemps")
    freshness.add_argument("--days", metavar="N", type=int, default=180, help="depuis plus de N jours")
    for command in (show, proposals, freshness):
        command.add_argument("--json", action="store_true", help="une ligne JSON par élément")


def reviewing(add: Add) -> None:
    action = actions(add("review", "review", "ce qui attend d'être vérifié, et ce qui en est décidé"))
    listing = action("list", "ce qui attend, le plus important d'abord")
    show = action("show", "une alerte, ce qu'elle dit, ce qu'elle propose et ce qui en fut décidé")
    show.add_argument("id", metavar="ID")
    verify = action("verify", "ce que dit l'alerte est vrai")
    _about(verify)
    for flag, text in (("--accept", "accepter cette proposition"), ("--refuse", "la refuser")):
        verify.add_argument(flag, metavar="ID|all", action="append", default=[], help=text)
    correct = action("correct", "ce que dit l'alerte est faux : dire ce qui est vrai")
    _about(correct)
    _corrections(correct)
    reject = action("reject", "retire l'alerte")
    _about(reject)
    mute = action("mute", "retire l'alerte, et fait taire les textes dont le titre a ces mots")
    _about(mute)
    mute.add_argument("--words", metavar="MOTS", required=True, help="deux mots, ou un de huit lettres")
    mute.add_argument("--everywhere", action="store_true", help="dans toutes les préfectures")
    mute.add_argument("--yes", action="store_true", help="le faire, et non montrer ce qui aurait été tu")
    for command in (correct, reject, mute):
        command.add_argument(
            "--keep-rules", action="store_true", help="garder les règles qui reposent sur l'alerte"
        )
    _about(action("ask", "demande l'avis d'une deuxième personne"))
    undo = action("undo", "revient sur des décisions")
    undo.add_argument("number", metavar="N", type=int, nargs="+", help="voir « vigie review history »")
    undo.add_argument("--note", metavar="TEXTE", default="", help="pourquoi")
    _signed(undo)
    _recorded(action)
    for command in (listing, show, verify, correct, reject, mute, undo):
        command.add_argument("--json", action="store_true", help="une ligne JSON par élément")


def _recorded(action: Callable[[str, str], Parser]) -> None:
    export = action("export", "les textes vérifiés, étiquetés comme ceux de tests/announcements")
    export.add_argument("--out", metavar="FICHIER", help="où les écrire (la sortie standard sinon)")
    history = action("history", "tout ce qui fut décidé, le plus récent d'abord")
    history.add_argument("--alert", metavar="ID", help="d'une alerte")
    history.add_argument("--by", metavar="NOM", help="par quelqu'un")
    history.add_argument("--limit", metavar="N", type=int, default=50, help="au plus (50 sinon)")
    history.add_argument("--json", action="store_true", help="une ligne JSON par décision")


def _about(command: Parser) -> None:
    command.add_argument("id", metavar="ID", help="d'une alerte (voir « vigie review list »)")
    command.add_argument("--group", action="store_true", help="et le même texte dans d'autres préfectures")
    command.add_argument("--note", metavar="TEXTE", default="", help="pourquoi")
    _signed(command)


def _signed(command: Parser) -> None:
    command.add_argument("--by", metavar="NOM", help="qui décide (le compte de cette machine sinon)")


def _corrections(command: Parser) -> None:
    """What is not given stays as it was understood; ``-`` is nothing."""
    for flag, metavar, text in (
        ("--category", "CATÉGORIE", "les sujets, le premier d'abord"),
        ("--motif", "MOTIF", "pour qui"),
    ):
        command.add_argument(flag, metavar=metavar, action="append", help=f"{text} ; « - » : aucun")
    for flag, metavar, text in (
        ("--channel-before", "VOIE", "comment c'était"),
        ("--channel-after", "VOIE", "comment c'est"),
        ("--effective-from", "DATE", "depuis quand (2025, 2025-10 ou 2025-10-01)"),
        ("--effective-to", "DATE", "jusqu'à quand"),
        ("--operation", "DÉMARCHE", "première demande, renouvellement…"),
        ("--regime", "RÉGIME", "algerien, ue…"),
        ("--territory", "LIEU", "une partie du département"),
    ):
        command.add_argument(flag, metavar=metavar, help=f"{text} ; « - » : rien")
    change = command.add_mutually_exclusive_group()
    change.add_argument("--change", action="store_true", default=None, help="c'est un changement")
    change.add_argument("--no-change", dest="change", action="store_false", help="c'est un rappel")
    command.add_argument(
        "--drop", metavar="N", type=int, action="append", default=[], help="un fait à oublier (voir « show »)"
    )


def entering(add: Add) -> None:
    action = actions(add("user", "user", "qui peut entrer au bureau des vérifications"))
    roles = ("reader", "reviewer", "admin")
    adding = action("add", "ajoute quelqu'un ; son mot de passe est demandé")
    password = action("password", "change un mot de passe, et ferme toutes les sessions")
    role = action("role", "change ce que quelqu'un peut faire")
    for command in (
        adding,
        password,
        role,
        action("disable", "ferme la porte"),
        action("enable", "la rouvre"),
    ):
        command.add_argument(
            "name", metavar="NOM", help="lettres minuscules, chiffres, « . », « - » et « _ »"
        )
        _signed(command)
    for command in (adding, password):
        command.add_argument("--stdin", action="store_true", help="lire le mot de passe de l'entrée standard")
    adding.add_argument("--role", choices=roles, default="reviewer", help="reviewer sinon")
    role.add_argument("role", choices=roles)
    action("list", "qui peut entrer").add_argument(
        "--json", action="store_true", help="une ligne JSON par nom"
    )
