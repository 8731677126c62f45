"""Labels of the menus that surround every page."""

from __future__ import annotations

MENU: dict[str, dict[str, tuple[str, ...]]] = {
    "Actions de l'État": {
        "Sécurité et protection des populations": (
            "Sécurité routière",
            "Sécurité civile",
            "Prévention de la délinquance",
            "Défense et renseignement",
            "Vidéoprotection",
            "Risques majeurs",
            "Polices administratives",
        ),
        "Environnement": (
            "Eau et milieux aquatiques",
            "Chasse et faune sauvage",
            "Installations classées",
            "Bruit des infrastructures",
            "Biodiversité et Natura 2000",
            "Publicité extérieure",
            "Transition écologique",
            "Carrières",
        ),
        "Agriculture et forêt": (
            "Aides de la PAC",
            "Foncier agricole",
            "Santé animale",
            "Calamités agricoles",
            "Défrichement",
            "Installation des jeunes agriculteurs",
        ),
        "Aménagement du territoire": (
            "Urbanisme et planification",
            "Habitat et rénovation urbaine",
            "Accessibilité",
            "France Services",
            "Petites villes de demain",
            "Action cœur de ville",
            "Dotations aux collectivités",
        ),
        "Économie et emploi": (
            "Aides aux entreprises",
            "Commission d'aménagement commercial",
            "Emploi et insertion",
            "Tourisme",
            "France Relance",
            "Plan d'investissement",
        ),
        "Solidarité et cohésion sociale": (
            "Hébergement d'urgence",
            "Logement social",
            "Politique de la ville",
            "Droits des femmes",
            "Lutte contre la pauvreté",
            "Jeunesse et vie associative",
        ),
    },
    "Démarches": {
        "Papiers d'identité": (
            "Carte nationale d'identité",
            "Passeport",
            "Sortie du territoire d'un mineur",
            "Perte et vol de documents",
        ),
        "Véhicules et conduite": (
            "Permis de conduire",
            "Certificat d'immatriculation",
            "Médecins agréés",
            "Stages de récupération de points",
            "Taxis et VTC",
            "Auto-écoles",
        ),
        "Associations": (
            "Création d'une association",
            "Dissolution",
            "Dons et legs",
            "Associations cultuelles",
        ),
        "Élections": (
            "Calendrier électoral",
            "Candidatures",
            "Procurations",
            "Résultats",
            "Listes électorales",
        ),
        "Professionnels": (
            "Armes et munitions",
            "Débits de boissons",
            "Gardes particuliers",
            "Manifestations sportives",
            "Drones et aéronefs",
            "Feux d'artifice",
            "Tourisme et meublés",
        ),
        "Collectivités": (
            "Contrôle de légalité",
            "Intercommunalité",
            "Subventions",
            "FCTVA",
            "Transmission des actes",
        ),
    },
    "Publications": {
        "Recueil des actes administratifs": tuple(f"Année {year}" for year in range(2025, 2015, -1)),
        "Enquêtes publiques": (
            "Enquêtes en cours",
            "Enquêtes closes",
            "Rapports des commissaires enquêteurs",
            "Consultations du public",
            "Avis de l'autorité environnementale",
        ),
        "Salle de presse": ("Communiqués de presse", "Dossiers de presse", "Discours", "Agenda du préfet"),
        "Marchés publics et recrutement": (
            "Appels d'offres",
            "Concours",
            "Offres d'emploi",
            "Apprentissage",
            "Stages",
        ),
        "Cartes et données": ("Atlas départemental", "Géoportail", "Open data", "Statistiques", "Zonages"),
        "Documents": (
            "Lettre de l'État",
            "Rapport d'activité",
            "Schémas départementaux",
            "Annuaire",
            "Chartes",
        ),
    },
    "Services de l'État": {
        "Préfecture et sous-préfectures": (
            "La préfecture",
            "Les sous-préfectures",
            "Organigramme",
            "Histoire de la préfecture",
            "Horaires et accès",
            "Le corps préfectoral",
            "Marianne et qualité de l'accueil",
        ),
        "Directions départementales": (
            "Direction départementale des territoires",
            "Direction de la protection des populations",
            "Direction de l'emploi, du travail et des solidarités",
            "Unité départementale de l'architecture",
            "Office des anciens combattants",
        ),
        "Sécurité": ("Police nationale", "Gendarmerie nationale", "Sapeurs-pompiers", "Douanes"),
        "Éducation et jeunesse": ("Services académiques", "Service civique", "Engagement", "Sport"),
        "Justice et finances": ("Tribunaux", "Finances publiques", "Conciliateurs", "Défenseur des droits"),
        "Santé": ("Agence régionale de santé", "Établissements", "Permanence des soins", "Canicule"),
    },
}

RUBRICS = (
    "Espace presse",
    "Agenda de l'État",
    "Enquêtes publiques et consultations",
    "Environnement et risques",
    "Sécurité routière",
    "Vie associative et citoyenneté",
    "Économie et emploi",
    "Logement et cohésion sociale",
    "Agriculture et forêt",
)
"""Grey cards of the news list; each leads to a list of its own."""

FOOTER = (
    ("legifrance.gouv.fr", "https://www.legifrance.gouv.fr/"),
    ("info.gouv.fr", "https://www.info.gouv.fr/"),
    ("service-public.fr", "https://www.service-public.fr/"),
    ("data.gouv.fr", "https://www.data.gouv.fr/"),
    ("interieur.gouv.fr", "https://www.interieur.gouv.fr/"),
)
LEGAL = (
    "Plan du site",
    "Accessibilité : partiellement conforme",
    "Mentions légales",
    "Données personnelles",
    "Gestion des cookies",
    "Marchés publics",
    "Nous contacter",
    "Flux d'information",
)
