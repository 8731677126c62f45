# ruff: noqa: E501 - markup keeps its lines
"""What guards show to whom they take for a robot: (title, body); and what they leave on good pages."""

from __future__ import annotations

WALLS: tuple[tuple[str, str], ...] = (
    (
        "Just a moment...",
        "<div class='main-wrapper' role='main'><h1 class='zone-name-title'>www.cantal.gouv.fr</h1><p>Verifying you are human. This may take a few seconds.</p></div><script>(function(){window._cf_chl_opt={cvId:'3',cZone:'www.cantal.gouv.fr'};})();</script>",
    ),
    (
        "Un instant…",
        "<main><h1>Vérification de sécurité en cours</h1><p>Ce site utilise un service de sécurité pour se protéger contre les bots malveillants.</p></main><script>window._cf_chl_opt={};</script>",
    ),
    (
        "Attention Required! | Cloudflare",
        "<h1>Sorry, you have been blocked</h1><h2>You are unable to access cantal.gouv.fr</h2><p>Cloudflare Ray ID: <strong>7d1</strong></p>",
    ),
    (
        "Access denied | www.cantal.gouv.fr used Cloudflare to restrict access",
        "<h1>Error 1015</h1><h2>You are being rate limited</h2>",
    ),
    (
        "",
        "<iframe src='/_Incapsula_Resource?CWUDNSAI=9&xinfo=1' frameborder=0 width='100%'>Request unsuccessful. Incapsula incident ID: 877000</iframe>",
    ),
    (
        "Request Rejected",
        "The requested URL was rejected. Please consult with your administrator.<br><br>Your support ID is: 4821<br><a href='javascript:history.back();'>[Go Back]</a>",
    ),
    (
        "Access Denied",
        '<h1>Access Denied</h1>You don\'t have permission to access "http://www.cantal.gouv.fr/Actualites" on this server.<p>Reference #18.5c.1726</p><p>https://errors.edgesuite.net/18.5c</p>',
    ),
    (
        "cantal.gouv.fr",
        "<p id='cmsg'>Please enable JS and disable any ad blocker</p><script data-cfasync='false'>var dd={'rt':'c','cid':'AHr','hsh':'F4'}</script><script src='https://ct.captcha-delivery.com/c.js'></script>",
    ),
    (
        "Human Verification",
        "<h1>Let's confirm you are human</h1><p>Complete the security check before continuing.</p><div id='captcha-container'></div><script src='https://x.token.awswaf.com/challenge.js'></script>",
    ),
    (
        "Vérification",
        "<h1>Vérifions que vous n'êtes pas un robot</h1><div class='h-captcha' data-sitekey='10000000-ffff'></div><script src='https://js.hcaptcha.com/1/api.js'></script>",
    ),
    (
        "Sécurité",
        "<p>Afin de poursuivre, merci de recopier le code de sécurité.</p><img src='/captcha.png' alt='captcha'><form><input name='captcha'></form>",
    ),
    (
        "Contrôle",
        "<form><altcha-widget challengeurl='https://x/altcha'></altcha-widget><button>Continuer</button></form>",
    ),
    (
        "CaptchEtat",
        "<h1>Contrôle de sécurité</h1><p>Saisissez les caractères affichés.</p><div id='botdetect-captcha' data-captchastylename='captchaFR'></div>",
    ),
    (
        "File d'attente",
        "<h1>Vous êtes dans la file d'attente</h1><p>Votre position dans la file : 1 284. Cette page s'actualise automatiquement, ne la fermez pas.</p>",
    ),
    (
        "Salle d'attente",
        "<main><h1>Salle d'attente virtuelle</h1><p>Le site connaît une forte affluence. Temps d'attente estimé : 8 minutes.</p></main>",
    ),
    (
        "Waiting Room",
        "<main><h1>You are in the waiting room</h1><p>Due to high demand, you are number 4812 in line. Your estimated wait time is 12 minutes.</p></main>",
    ),
    (
        "Forte affluence",
        "<h1>Trop de visiteurs</h1><p>Le site reçoit actuellement un très grand nombre de visites. Vous allez être redirigé automatiquement.</p><script>setTimeout(function(){location.reload()},30000)</script>",
    ),
    ("", "<script>window.location.href='/redirect_abc123';</script>"),
    ("Redirection", "<meta http-equiv='refresh' content='0; url=/redirect_9'><p>Veuillez patienter…</p>"),
    (
        "",
        "<noscript><h1>Please turn JavaScript on and reload the page.</h1></noscript><script>document.cookie='k=1';location.reload(true)</script>",
    ),
    (
        "DDoS protection by NUXIT",
        "<h1>Vérification de votre navigateur avant d'accéder au site</h1><p>Cette opération est automatique.</p>",
    ),
    (
        "Bot detection",
        "<h1>Unusual activity</h1><p>We have detected unusual activity from your network (77.159.0.1). Solve the puzzle to continue.</p><script src='/cdn-cgi/challenge-platform/h/b/orchestrate.js'></script>",
    ),
    (
        "Requête bloquée",
        "<h1>Requête bloquée</h1><p>Votre requête a été identifiée comme potentiellement dangereuse. Numéro d'incident : 55-2025.</p>",
    ),
    (
        "Blocage",
        "<h1>Votre adresse IP a été temporairement bloquée</h1><p>Trop de requêtes ont été envoyées depuis votre réseau. Réessayez dans une heure.</p>",
    ),
    (
        "Oh noes!",
        "<main><h1 id='title'>Making sure you&#39;re not a bot!</h1><p>Anubis uses a proof-of-work scheme.</p></main><script id='anubis_challenge' type='application/json'>{}</script>",
    ),
    ("Accès bloqué", "<h1>Votre accès a été bloqué par le système de sécurité</h1><p>Code : 0x8271</p>"),
    (
        "Vérification de sécurité",
        "<main><h1>Vérifiez que vous êtes humain</h1><p>Cette opération peut prendre quelques secondes.</p></main>",
    ),
    (
        "Une seconde...",
        "<main role=main><h1>www.cantal.gouv.fr</h1><p>Nous vérifions la sécurité de votre connexion. Ray ID : 7d12</p></main>",
    ),
    (
        "Protection",
        "<main><h1>Protection du site</h1><p>Votre navigateur est en cours d'analyse, vous serez redirigé dans 5 secondes.</p></main>",
    ),
    (
        "Accès temporairement restreint",
        "<main><h1>Accès temporairement restreint</h1><p>Nous avons détecté une activité inhabituelle provenant de votre réseau. Merci de patienter.</p></main>",
    ),
    (
        "Erreur",
        "<h1>Accès limité</h1><p>Votre navigateur semble être un robot. Si vous pensez qu'il s'agit d'une erreur, contactez-nous.</p>",
    ),
    (
        "Blocked",
        "<h1>This page can't be displayed. Contact support for additional information. The incident ID is: N/A.</h1>",
    ),
    (
        "The requested URL was rejected",
        "<p>The requested URL was rejected. If you think this is an error, please contact the webmaster. Your support ID is: 21</p>",
    ),
    (
        "ERROR: The request could not be satisfied",
        "<H1>403 ERROR</H1><H2>The request could not be satisfied.</H2><HR>Request blocked. We can't connect to the server for this app or website at this time. Generated by cloudfront (CloudFront) Request ID: kX==</HR>",
    ),
    ("Azure WAF", "<h1>The request is blocked.</h1><p>0J1xYQAAAAB ref</p>"),
    (
        "Access Control",
        "<h2>Barracuda Networks - Web Application Firewall: The specified URL cannot be found.</h2>",
    ),
    (
        "Patientez",
        "<h1>Merci de patienter</h1><p>Vous allez accéder au site dans quelques instants. Il y a 342 personnes devant vous.</p>",
    ),
    (
        "Sécurisation",
        "<p>Pour des raisons de sécurité, l'accès à ce site depuis votre pays ou votre hébergeur n'est pas autorisé.</p>",
    ),
    (
        "Géoblocage",
        "<main><h1>Accès impossible</h1><p>Ce contenu n'est pas disponible dans votre région.</p></main>",
    ),
    (
        "",
        "<div id='sec-overlay'></div><script src='/_sec/cp_challenge/sec-4-4.js'></script><div id='sec-if-cpt-container'></div>",
    ),
    ("", "<script>var s={};window.__CF$cv$params={r:'x'}</script><div id=root></div>"),
    (
        "Connexion sécurisée",
        "<h1>Portail d'authentification</h1><form action=/cas/login><label>Nom d'utilisateur<input name=u></label><label>Mot de passe<input type=password></label></form>",
    ),
    (
        "FranceConnect",
        "<h1>S'identifier avec FranceConnect</h1><p>FranceConnect est la solution proposée par l'État pour sécuriser la connexion.</p>",
    ),
    (
        "Wi-Fi",
        "<h1>Portail captif</h1><p>Acceptez les conditions d'utilisation du réseau pour naviguer.</p><button>Se connecter</button>",
    ),
    (
        "Sophos",
        "<h1>Contenu bloqué</h1><p>La catégorie « Gouvernement » est bloquée par la politique de votre organisation.</p>",
    ),
    (
        "Gestion des traceurs",
        "<main><h1>Votre vie privée</h1><p>Nous et nos partenaires stockons des informations sur votre appareil. Choisissez vos préférences.</p></main>",
    ),
)

WIDGETS: tuple[str, ...] = (
    "<form><div class='g-recaptcha' data-sitekey='6L'></div></form><script src='https://www.google.com/recaptcha/api.js'></script>",
    "<form><div class='h-captcha' data-sitekey='1'></div></form><script src='https://js.hcaptcha.com/1/api.js'></script>",
    "<form><div class='cf-turnstile' data-sitekey='0x'></div></form><script src='https://challenges.cloudflare.com/turnstile/v0/api.js'></script>",
    "<form><altcha-widget challengeurl='/altcha'></altcha-widget></form>",
    "<form><rdv-captchetat token='x' captcha-style-name='captchaFR'></rdv-captchetat><label>Recopiez le code de sécurité</label></form>",
    "<script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script>",
    "<script src='/_Incapsula_Resource?SWJIYLWA=5074a744e2e3d891814e9a2dace20bd4'></script>",
    "<script>window.ddjskey='A1';window.ddoptions={}</script><script src='https://js.datadome.co/tags.js'></script>",
    "<form action='/user/login'><input name='Login'><input type='password' name='Password'><a href='#'>Mot de passe oublié ?</a></form>",
    "<noscript><p>Vous devez activer JavaScript pour profiter de toutes les fonctionnalités.</p></noscript><div class='frc-captcha'></div>",
)
"""Guards that stand on good pages: nothing is refused for them."""
