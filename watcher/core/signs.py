"""Wordings and markers by which a page that is not the page gives itself away.

Wordings are matched on folded text (`core.text.fold`: lower case, no accents, plain quotes). `STRICT`
ones are said by no announcement; `NAKED` ones could be, and count only on a page without main region.
"""

from __future__ import annotations

import re

from watcher.core.page import Outcome

Sign = tuple[Outcome, str, re.Pattern[str]]


def _sign(outcome: Outcome, reason: str, *wordings: str) -> Sign:
    return outcome, reason, re.compile("|".join(wordings))


# Markup of challenge pages that is never left behind on the page that they guard.
CHALLENGE_MARKUP = ("_cf_chl_opt", "cf-browser-verification", "awsWafCookieDomainList", "gokuProps")

# Markup that guards also add to good pages: counts only where there is nothing to read.
GUARD_MARKUP = re.compile(
    r"_Incapsula_Resource|captcha-delivery\.com|perimeterx|px-captcha|_pxAppId|KPSDK|kasada|perfdrive"
    r"|challenge-platform|challenges\.cloudflare\.com|hcaptcha\.com|recaptcha|altcha|captchetat"
    r"|friendlycaptcha|geetest|anubis|ddos-guard|sucuri|aws-waf|awswaf|reblaze|rbzid|queue-it\.net"
    r"|datadome|bunny-shield|stormwall|bot-protection|botdetect|__ddg|slowAES|toNumbers\(|/redirect_"
    r"|cp_challenge|sec-if-cpt|__CF\$cv|cap-widget|mtcaptcha|arkoselabs|funcaptcha",
    re.IGNORECASE,
)

STUB = re.compile(
    r"location\s*(?:\.href\s*)?=[^=]|location\.(?:replace|assign|reload)\s*\(|http-equiv\s*=\s*[\"']?refresh"
    r"|document\.cookie\s*=|\.submit\s*\(",
    re.IGNORECASE,
)

LOGIN = re.compile(
    r"connexion|identifi|authentifi|mot de passe|log ?in\b|sign in|password|acces reserve|habilite"
)

# What a 503 must say to be a maintenance rather than a limiter.
AT_WORK = re.compile(r"mainten|en travaux|mise a jour|de retour|revenez|back (?:soon|shortly|online)|refonte")

STRICT: tuple[Sign, ...] = (
    _sign(
        Outcome.BLOCKED,
        "page de défi anti-robot",
        r"just a moment\b|attention required!|pardon our interruption",
        r"checking (?:your|if the site connection|the) (?:browser|is secure|connection)",
        r"(?:verif|prouve|confirm)\w* (?:that )?(?:you are|you're|que vous etes) (?:a |not |bien |un )*"
        r"(?:humain?|robot|bot)\b",
        r"(?:are you|i'm not|prove you are(?: not)?) an? (?:robot|human|bot)\b|(?:n'etes|suis) pas un robot",
        r"making sure you're not a bot|unusual traffic|ddos-guard",
        r"verifying (?:your browser|you are human)|complete the (?:security check|captcha|action)",
        r"needs? to review the security of your connection",
        r"salle d'attente virtuelle|position dans la file|temps d'attente estime",
        r"in the waiting room|estimated wait time|virtual waiting room",
        r"vous etes (?:bien |actuellement )*dans la file|(?:personnes?|usagers?|visiteurs?|internautes?) devant vous",
        r"verifi\w+ (?:de )?la securite de (?:votre|la) connexion",
        r"navigateur est en cours (?:d'analyse|de verification)",
        r"(?:verification|controle|protection) anti-?(?:robots?|bots?)\b|(?:gardez|ne fermez pas) (?:cet|votre) onglet",
        r"ne (?:rafraichissez|rechargez|actualisez) pas (?:cette|la) page",
    ),
    _sign(
        Outcome.BLOCKED,
        "refus d'un filtre",
        r"you have been blocked|web page blocked|the requested url was rejected|request rejected",
        r"votre (?:requete|adresse ip) a ete (?:rejetee|bloquee|bannie)|request unsuccessful|incapsula incident",
        r"access denied|your access to this (?:site|service) has been limited|website firewall|mod_security",
        r"\b403 forbidden|\b401 unauthorized|too many requests|\b403 error|request (?:is|was|has been) blocked",
        r"request could not be satisfied|contact support for additional information",
        r"activite (?:inhabituelle|suspecte) (?:provenant|depuis|sur|venant) "
        r"(?:de )?votre (?:reseau|adresse|connexion)",
        r"vous avez (?:\w+ ){1,2}trop de (?:requetes|consultations|pages)\b|you are being rate limited|banned you",
        r"(?<!si )votre session (?:a expire|est expiree) ?[.!]",
    ),
    _sign(
        Outcome.MAINTENANCE,
        "annonce de maintenance",
        r"\b(?:le|notre|ce) (?:site|portail)(?: internet| web)?(?: des services de l'etat)? (?:est |sera )"
        r"(?:actuellement |temporairement |momentanement |provisoirement )*"
        r"(?:en (?:cours de )?(?:maintenance|construction|mise a jour|refonte)|indisponible|inaccessible"
        r"|ferme pour (?:maintenance|mise a jour))",
        r"(?:under|down for|undergoing) (?:\w+ )?maintenance",
        r"temporarily (?:unavailable|down|offline)|service unavailable",
        r"\b(?:le|notre|ce|votre) (?:site|portail)(?: internet| web)? sera "
        r"(?:de retour|retabli|(?:de|a) nouveau (?:accessible|en ligne))",
        r"\b(?:site|portail)(?: internet| web)?(?: de la prefecture)? connait (?:actuellement )?(?:une|des) "
        r"(?:interruption|perturbation|difficulte|panne)",
        r"\b(?:les|nos|ces) (?:sites|portails)(?: internet| web)?(?: de l'etat)? (?:sont|seront) "
        r"(?:actuellement |temporairement |momentanement )*(?:indisponibles|inaccessibles|en maintenance)",
        r"\b(?:le|notre|ce) (?:site|portail)(?: internet| web)? est (?:actuellement )?en cours de migration",
    ),
    _sign(
        Outcome.SOFT_404,
        "page d'erreur",
        r"page (?:\w+ )?(?:demandee )?(?:est )?(?:introuvable|non trouvee|inexistante)",
        r"page (?:que vous (?:re)?cherchez|demandee) n'existe (?:pas|plus)|cette page n'existe (?:pas|plus)",
        r"(?:cette|la) page n'est (?:pas|plus) (?:disponible|accessible|en ligne)",
        r"(?:contenu|article|document) (?:demande )?(?:est introuvable|n'est plus (?:disponible|en ligne|publie))",
        r"(?:page|file|object|module|resource|url)\b.{0,40}(?:not (?:be )?found|is unavailable|does not exist)",
        r"(?:page|url)\b.{0,20}could not be (?:displayed|retrieved|loaded)|unable to display the (?:requested )?page",
        r"\bproxy error\b",
        r"internal server error|bad gateway|gateway time-?out|fatal error|kernel error|stack trace",
        r"lien que vous avez suivi (?:est|n'est|semble)|ne correspond a votre recherche|lorem ipsum|sqlstate\[",
        r"(?:parvenons|parvient) pas a (?:afficher|charger)",
        r"(?:flux|page|contenu|liste) n'a pas pu etre (?:charge|affiche)e?\b",
        r"no (?:server is available|healthy upstream)|upstream connect error|encountered an unexpected error",
        r"(?:url|adresse) (?:demandee )?ne (?:mene|correspond|repond) (?:nulle part|a (?:rien|aucune))",
        r"(?:erreur|error) critique|(?:failed to|could not) (?:fetch|open) ",
        r"\b(?:chargement|affichage)\b.{0,60}\ba echoue\b|allowed memory size",
    ),
    _sign(
        Outcome.EMPTY,
        "page que son script n'a pas remplie",
        r"\A(?:[^.]{0,80} )?chargement(?: en cours)?\W{0,9}\Z|\{\{[^{}]{1,80}\}\}",
    ),
)

NAKED: tuple[Sign, ...] = (
    _sign(
        Outcome.BLOCKED,
        "page de défi anti-robot",
        r"security (?:checkpoint|verification|check)\b|verification de (?:securite|votre navigateur)",
        r"(?:resoudre|resolvez|completer|saisir) (?:le|un) captcha|code de securite",
        r"ddos protection|protection (?:anti[- ]?)?ddos|trafic (?:inhabituel|suspect)",
        r"activite (?:inhabituelle|suspecte)|semble etre un robot|portail captif",
        r"(?:s'identifier|se connecter) avec (?:franceconnect|proconnect|agentconnect)",
        r"(?:connect\w*|acces|accede\w*)(?:[ -]vous)? (?:a|au|a notre) (?:internet|reseau|wi-?fi)\b|numero de chambre",
        r"(?:environnement|site) de (?:recette|test|preproduction|pre-production)|s'identifier pour naviguer",
    ),
    _sign(
        Outcome.BLOCKED,
        "refus d'un filtre",
        r"vous avez ete bloque|has been blocked|access blocked|requete (?:a ete )?(?:rejetee|bloquee)",
        r"votre (?:requete|demande|acces) (?:a ete |est )?(?:rejetee?|bloquee?|suspecte)",
        r"support id is|reference #\d|acces (?:a cette page )?(?:refuse|interdit|bloque|suspendu)",
        r"access (?:to this (?:page|resource|site) )?(?:has been |is )?(?:denied|forbidden|limited)",
        r"application firewall|pare-feu applicatif|not acceptable!|^forbidden\b|error 10\d\d\b",
        r"(?:autorise|disponible|accessible) (?:dans|depuis) votre (?:pays|region)",
        r"bloque\w* par (?:la|une|votre) politique|(?:politique|charte) d'(?:acces|utilisation)|usage policy",
        r"page (?:web )?(?:bloquee|malveillante|dangereuse)|hameconnage|phishing|filtrage (?:web|internet|d'url)",
        r"permission to (?:visit|access|view)|(?:proxy|mandataire) .{0,40}(?:identifi|authentifi)",
        r"acces .{0,60}n'est pas autorise|acces (?:temporairement )?(?:restreint|limite|impossible)",
        r"trop de (?:requetes|consultations|tentatives|connexions)\b|rate limit",
        r"adresse ip (?:a ete )?(?:bloquee|bannie)|your ip (?:address )?(?:has been|is) ",
    ),
    _sign(
        Outcome.BLOCKED,
        "file d'attente",
        r"(?:file|salle) d'attente|waiting room|virtual queue|queue-it|position dans la file",
        r"you are (?:now |currently )?in (?:line|the queue|a queue)|your (?:turn|place in line)",
        r"votre tour (?:arrive|approche)|numero d'ordre|dirige vers le site des que",
        r"temps d'attente estime|estimated wait|ce sera (?:bientot )?votre tour",
    ),
    _sign(
        Outcome.MAINTENANCE,
        "annonce de maintenance",
        r"\b(?:site|portail|serveur|page)(?: internet| web)? (?:est |sera |sont )?"
        r"(?:actuellement |temporairement |momentanement |provisoirement |en cours de )*"
        r"(?:en (?:cours de )?(?:maintenance|travaux|construction|mise a jour|refonte)|maintenance|indisponible"
        r"|inaccessible|ferme|suspendu|hors ligne|refonte)",
        r"maintenance (?:est )?en cours|en cours de maintenance|mode maintenance|^(?:site )?(?:en )?maintenance\b",
        r"service (?:est )?(?:temporairement|momentanement|actuellement) (?:indisponible|interrompu|inaccessible)",
        r"(?:ferme|indisponible|interrompu)\w* pour (?:cause de )?(?:maintenance|mise a jour|travaux)",
        r"(?:scheduled|site|planned) (?:\w+ )?maintenance|(?:be|be right) back (?:soon|shortly|later|online)",
        r"site (?:is )?(?:offline|closed)|coming soon|under construction|temporarily closed",
        r"de retour (?:dans|tres) (?:quelques|bientot|peu)|revenez plus tard",
        r"(?:panne|migration|intervention) en cours",
        r"(?:procedons|procedent) a une (?:mise a jour|maintenance|migration)",
        r"currently (?:being upgraded|down|offline)|en (?:cours d')?entretien\b|wartung|mantenimiento|manutenzione",
    ),
    _sign(
        Outcome.SOFT_404,
        "page d'erreur",
        r"(?:page|document|contenu|ressource|rubrique|adresse|article)\b.{0,60}n'existe (?:pas|plus)\b",
        r"(?:contenu|document|article|ressource|rubrique) (?:\w+ )?(?:est )?"
        r"(?:introuvable|non disponible|indisponible|supprime)",
        r"n'(?:a|avons) (?:pas|pu)(?: pu)? (?:etre )?trouve|no longer (?:available|exists)|doesn't exist",
        r"(?:cannot|could not) be found|not found\b|^oops\b|^oups\b|^desole\b",
        r"\b(?:erreur|error|http|status)(?: http| code)?[ :]*[45]\d\d\b|\b404 (?:not|error|page)",
        r"erreur (?:technique|interne|inattendue|systeme|serveur|fatale|de base de donnees)|probleme technique",
        r"une erreur (?:\w+ )?(?:s'est produite|est survenue|a ete)|an? (?:\w+ )?error (?:has )?occurred",
        r"unexpected error|unknown domain|\bnot_found\b|nosuch\w+|does not exist\b|dns error",
        r"application error|runtime error|database (?:connection |error|is )|uncaught (?:exception|error)|traceback",
        r"undefined (?:index|variable|offset|array)|(?:compte|account) (?:a ete|has been) suspend",
    ),
    _sign(
        Outcome.SOFT_404,
        "page par défaut d'un serveur",
        r"si vous voyez cette page.{0,40}serveur",
        r"welcome to (?:nginx|openresty|caddy|tengine|centos)|apache2? .{0,30}default page|^it works!?",
        r"iis windows|internet information services|test page for|^index of /|default (?:web site|parking) page",
        r"domain (?:is )?(?:parked|for sale|name registered)",
        r"domaine (?:est |a bien ete )?(?:enregistre|cree|a vendre|reserve)",
        r"plesk|cpanel|no such (?:app|site)|site not (?:configured|published)|hello,? world",
    ),
    _sign(
        Outcome.BLOCKED,
        "page qui exige un script",
        r"(?:enable|activer|activez|autoriser|turn on) (?:le |votre )?(?:java ?script|js\b|cookies)",
        r"java ?script (?:is|est|doit|must|and cookies|n'est pas|disabled|desactive|required)",
        r"(?:requires|necessite|requiert) (?:java ?script|l'activation)",
        r"please wait|(?:veuillez|merci de) patienter|redirecting|redirection en cours|you are being redirected",
    ),
    _sign(
        Outcome.BLOCKED,
        "mur de cookies",
        r"(?:accept\w*|refus\w*|consent\w*|gerer|gestion) .{0,60}(?:cookies|traceurs)",
        r"(?:cookies|traceurs) .{0,80}(?:accepter|refuser|consentement|accept)",
        r"nos partenaires (?:stock|utilis|depos|trait)",
    ),
)

# Headings which are that of an error page, whatever stands below them.
HEADINGS: tuple[Sign, ...] = (
    _sign(
        Outcome.SOFT_404,
        "titre d'une page d'erreur",
        r"(?:\W|oups|oops|desole)*(?:(?:erreur|error|http|code)\W*)+[45]\d\d(?:\W.*)?\Z",
        r"\W*(?:40\d|410|50[0-4])"
        r"(?:\W+(?:not found|page|erreur|error|internal|bad|service|gateway|introuvable)\b.*)?\Z",
        r"(?:\W|oups|oops|desole|erreur|error|la|cette)*page (?:\w+ ){0,2}(?:introuvable|inexistante|inconnue)\b",
        r"(?:(?:la|cette) )?page (?:\w+ ){0,2}(?:inaccessible|indisponible|supprimee)\W*\Z",
        r"(?:(?:nous )?(?:en )?sommes |toutes nos )?(?:desolee?s?|excuses?)\W*\Z",
        r"(?:\W|la|cette)*page (?:\w+ ){0,3}(?:non trouvee|not found|n'existe (?:pas|plus))\b",
        r"erreur(?: technique| interne| systeme| inattendue)?\Z|contenu (?:introuvable|non trouve|indisponible)\Z",
        r"(?:ce|cet|cette|le|la) (?:contenu|article|document|fiche|rubrique)(?: demandee?)?"
        r" n'(?:existe|est) (?:pas|plus)(?: (?:disponible|en ligne|accessible|publiee?))?\W*\Z",
        r"resultats? de (?:la|votre) recherche\W*\Z",
        r"not found\Z|une? (?:erreur|probleme|incident) (?:\w+ )?(?:s'est produite?|est survenue?)\W*\Z",
        r"(?:oups|oops)\W*\Z",
        r"(?:(?:cette|la) page a (?:change d'adresse|ete (?:deplacee|supprimee))|contenu deplace"
        r"|previsualisation)\W*\Z",
    ),
    _sign(
        Outcome.BLOCKED,
        "titre d'un refus",
        r"acces (?:refuse|interdit|non autorise)\Z|access denied\b|(?:403 )?forbidden\Z|just a moment",
        r"attention required|acces (?:temporairement )?(?:restreint|limite|bloque|impossible|suspendu)\W*\Z",
        r"verification(?: de securite)?\W*\Z|controle de securite\W*\Z|file d'attente\W*\Z",
    ),
    _sign(
        Outcome.BLOCKED,
        "titre d'une page de connexion",
        r"(?:connexion|identification|authentification|se connecter|connectez-vous|login|log in|sign in)\Z",
    ),
    _sign(
        Outcome.MAINTENANCE,
        "titre d'une page de maintenance",
        r"(?:(?:le |notre |ce )?(?:site|service|portail)(?: internet| web)? )?(?:est )?(?:actuellement )?"
        r"(?:en (?:cours de )?)?maintenance(?: en cours| du site| planifiee| programmee| technique)?\W*\Z",
        r"(?:le |notre |ce )?site(?: internet| web)? (?:est )?(?:actuellement |temporairement |momentanement )*"
        r"(?:indisponible|inaccessible|ferme|en travaux|en construction)\W*\Z",
        r"(?:(?:intervention|interruption|operation) technique|operation de maintenance)"
        r"(?: en cours| programmee)?\W*\Z",
        r"service (?:temporairement |momentanement |actuellement )*(?:indisponible|interrompu)\W*\Z",
        r"(?:(?:le |notre |ce )?(?:site|portail)(?: internet| web)? (?:est )?en cours de migration)\W*\Z",
        r"(?:migration|bascule|panne|mise a jour) en cours\W*\Z",
        r"(?:scheduled|planned) (?:outage|downtime|maintenance)\W*\Z",
        r"(?:(?:le|notre|votre|nous) )?(?:site )?(?:internet |web )?fai(?:t|sons) peau neuve\W*\Z",
        r"fermeture (?:exceptionnelle |temporaire )?du site (?:internet|web)\b",
        r"(?:le |notre |ce )?(?:site|portail)(?: internet| web)? (?:ferme|indisponible|inaccessible|suspendu)"
        r"(?: temporairement| (?:a la suite|suite|en raison) .{0,80})?\W*\Z",
    ),
)
