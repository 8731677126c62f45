# ruff: noqa: E501 - markup keeps its lines
"""Errors and closures in words of their own, most of them in the site's own frame. As `prove.pages.refused` has them."""

from __future__ import annotations

from watcher.core.page import Outcome

SOFT, CLOSED, NOTHING, WALL = Outcome.SOFT_404, Outcome.MAINTENANCE, Outcome.EMPTY, Outcome.BLOCKED

INTERRUPTED: tuple[tuple[Outcome, str, str], ...] = (
    (
        WALL,
        "%Vérification",
        "<h1>Vérification</h1><p>Cochez la case ci-dessous pour prouver que vous êtes humain.</p><div class='cap-widget'></div>",
    ),
    (
        WALL,
        "%File d'attente",
        "<h1>Forte affluence</h1><p>Vous êtes bien dans la file. Environ 230 usagers devant vous.</p>",
    ),
    (NOTHING, "%Actualités", "<div id='root'></div><script src='/bundle.js'></script>"),
    (NOTHING, "%Actualités", "<h1>{{ page.title }}</h1><div v-for='item in items'>{{ item.title }}</div>"),
    (NOTHING, "%Actualités", "<h1>Actualités</h1><p>Chargement en cours…</p>"),
    (SOFT, "%Actualités", "<h1>Actualités</h1><p>Aucun résultat ne correspond à votre recherche.</p>"),
    (
        SOFT,
        "%Erreur serveur",
        "<h1>Un problème est survenu</h1><p>Nous ne parvenons pas à afficher cette page pour le moment.</p>",
    ),
    (
        SOFT,
        "%Oups",
        "<h1>Il semblerait que vous soyez perdu</h1><p>Le lien que vous avez suivi est peut-être rompu ou la page a été supprimée.</p>",
    ),
    (
        SOFT,
        "%Contenu déplacé",
        "<h1>Cette page a changé d'adresse</h1><p>Rendez-vous sur la page d'accueil pour retrouver ce contenu.</p>",
    ),
    (
        SOFT,
        "%Actualités",
        "<h1>Actualités</h1><div class='alert alert-danger'>SQLSTATE[HY000] [2002] Connection refused</div>",
    ),
    (
        SOFT,
        "%Actualités",
        "<h1>Actualités</h1><p class='error'>Le flux n'a pas pu être chargé. Réessayez.</p>",
    ),
    (
        SOFT,
        "Notice: Undefined index",
        "<br><b>Notice</b>: Undefined index: node in <b>/var/www/html/design/x.php</b> on line <b>12</b><br>",
    ),
    (SOFT, "Whoops, looks like something went wrong.", "<h1>Whoops, looks like something went wrong.</h1>"),
    (SOFT, "503", "<h1>503 Service Unavailable</h1><p>No server is available to handle this request.</p>"),
    (
        SOFT,
        "upstream",
        "upstream connect error or disconnect/reset before headers. reset reason: connection failure",
    ),
    (
        SOFT,
        "HTTP Error 503. The service is unavailable.",
        "<h2>Service Unavailable</h2><hr><p>HTTP Error 503. The service is unavailable.</p>",
    ),
    (CLOSED, "%Travaux", "<h1>Nous faisons peau neuve !</h1><p>Votre site sera de retour lundi matin.</p>"),
    (
        CLOSED,
        "%Intervention technique",
        "<h1>Intervention technique</h1><p>Une intervention est en cours sur nos serveurs. Le site sera rétabli à 18h.</p>",
    ),
    (
        CLOSED,
        "%Information",
        "<h1>Interruption de service</h1><p>Le site Internet de la préfecture connaît actuellement une interruption. Nous vous remercions de votre patience.</p>",
    ),
    (
        CLOSED,
        "Fermeture",
        "<main><h1>Site fermé temporairement</h1><p>Nous procédons à une mise à jour.</p></main>",
    ),
    (
        CLOSED,
        "Panne",
        "<main><h1>Panne en cours</h1><p>Nos services sont victimes d'une panne. Le numéro 3400 reste joignable.</p></main>",
    ),
    (
        CLOSED,
        "Cyberattaque",
        "<main><h1>Site indisponible à la suite d'une cyberattaque</h1><p>L'accès est suspendu par mesure de précaution.</p></main>",
    ),
    (CLOSED, "Migration", "<h1>Migration en cours</h1><p>Nous migrons vers un nouvel hébergement.</p>"),
    (
        CLOSED,
        "%Fermeture exceptionnelle du site",
        "<h1>Fermeture exceptionnelle du site internet</h1><p>Le site ferme ce week-end pour une opération technique.</p>",
    ),
    (
        CLOSED,
        "Planned outage",
        "<main><h1>Scheduled outage</h1><p>Our site is currently being upgraded, back online at 06:00.</p></main>",
    ),
    (
        SOFT,
        "%Document",
        "<h1>Prévisualisation</h1><p>Vous consultez une version brouillon de ce contenu.</p>",
    ),
    (
        SOFT,
        "%Page inaccessible",
        "<h1>Page inaccessible</h1><p class='fr-text--sm'>Erreur 410</p><p>Ce contenu a été retiré.</p><p><a href='/Demarches'>Démarches</a></p><p><a href='/Plan'>Plan</a></p><p><a href='/Publications/Recueil'>Recueil</a></p>",
    ),
    (
        SOFT,
        "%Actualités",
        "<h1>Nous sommes désolés</h1><p>L'adresse demandée ne mène nulle part.</p><p><a href='/Demarches'>Démarches</a></p><p><a href='/Publications/Recueil'>Recueil</a></p>",
    ),
    (
        SOFT,
        "%Actualités",
        "<h1>Actualités</h1><div class='fr-alert fr-alert--error'><p>L'affichage de la liste a échoué.</p></div>",
    ),
    (SOFT, "Fastly error", "<p>Fastly error: unknown domain: www.cantal.gouv.fr.</p>"),
    (SOFT, "", "<p>404: NOT_FOUND</p><p>Code: DEPLOYMENT_NOT_FOUND</p>"),
    (SOFT, "WordPress › Erreur", "<p>Il y a eu une erreur critique sur ce site.</p>"),
    (
        CLOSED,
        "%Actualités",
        "<h1>Actualités</h1><p>Notre site est en cours de migration. Certaines rubriques sont incomplètes.</p>",
    ),
    (
        CLOSED,
        "%Information",
        "<h1>Information</h1><p>Les sites internet de l'État seront inaccessibles samedi de 8 h à 20 h.</p>",
    ),
    (CLOSED, "Wartung", "<main><h1>Wartungsarbeiten</h1><p>Bitte versuchen Sie es später.</p></main>"),
    (
        WALL,
        "%Session",
        "<h1>Espace</h1><p>Votre session a expiré. <a href='/user/login'>Recommencer</a></p>",
    ),
    (
        WALL,
        "%Limite",
        "<h1>Limite atteinte</h1><p>Vous avez effectué trop de consultations en peu de temps.</p>",
    ),
    (
        WALL,
        "Bienvenue",
        "<h1>Hôtel de la Gare</h1><p>Pour vous connecter à Internet, donnez votre numéro de chambre.</p>",
    ),
    (
        WALL,
        "Filtrage web",
        "<h1>Page bloquée</h1><p>Cette page est contraire à la charte d'utilisation d'Internet de votre organisme.</p>",
    ),
    (WALL, "Antivirus", "<main><h1>Page web malveillante</h1><p>Hameçonnage : accès empêché.</p></main>"),
    (
        WALL,
        "Affluence",
        "<main><h1>Vous êtes nombreux</h1><p>Votre tour approche. Gardez cet onglet ouvert.</p></main>",
    ),
    (
        WALL,
        "ProConnect",
        "<main><h1>Se connecter avec ProConnect</h1><input type=email><button>Continuer</button></main>",
    ),
)
