"""Wordings and markers by which a page that is not the page gives itself away.

Wordings are matched on folded text (`core.text.fold`: lower case, no accents, plain quotes). Those of
`ANYWHERE` are said by no page of a préfecture; `NAKED` ones only count on a page without a main region.
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
    r"|datadome|bunny-shield|stormwall|bot-protection|botdetect|__ddg|slowAES|toNumbers\(|/redirect_",
    re.IGNORECASE,
)

STUB = re.compile(
    r"location\s*(?:\.href\s*)?=[^=]|location\.(?:replace|assign|reload)\s*\(|http-equiv\s*=\s*[\"']?refresh"
    r"|document\.cookie\s*=|\.submit\s*\(",
    re.IGNORECASE,
)

CHALLENGES: tuple[Sign, ...] = (
    _sign(
        Outcome.BLOCKED,
        "challenge",
        r"just a moment\b",
        r"attention required!",
        r"checking (?:your|if the site connection|the) (?:browser|is secure|connection)",
        r"verif\w+ (?:that )?(?:you are|you're|que vous etes|que tu es) (?:a |not |bien |un )*(?:humain?|robot|bot)\b",
        r"(?:are you|vous n'etes pas|i'm not|je ne suis pas|not|prove you are(?: not)?) an? (?:robot|human|bot)\b",
        r"(?:n'etes|suis|etes) pas un robot",
        r"pardon our interruption",
        r"making sure you're not a bot",
        r"security (?:checkpoint|verification|check)\b",
        r"verification de (?:securite|votre navigateur)",
        r"verifying (?:your browser|you are human)",
        r"complete the (?:security check|captcha|action)",
        r"(?:resoudre|resolvez|completer|saisir) (?:le|un) captcha",
        r"ddos protection|protection (?:anti[- ]?)?ddos|ddos-guard",
        r"unusual traffic|trafic (?:inhabituel|suspect)|activite (?:inhabituelle|suspecte)",
        r"needs? to review the security of your connection",
    ),
    _sign(
        Outcome.BLOCKED,
        "refused by a filter",
        r"you have been blocked|vous avez ete bloque|has been blocked|web page blocked|access blocked",
        r"the requested url was rejected|request rejected|requete (?:a ete )?(?:rejetee|bloquee)",
        r"votre (?:requete|demande|acces) (?:a ete |est )?(?:rejetee?|bloquee?|suspecte)",
        r"request unsuccessful|incapsula incident|support id is|reference #\d",
        r"access (?:to this (?:page|resource|site) )?(?:has been |is )?(?:denied|forbidden|limited)",
        r"access denied|acces (?:a cette page )?(?:refuse|interdit|bloque)",
        r"your access to this (?:site|service) has been limited",
        r"(?:web application|application) firewall|website firewall|pare-feu applicatif",
        r"mod_security|not acceptable!",
        r"\b40[13] (?:forbidden|unauthorized)|^forbidden\b|error 10\d\d\b",
        r"too many requests|trop de requetes|rate limit",
        r"adresse ip (?:a ete )?(?:bloquee|bannie)|your ip (?:address )?(?:has been|is) ",
    ),
    _sign(
        Outcome.BLOCKED,
        "waiting room",
        r"(?:file|salle) d'attente virtuelle|waiting room|virtual queue|queue-it",
        r"vous (?:etes|avez ete place)\w* (?:actuellement |maintenant )?(?:dans|en) (?:la |une )?file d'attente",
        r"you are (?:now |currently )?in (?:line|the queue|a queue)|your (?:turn|place in line)",
        r"(?:votre )?temps d'attente estime|estimated wait|position dans la file|ce sera (?:bientot )?votre tour",
    ),
)

# What a 503 must say to be a maintenance rather than a limiter.
AT_WORK = re.compile(r"mainten|en travaux|mise a jour|de retour|revenez|back (?:soon|shortly|online)|refonte")

# A page without main region that says so has nothing else to say.
NAKED: tuple[Sign, ...] = (
    _sign(
        Outcome.BLOCKED,
        "needs a script",
        r"(?:enable|activer|activez|autoriser|turn on) (?:le |votre )?(?:java ?script|cookies)",
        r"java ?script (?:is|est|doit|must|and cookies|n'est pas|disabled|desactive|required)",
        r"(?:requires|necessite|requiert) (?:java ?script|l'activation)",
        r"please wait|veuillez patienter|redirecting|redirection en cours|you are being redirected",
    ),
    _sign(
        Outcome.BLOCKED,
        "cookie wall",
        r"(?:accept\w*|refus\w*|consent\w*|gerer|gestion) .{0,60}(?:cookies|traceurs)",
        r"(?:cookies|traceurs) .{0,80}(?:accepter|refuser|consentement|accept)",
    ),
)

LOGIN = re.compile(r"connexion|identifi|authentifi|mot de passe|log ?in\b|sign in|password")

CLOSED: tuple[Sign, ...] = (
    _sign(
        Outcome.MAINTENANCE,
        "maintenance",
        r"\b(?:site|portail|serveur|page)(?: internet| web)?(?: de l'etat)? (?:est |sera |sont )?"
        r"(?:actuellement |temporairement |momentanement |provisoirement |en cours de )*"
        r"(?:en (?:cours de )?(?:maintenance|travaux|construction|mise a jour|refonte)|maintenance|indisponible"
        r"|inaccessible|ferme|suspendu|hors ligne)",
        r"(?:operation|intervention|travaux|page|mode) (?:de |en )?maintenance (?:est |sont )?en cours",
        r"maintenance (?:est )?en cours|en cours de maintenance|mode maintenance|^(?:site )?(?:en )?maintenance\b",
        r"service (?:est )?(?:temporairement|momentanement|actuellement) (?:indisponible|interrompu|inaccessible)",
        r"(?:ferme|indisponible|interrompu)\w* pour (?:cause de )?(?:maintenance|mise a jour|travaux)",
        r"(?:under|down for|scheduled|undergoing|site|planned) (?:\w+ )?maintenance",
        r"(?:be|be right) back (?:soon|shortly|later|online)|temporarily (?:unavailable|down|offline|closed)",
        r"service unavailable|site (?:is )?(?:offline|closed)|coming soon|under construction",
        r"de retour (?:dans|tres) (?:quelques|bientot|peu)|revenez plus tard",
    ),
)

ERRORS: tuple[Sign, ...] = (
    _sign(
        Outcome.SOFT_404,
        "error page",
        r"page (?:\w+ )?(?:demandee )?(?:est )?(?:introuvable|non trouvee|inexistante|inconnue)",
        r"(?:page|document|contenu|ressource|rubrique|adresse|article)\b.{0,60}n'(?:existe|est) (?:pas|plus)\b"
        r"(?: disponible| accessible| en ligne)?",
        r"(?:contenu|document|article|ressource|rubrique) (?:\w+ )?(?:est )?(?:introuvable|non disponible|indisponible|supprime)",
        r"n'(?:a|avons) (?:pas|pu)(?: pu)? (?:etre )?trouve",
        r"(?:page|file|document|object|module|resource|url)\b.{0,40}(?:not (?:be )?found|unavailable|does not exist)",
        r"no longer (?:available|exists)|doesn't exist|cannot be found|could not be found",
        r"\b(?:erreur|error|http|status)(?: http| code)?[ :]*[45]\d\d\b|^[45]0\d\b|\b404 ",
        r"not found\b|^oops\b|^oups\b|^desole\b",
        r"erreur (?:technique|interne|inattendue|systeme|serveur|fatale|de base de donnees)",
        r"une erreur (?:\w+ )?(?:s'est produite|est survenue|a ete)|an? (?:\w+ )?error (?:has )?occurred",
        r"internal server error|bad gateway|gateway time-?out|application error|fatal error|runtime error",
        r"database (?:connection |error|is )|uncaught (?:exception|error)|stack trace|traceback",
        r"kernel error|probleme technique|incident technique sur (?:le|ce) site",
    ),
    _sign(
        Outcome.SOFT_404,
        "default page of a server",
        r"welcome to (?:nginx|openresty|caddy|tengine|centos)|apache2? .{0,30}default page|^it works!?",
        r"iis windows|internet information services|test page for|^index of /|default (?:web site|parking) page",
        r"domain (?:is )?(?:parked|for sale|name registered)",
        r"domaine (?:est |a bien ete )?(?:enregistre|cree|a vendre|reserve)",
        r"plesk|cpanel|no such (?:app|site)|site not (?:configured|published)|hello,? world",
    ),
)

# Headings which are that of an error page, whatever stands below them.
HEADINGS: tuple[Sign, ...] = (
    _sign(
        Outcome.SOFT_404,
        "error heading",
        r"(?:\W|oups|oops|desole|erreur|error|http|code)*[45]\d\d(?:\W.*)?\Z",
        r"(?:\W|oups|oops|desole|erreur|error|la|cette)*page (?:\w+ ){0,2}(?:introuvable|inexistante|inconnue)\b",
        r"(?:\W|la|cette)*page (?:\w+ ){0,3}(?:non trouvee|not found|n'existe (?:pas|plus))\b",
        r"erreur(?: technique| interne| systeme| inattendue)?\Z|contenu (?:introuvable|non trouve|indisponible)\Z",
        r"page not found\b|not found\Z|une erreur (?:\w+ )?(?:s'est produite|est survenue)",
    ),
    _sign(
        Outcome.BLOCKED,
        "refusal heading",
        r"acces (?:refuse|interdit|non autorise)\Z|access denied\b|forbidden\Z|just a moment|attention required",
    ),
    _sign(
        Outcome.BLOCKED,
        "login heading",
        r"(?:connexion|identification|authentification|se connecter|connectez-vous|login|log in|sign in)\Z",
    ),
    _sign(
        Outcome.MAINTENANCE,
        "maintenance heading",
        r"(?:(?:le |notre |ce )?(?:site|service|portail)(?: internet| web)? )?(?:est )?(?:actuellement )?"
        r"(?:en (?:cours de )?)?maintenance(?: en cours| du site)?\W*\Z",
        r"(?:le |notre |ce )?site(?: internet| web)? (?:est )?(?:actuellement |temporairement |momentanement )*"
        r"(?:indisponible|inaccessible|ferme|en travaux|en construction)\W*\Z",
    ),
)
