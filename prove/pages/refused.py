# ruff: noqa: E501 - markup keeps its lines
"""Pages that answer 200 and are not the page: errors, closures, soft 404s. (expected outcomes, title, body)

`%` in front of a title: the body stands in the site's own frame, under its own title.
"""

from __future__ import annotations

from prove.pages.interrupted import INTERRUPTED
from watcher.core.page import Outcome

SOFT, CLOSED, NOTHING, WALL = Outcome.SOFT_404, Outcome.MAINTENANCE, Outcome.EMPTY, Outcome.BLOCKED
_ADVICE = (
    "<p>Vous pouvez revenir à la <a href='/'>page d'accueil</a>, utiliser le <a href='/contenu/recherche'>moteur de recherche</a> "
    "ou consulter le <a href='/Plan-du-site'>plan du site</a>. Si vous avez suivi un lien depuis un autre site, merci de le "
    "signaler à son responsable. Nous vous prions de bien vouloir nous excuser pour la gêne occasionnée.</p>"
)
_LONG = (
    "<p>"
    + "Nos équipes mettent tout en œuvre pour rétablir le service dans les meilleurs délais. " * 12
    + "</p>"
)

ERRORS: tuple[tuple[Outcome, str, str], ...] = (
    (
        SOFT,
        "www.cantal.gouv.fr | 525: SSL handshake failed",
        "<h1>SSL handshake failed <span>Error code 525</span></h1><p>Cloudflare is unable to establish an SSL connection to the origin server.</p>",
    ),
    (SOFT, "%Page non trouvée", f"<h1>Page non trouvée</h1><p>Erreur 404</p>{_ADVICE}"),
    (
        SOFT,
        "%Page introuvable",
        "<h1>Oups, cette page est introuvable</h1><p>La page que vous cherchez a été déplacée ou supprimée.</p>",
    ),
    (SOFT, "%404", f"<h1>404</h1><p>Cette adresse ne correspond à aucune page de notre site.</p>{_ADVICE}"),
    (
        SOFT,
        "%Erreur 404",
        f"<h1 class='fr-h1'>Page non trouvée</h1><p class='fr-text--sm'>Erreur 404</p><p class='fr-text--lead'>La page que vous cherchez est introuvable. Excusez-nous pour la gêne occasionnée.</p>{_ADVICE}",
    ),
    (
        SOFT,
        "%Erreur inattendue",
        "<h1>Erreur inattendue</h1><p>Erreur 500</p><p>Désolé, le service rencontre un problème, nous travaillons pour le résoudre le plus rapidement possible.</p>",
    ),
    (SOFT, "%Erreur technique", f"<h1>Une erreur technique est survenue</h1>{_LONG}"),
    (
        SOFT,
        "%Contenu supprimé",
        "<h1>Ce contenu n'existe plus</h1><p>Le contenu auquel vous tentez d'accéder a été supprimé ou archivé.</p>",
    ),
    (
        SOFT,
        "%Article archivé",
        "<h1>Contenu non disponible</h1><p>L'article demandé n'est plus en ligne.</p>",
    ),
    (SOFT, "%Erreur", "<h1>Erreur</h1><p>La page demandée n'a pas pu être affichée.</p>"),
    (
        SOFT,
        "%Object not available",
        "<h1>The requested page could not be displayed. (20)</h1><p>The system is unable to display the requested page because of security issues.</p>",
    ),
    (
        SOFT,
        "Kernel (20) / The requested page could not be found",
        "<div class='message-error'><h2>Object is unavailable</h2><p>The object you requested is not currently available.</p></div>",
    ),
    (
        SOFT,
        "Module not found",
        "<div class='message-warning'><h2>Module not found</h2><p>The requested module Actualites could not be found.</p><p>Possible reasons: The module name was misspelled, try changing the URL.</p></div>",
    ),
    (
        SOFT,
        "eZ publish",
        "<b>Fatal error</b>: eZ publish did not finish its request<p>The execution of eZ publish was abruptly ended, the debug output is present below.</p>",
    ),
    (
        SOFT,
        "Error",
        '<h1>An Error Occurred: Internal Server Error</h1><h2>The server returned a "500 Internal Server Error".</h2><p>Something is broken. Please let us know what you were doing when this error occurred.</p>',
    ),
    (
        SOFT,
        "",
        "Warning: mysqli_connect(): (HY000/2002): Connection refused in /var/www/lib/db.php on line 31<br>Database error",
    ),
    (SOFT, "Erreur de connexion", "<h1>Erreur lors de la connexion à la base de données</h1>"),
    (
        SOFT,
        "Runtime Error",
        "<h1>Server Error in '/' Application.</h1><h2><i>Runtime Error</i></h2><p>An application error occurred on the server.</p>",
    ),
    (
        SOFT,
        "HTTP Status 404 – Not Found",
        "<h1>HTTP Status 404 – Not Found</h1><hr><p><b>Type</b> Status Report</p><p><b>Description</b> The origin server did not find a current representation for the target resource.</p><h3>Apache Tomcat/9.0.71</h3>",
    ),
    (SOFT, "404 Not Found", "<center><h1>404 Not Found</h1></center><hr><center>nginx/1.22.1</center>"),
    (
        SOFT,
        "502 Proxy Error",
        "<h1>Proxy Error</h1><p>The proxy server received an invalid response from an upstream server.</p>",
    ),
    (
        SOFT,
        "503 Backend fetch failed",
        "<h1>Error 503 Backend fetch failed</h1><p>Backend fetch failed</p><h3>Guru Meditation:</h3><p>XID: 32770</p><hr><p>Varnish cache server</p>",
    ),
    (
        SOFT,
        "ERROR: The requested URL could not be retrieved",
        "<h1>ERROR</h1><h2>The requested URL could not be retrieved</h2><p>Unable to forward this request at this time.</p><p>Generated by proxy (squid/4.10)</p>",
    ),
    (SOFT, "Not Found", '<h2>404 error: Not Found</h2><p>No route found for "GET /Actualites"</p>'),
    (
        SOFT,
        "Page de test",
        "<h1>Si vous voyez cette page, le serveur web Apache fonctionne.</h1><p>It works!</p>",
    ),
    (
        SOFT,
        "Welcome to nginx!",
        "<h1>Welcome to nginx!</h1><p>If you see this page, the nginx web server is successfully installed.</p>",
    ),
    (
        SOFT,
        "IIS Windows Server",
        "<div id=container><a href='http://go.microsoft.com/fwlink/?linkid=66138'><img src=iisstart.png alt=IIS></a></div>",
    ),
    (
        SOFT,
        "Apache2 Ubuntu Default Page: It works",
        "<p>This is the default welcome page used to test the correct operation of the Apache2 server.</p>",
    ),
    (
        SOFT,
        "Index of /Actualites",
        "<h1>Index of /Actualites</h1><pre><a href='../'>../</a><a href='a/'>a/</a> 08-Sep-2025 07:00 -</pre>",
    ),
    (CLOSED, "Site en construction", "<h1>Félicitations, votre domaine a bien été créé chez OVH !</h1>"),
    (
        SOFT,
        "%Recherche",
        "<h1>Résultats de la recherche</h1><p>Votre recherche n'a donné aucun résultat.</p>",
    ),
    (
        SOFT,
        "Accueil - Les services de l'État dans la Lozère",
        "<main><h1>Bienvenue en Lozère</h1><p>" + "Retrouvez toutes vos démarches. " * 20 + "</p></main>",
    ),
    (
        SOFT,
        "Les services de l'État - Portail national",
        "<main><h1>Trouvez votre préfecture</h1><ul>"
        + "".join(f"<li><a href='https://www.d{n}.gouv.fr'>Département {n}</a></li>" for n in range(20))
        + "</ul></main>",
    ),
    (
        SOFT,
        "DIMS - Portail",
        "<div id=main><h1>Portail</h1><p>Bienvenue sur l'intranet. " + "Rubrique. " * 40 + "</p></div>",
    ),
    (CLOSED, "%Site en maintenance", f"<h1>Site en maintenance</h1>{_LONG}"),
    (
        CLOSED,
        "%Maintenance",
        "<h1>Opération de maintenance</h1><p>Le site est en cours de maintenance et sera de nouveau accessible à partir de 14h.</p>",
    ),
    (
        CLOSED,
        "%Service indisponible",
        "<h1>Service indisponible</h1><p>Le site est temporairement indisponible. Merci de votre compréhension.</p>",
    ),
    (
        CLOSED,
        "%Information",
        "<h1>Information</h1><p>En raison d'une opération de maintenance programmée, le site est indisponible du 8 septembre à 20h au 9 septembre à 6h.</p>",
    ),
    (
        CLOSED,
        "%Refonte du site",
        "<h1>Votre site fait peau neuve</h1><p>Le site est actuellement fermé pour mise à jour. Rendez-vous très bientôt pour découvrir sa nouvelle version.</p>",
    ),
    (
        CLOSED,
        "Maintenance en cours",
        "<h1>Maintenance en cours</h1><p>Ce service est momentanément interrompu pour cause de maintenance technique.</p>",
    ),
    (
        CLOSED,
        "Les services de l'État",
        "<h1>Nous revenons bientôt</h1><p>Le site internet des services de l'État est actuellement en maintenance.</p>",
    ),
    (
        CLOSED,
        "Indisponible",
        "<p>Suite à un incident technique, ce site est momentanément inaccessible. Veuillez réessayer ultérieurement.</p>",
    ),
    (
        CLOSED,
        "Site is undergoing maintenance",
        "<h1>Site is undergoing maintenance</h1><p>Preview our upcoming site.</p>",
    ),
    (
        CLOSED,
        "Site under maintenance",
        "<h1>Site under maintenance</h1><p>The site is currently under maintenance. We should be back shortly. Thank you for your patience.</p>",
    ),
    (
        CLOSED,
        "We'll be right back",
        "<h1>Scheduled maintenance</h1><p>We are performing scheduled maintenance. We should be back online shortly.</p>",
    ),
    (
        CLOSED,
        "Service Unavailable",
        "<h1>Service Temporarily Unavailable</h1><p>The server is temporarily unable to service your request due to maintenance downtime or capacity problems.</p>",
    ),
    (CLOSED, "Fermé", "<p>Le portail est fermé pour travaux. Revenez plus tard.</p>"),
    (CLOSED, "Bientôt", "<h1>Site en construction</h1><p>Ouverture prochaine.</p>"),
    (NOTHING, "", ""),
    (NOTHING, "%Actualités", ""),
    (NOTHING, "%Actualités", "<h1 class=''></h1><div class='fr-grid-row'></div>"),
    (NOTHING, "%Actualités", "<div class='fr-skeleton'></div><div class='fr-skeleton'></div>"),
    (
        NOTHING,
        "Actualités - Les services de l'État dans le Cantal",
        "<header class='fr-header'><a href='/'>Accueil</a></header><footer class='fr-footer'><a href='/Mentions-legales'>Mentions légales</a></footer>",
    ),
    (NOTHING, "Actualités", "<div id='app'></div><script src='/static/js/main.8f3a.js'></script>"),
    (
        WALL,
        "%Connexion",
        "<h1>Connexion</h1><form action='/user/login' method='post'><label>Identifiant</label><input name='Login'><label>Mot de passe</label><input type='password' name='Password'><button>Se connecter</button></form>",
    ),
    (
        WALL,
        "Log in - eZ publish",
        "<form method='post' action='/user/login'><h1>Login</h1><label>Username:</label><input name='Login'><label>Password:</label><input type='password' name='Password'></form>",
    ),
    (
        WALL,
        "%Accès non autorisé",
        "<h1>Accès refusé</h1><p>Vous n'avez pas les droits suffisants pour accéder à cette page.</p>",
    ),
    (WALL, "%Access denied", "<h1>Access denied</h1><p>You don't have permission to access this area.</p>"),
    (
        WALL,
        "Votre choix concernant les cookies",
        "<h1>Nous respectons votre vie privée</h1><p>Nous utilisons des cookies et d'autres traceurs pour mesurer l'audience. Vous pouvez accepter, refuser ou personnaliser leur dépôt.</p><button>Tout accepter</button><button>Tout refuser</button>",
    ),
    (
        WALL,
        "Contrôle parental",
        "<h1>Accès bloqué</h1><p>L'accès à cette page a été bloqué par la politique de sécurité de votre organisation. Catégorie : gouvernement.</p>",
    ),
    (
        WALL,
        "Portail captif",
        "<h1>Bienvenue sur le réseau Wi-Fi</h1><form><input type='text' name='mail'><input type='password' name='code'><p>Identifiez-vous : saisissez votre mot de passe pour accéder à Internet.</p></form>",
    ),
    *INTERRUPTED,
)
