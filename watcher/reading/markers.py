"""Words that say whether a clause announces, describes, recalls, reports or merely imagines something."""

from __future__ import annotations

import re
from enum import StrEnum

from watcher.reading.alternatives import by_first_letter


class Mark(StrEnum):
    CHANGE = "change"
    HINT = "hint"  # a change only beside something else
    FUTURE = "future"
    UNCHANGED = "unchanged"
    SHORTAGE = "shortage"  # no slot left: no rule changes
    REMINDER = "reminder"
    RULING = "ruling"  # courts and parliament: an obligation or an opinion, not a way to file
    REPORT = "report"  # associations, elected people, press
    ACTION = "action"  # the préfecture itself did or decided
    PLANNED = "planned"
    ALREADY = "already"
    CORRECTION = "correction"
    FALLBACK = "fallback"  # "si la démarche n'est pas réalisable en ligne"
    EXCLUSIVE = "exclusive"
    EVENT = "event"  # a ceremony, a visit, good wishes
    HELP = "help"  # a question-and-answer page


_NOUNS = (
    r"(?:dispositif|modalite|procedure|service|module|plateforme|outil|processus|formulaire|"
    r"teleservice|teleprocedure|"
    r"horaire|demarche|organisation|adresse|tarif|site|motif|creneau|titre|circuit|systeme|lieu|point|fonctionnement|"
    r"regle|mode|parcours|guichet|liste|calendrier|montant|espace|canal|demandes de titre)"
)
_PARTICIPLES = (
    r"(?:ferme|supprime|reporte|annule|prolonge|proroge|transfere|deplace|modifie|retire|majore|releve|porte|"
    r"augmente|integre|abroge|suspendu|interrompu|cree|lance|deploye|exige|deconcentre|centralise|regroupe|mutualise|"
    r"rouvert|retabli|elargi|etendu|dematerialise|bascule|remplace|fixe|abaisse|reduit|allonge|"
    r"renforce|avance|decale)"
)
_BE = r"(?:est|sont|a ete|ont ete|sera|seront|etait|etaient|vient d'etre|viennent d'etre|serez)"
_ADVERB = r"(?:\w+ment |donc |aussi |egalement |ainsi |desormais |de nouveau |toujours |a nouveau )?"

_CHANGE = (
    r"desormais|dorenavant|a(?<!jusqu'a a)(?<!jusqu'a) present\b(?! que)|"
    r"m(?<!jusqu'a m)(?<!des m)aintenant(?! que)|"
    r"n(?:e |')(?:[a-z]+[' ]){1,5}?plus\b(?! (?:tard|que|de (?:\d|trois|deux|six)|d'un|pouvoir|necessaire|besoin))|"
    r"plus (?:besoin|necessaire) d(?:e |')(?:prendre )?(?:un )?(?:rendez|rdv)|"
    r"(?:et|mais|,) non plus|au lieu d|en lieu et place|met(?:tent|tra|tront)? fin|prend(?:ra)? fin|"
    r"fin (?:de l'(?:usage|utilisation|accueil|acces)|de la (?:prise|procedure|possibilite)|"
    r"des? (?:demandes|depots?|dossiers papier|rendez))|"
    rf"{_BE} {_ADVERB}{_PARTICIPLES}e?s?\b|"
    r"(?:a|ont|vient de|viennent de) (?:dematerialis|suspend|suppri|ferme|ouvert|rouv|chang|modifi|"
    r"mis en|lanc|cree|etend|etendu|transfer|decid)\w*|"
    r"etend(?:ent|ra|ue?s?)?\b|extension (?:de|du|a)\b|s'elargi\w+|elargissement|"
    r"remplac(?:e|ent|era|eront)\b|suppression|supprim(?:e|ent)\b|suspension|suspend(?:u|ue|us|ues|"
    r"ra)?\b|retablissement|"
    r"rouv(?:re|rent|rira|riront|ert|erts|erte|ertes)\b|reouv\w+|deblocage|"
    r"ouverture (?:d|exceptionnelle|prolongee|de)|ouvr(?:e|ent|ira|iront)\b(?! (?:les? )?(?:lundi|"
    r"mardi|mercredi|jeudi|vendredi|samedi|tous|du lundi|de \d))|vien(?:t|nent) d'ouvrir|s'ouvr(?:e|"
    r"ent|ira|iront)|"
    r"met(?:tent|tra|tront)? en (?:place|service|œuvre|oeuvre|ligne)|mise?s? en (?:place|service)|"
    rf"nouve(?:au|aux|l|lle|lles) (?:\w+ )?{_NOUNS}|"
    rf"{_NOUNS}s? (?:de rendez-vous |de depot |d'accueil )?(?:est|sont) (?:change|modifie)|"
    r"bascul(?:e|ent|era|eront|ement)\b|pass(?:e|ent|era|eront|age) (?:a |au |sur |d[eu] \d|en ligne)|"
    r"evolu(?:e|ent|era|eront|tions?)\b|chang(?:e|ent|era|eront|ement)s? (?:d'(?:horaire|outil|"
    r"organis)|de (?:site|lieu|procedure|modalites|plateforme)|au \d)|"
    r"demenag\w+|dematerialisation (?:d|des|du|de)\b|rejoi(?:gnent|nt|gnera)\b|integr(?:e|ent|era|eront)\b|"
    r"nouveautes?\b|complete\w* la liste|liste \w+ completee?|ajoute(?:nt|es?|s)?\b|retrait d(?:u|es) formulaires?|"
    r"major(?:e|ent|ation|ees?)\b|hausse|relev(?:ee?s?|ent) (?:de|a) \d|relev(?:ee?s?|ent) (?:le|les|"
    r"la) (?:montant|tarif|taxe|droit|cout)|augment(?:e|ent|era|eront|"
    r"ation)|porte(?:e|s|es)? (?:a|de) \d|"
    r"(?:a|ont) annonce|annonce (?:l'|la |le |les |une? )(?!delai)|arrete [^.;]{0,40}(?:prevoit que|impose)|"
    r"permet(?:tra)? (?:desormais|maintenant)|"
    r"lanc(?:e|ent|ement)\b|deploi\w+|generalis(?:e|ee|es|ees|ation)\b|demarrage|"
    r"prolong(?:e|ee|es|ees)s? (?:jusqu|de|d'|au|apres)|prolongation (?:jusqu|exceptionnelle|"
    r"automatique|de la (?:validite|protection)|des? (?:titres|documents|delais))|prorog\w+|"
    r"reprise (?:de|du|des|progressive|partielle)|reprend(?:ra|ront|rons)?\b|"
    r"exceptionnellement ferme\w*|fermeture (?!annuelle comme)|fermer(?:a|ont)\b|ferment? (?:le|ses|"
    r"leurs|au|definitivement|exceptionnellement)|"
    r"ferme[es]{0,2} (?:\w+ment )?(?:au public|jusqu|depuis|exceptionnellement|d[ue]|les?|a compter|"
    r"apres|pour|temporairement|definitivement|ce|(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche) \d)|"
    r"(?:rencontre|connait|subit|subissent)\w* [^.;]{0,40}(?:dysfonctionnement|perturbation|incident|panne|"
    r"difficulte)|"
    r"p(?<!y a p)(?<!existe p)lus de (?:rendez-vous|rdv) (?:en prefecture|au guichet|pour)|"
    r"n'(?:est|sera|ont|sont) pas recondui\w+|(?:rendez-vous|rdv)[^.;]{0,80}n'(?:est|sont|"
    r"sera) plus (?:\w+ment )?(?:necessaire|requis)|"
    r"deroge\w*|reprogramm\w+|est de nouveau|de nouveau (?:possible|accessible|ouvert)|"
    r"a nouveau (?:possible|accessible|ouvert)|"
    r"devien(?:t|nent|dra|dront)\b|entr(?:e|ent|era|eront) en vigueur|en vigueur (?:le|au|depuis|a)|"
    r"en raison d'(?:un|une|une? \w+) (?:mouvement|greve|incident|panne)|sont? annules?|"
    r"(?:est|sont|reste|restent) (?:actuellement|momentanement|temporairement) (?:ferme|indisponible|"
    r"inaccessible|perturbe|suspendu|interrompu)\w*|"
    r"(?:panne|incident|dysfonctionnement|difficulte|perturbation|anomalie|"
    r"interruption)s?[^.;]{0,40}(?:affecte|touche|empeche|perturbe|rend|en cours)|rendra? (?:le|la|les|"
    r"l')[^.;]{0,50}(?:in)?(?:accessible|disponible)s?"
)
_HINT = (
    r"(?:egalement|aussi|nouveau|nouvelle|nouveaux|nouvelles|modalites|dematerialis\w+|mise?s? en ligne|"
    r"n'est plus (?:necessaire|besoin)|ouvert\w*|ferme[es]{0,2}|annonce\w*|creation|accessible|"
    r"uniquement|exclusivement)\b"
)
_FUTURE = (
    r"(?:se fer(?:a|ont)|(?:se )?tiendr(?:a|ont)|ouvrir(?:a|ont)|fermer(?:a|ont)|aur(?:a|ont) lieu|"
    r"s'effectuer(?:a|ont)|"
    r"ser(?:a|ont) (?:\w+ ){0,2}?(?:depose|adresse|transmis|envoye|possible|ouvert|accessible|"
    r"accueilli|recu|mis|mise|"
    r"obligatoire|disponible|propose|pris|effectue|realise|assure|invite|ferme|suspendu|indisponible|"
    r"inaccessible|interrompu|perturbe)\w*|"
    r"devr(?:a|ont) (?:\w+ )?(?:etre|s'effectuer|se faire|prendre|deposer|adresser|transmettre|passer|comporter)|"
    r"pourr(?:a|ont)|ne pourr\w+|accueiller(?:a|ont)|recevr(?:a|ont))\b"
)
_UNCHANGED = (
    r"inchange\w*|existe\w* depuis|memes modalites|sans changement|ne chang\w+ pas|comme chaque annee|"
    r"rest(?:e|ent|ait|"
    r"aient) (?:a \w+er\b|en prefecture|au guichet|traite|depose|a depose|sur |a effectuer|soumis|valable|"
    r"possible|disponible|en vigueur|"
    r"applicable)\w*|"
    r"restent? :|continu\w+ (?:d'etre|a etre|de|d')|ne (?:concerne|modifie|remet|s'appliqu)\w* pas|"
    r"n'est pas concern|ne sont pas concern|non concern|"
    r"(?:n'est|ne sont|n'etait) pas (?:encore|remis)|pas encore (?:ouvert|disponible|possible)|suivent l'ancien"
)
_SHORTAGE = (
    r"(?:n'existe plus de|n'y a plus d\w*) ?(?:plage|creneau|rendez-vous|disponib)\w*|"
    r"(?:plus (?:aucun|de)|aucune?) (?:plage|creneau|rendez-vous|rdv)\w*(?: \w+){0,3} "
    r"(?:libre|disponible|n'est (?:\w+ )?disponible|vacant)|aucune? disponibilite|rendez-vous n'est plus disponible"
)
_REMINDER = (
    r"rappel\w*|pour memoire|faq\b|foire aux questions|mode d'emploi|comment (?:deposer|faire|"
    r"renouveler|prendre|obtenir|demander)|"
    r"qu'est-ce que|pas a pas\b|bon a savoir|les bons reflexes|campagne de renouvellement|n'attendez pas|"
    r"pensez[ -]?(?:a|y)\b|anticipez|il est conseille|ou deposer|en savoir plus|tout savoir|"
    r"echeance passee|plus que quelques jours"
)
_HELP = r"faq\b|foire aux questions|questions? frequentes?|mode d'emploi|vos questions|tutoriel"
# A word that counts at the start alone says so after it (`(?<=^…)`): a pattern that begins with a letter can be sorted.
_EVENT = (
    r"ceremonies?\b|journees? d'information|reunions? (?:publique|d'information)|portes ouvertes|"
    r"recoit (?:les|des) (?:associations|elus|maires)|echanges ont porte|inaugur\w+|a visite\b|visite d[ue]|"
    r"s'est rendue?\b|v(?:oe|œ)ux\b|conference\b|portrait(?<=^portrait)\b"
)
_RULING = (
    r"tribuna(?:l|ux)\b[^.;]{0,80}(?:juge|enjoin|maintien|condamn|annul|suspen|ordonn|rejet|estim|"
    r"rappel|sanction)\w*|"
    r"conseil d'etat|juges? (?:des referes|administratif|que)|refere-\w+|cour administrative|"
    r"defenseure? des droits|"
    r"enjoint|enjoindre|injonction|condamn\w+|astreinte|question ecrite|ta(?<=^ta) de |sanctionnee?\b"
)
_REPORT = (
    r"tribuna(?:l|ux)\b|senateurs?|senatrices?|deputee?s?\b|senat\b|"
    r"associations? (?:[\w']+ ){0,3}(?:saisi|denonc|attaqu|contest|alert|deposent|demandent)\w*|"
    r"saisissent|recours\b|"
    r"manifest(?:e|ent|ation|er)s?\b|interpell\w+|collectif\b|syndicat|rassemblement devant|"
    r"selon (?:le mrap|la cimade|le gisti|une association|les associations|la ldh|la presse)"
)
_ACTION = (
    r"(?:prefecture|prefete?|ministere|prefecture de police)s?\b[^.;:]{0,60}?"
    r"\b(?:a annonce|annonce|ouvre|ouvrira|met en (?:place|service|ligne)|a ouvert|lance|a lance|"
    r"a decide|decide|change|publie|a dematerialise|a ferme|etend)\b"
)
_PLANNED = (
    r"(?:devrai(?:t|ent)|serai(?:t|ent)|pourrai(?:t|ent)(?! (?:etre )?(?:\w+ )?(?:perturb|ferme|suspendu|"
    r"report|annul))|projet (?:de|d')|envisag\w+|experimentation|"
    r"experimente\w*|a l'etude|"
    r"d'ici (?:la fin|a la fin|fin|20\d\d|l'ete|quelques|le printemps|l'automne)|a terme|prochainement|"
    r"ulterieurement|en vigueur apres|apres (?:la )?(?:promulgation|publication)|souhaite \w+er|etudie)\b"
)
_ALREADY = r"(?:deja|avai(?:t|ent) (?:deja )?ete|auparavant|jusqu'(?:alors|ici|a present|a maintenant)|precedemment)\b"
_CORRECTION = (
    r"erratum|rectificati\w+|contrairement a|report(?:e|ee|es|ees) (?:du|au|a)|"
    r"est (?:finalement )?report\w+|correctif"
)
_FALLBACK = (
    r"(?:si|lorsque|quand|uniquement si|des lors que) (?:votre|vos|la|le|une|cette|vous|l'usager|"
    r"les)? ?(?:[\w'-]+ ){0,5}?"
    r"(?:n'est pas|n'est|ne peut|ne peuvent|ne pouvez|n'arrivez|ne figure|ne sont pas|impossib\w+|rencontr\w+)|"
    r"en cas d(?:e|'|u) (?:dysfonctionnement|blocage|difficulte|impossibilite|panne|probleme)|a defaut\b"
)
_EXCLUSIVE = r"(?:exclusivement|uniquement|obligatoirement|seulement|obligatoire|imperativement)\b"

_WORDS = {
    Mark.CHANGE: _CHANGE,
    Mark.HINT: _HINT,
    Mark.FUTURE: _FUTURE,
    Mark.UNCHANGED: _UNCHANGED,
    Mark.SHORTAGE: _SHORTAGE,
    Mark.REMINDER: _REMINDER,
    Mark.RULING: _RULING,
    Mark.REPORT: _REPORT,
    Mark.ACTION: _ACTION,
    Mark.PLANNED: _PLANNED,
    Mark.ALREADY: _ALREADY,
    Mark.CORRECTION: _CORRECTION,
    Mark.FALLBACK: _FALLBACK,
    Mark.EXCLUSIVE: _EXCLUSIVE,
    Mark.HELP: _HELP,
    Mark.EVENT: _EVENT,
}
_PATTERNS = {mark: re.compile(rf"\b(?:{by_first_letter(words)})") for mark, words in _WORDS.items()}
_OFTEN = (Mark.CHANGE, Mark.HINT, Mark.FUTURE, Mark.EXCLUSIVE)
_FREQUENT = {mark: _PATTERNS[mark] for mark in _OFTEN}
_SELDOM = re.compile(
    rf"\b(?:{by_first_letter('|'.join(words for mark, words in _WORDS.items() if mark not in _OFTEN))})"
)
"""Whether any of the others is there: most clauses have none, and one pattern tells that faster than twelve."""


def marks(folded: str, start: int, end: int) -> dict[Mark, str]:
    """The marks of a clause, each with the first words that carry it."""
    clause = folded[start:end]
    tried = _PATTERNS if _SELDOM.search(clause) else _FREQUENT
    return {mark: match.group() for mark, pattern in tried.items() if (match := pattern.search(clause))}
