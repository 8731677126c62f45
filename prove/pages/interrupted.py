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
)
