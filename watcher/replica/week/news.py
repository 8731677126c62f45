"""The week's announcements about residence permits, each with what it says."""

from __future__ import annotations

from watcher.replica.model import Truth
from watcher.replica.sites import GUIDES
from watcher.replica.texts.foreigners import ANEF
from watcher.replica.week.acts import Act, correct, publish, withdraw

ILL_FOREIGNERS = publish(
    "Étrangers malades : dépôt des demandes sur l'ANEF à compter du 15 septembre 2025",
    "À compter du 15 septembre 2025, les demandes de titre de séjour « étranger malade » (première "
    "demande et renouvellement) s'effectuent exclusivement en ligne sur le site de l'administration "
    "numérique des étrangers en France (ANEF).",
    "Les dossiers papier ne seront plus acceptés. Les demandes déjà transmises par courrier restent "
    "instruites par la préfecture et n'ont pas à être renouvelées en ligne.",
    f"[Accéder à l'ANEF]({ANEF}vos-demarches)",
    truth=Truth(("anef_integration",), "2025-09-15", ("etranger_malade",), "anef"),
)

EXCEPTIONAL_ADMISSION = publish(
    "Admission exceptionnelle au séjour : nouvelles modalités de prise de rendez-vous",
    "Depuis le 8 septembre 2025, les demandes de rendez-vous en vue du dépôt d'une demande d'admission "
    "exceptionnelle au séjour se font uniquement sur démarche numérique. Le module de réservation en "
    "ligne est supprimé.",
    "Les rendez-vous déjà obtenus sont maintenus. "
    "[Demander un rendez-vous](https://www.demarches-simplifiees.fr/commencer/aes-rendez-vous-isere)",
    truth=Truth(("rdv_modality",), "2025-09-08", ("aes",), "demarche_numerique"),
)

MONDAY_CLOSURE = publish(
    "Fermeture exceptionnelle du service des étrangers le lundi 15 septembre 2025",
    "En raison d'une opération technique, l'accueil du service des étrangers de la préfecture sera "
    "exceptionnellement fermé au public le lundi 15 septembre 2025. Les rendez-vous prévus ce jour-là "
    "sont reportés.",
    "Les usagers concernés recevront une nouvelle convocation par courriel.",
    truth=Truth(("opening_hours_or_closure",), "2025-09-15", (), "ferme"),
)

EMPLOYEES_TITLE = "Salariés et travailleurs temporaires : l'ANEF est étendue aux renouvellements"
EMPLOYEES = publish(
    EMPLOYEES_TITLE,
    "À partir du 22 septembre 2025, le dépôt en ligne sur l'ANEF est étendu aux demandes de "
    "renouvellement des cartes de séjour portant la mention « salarié » et « travailleur temporaire ».",
    "Il ne sera plus nécessaire de se déplacer en préfecture pour le dépôt de ces demandes. Les "
    "premières demandes ne sont pas concernées.",
    truth=Truth(("anef_integration",), "2025-09-22", ("salarie", "travailleur_temporaire"), "anef"),
)
EMPLOYEES_LATER = correct(
    EMPLOYEES_TITLE,
    "Salariés et travailleurs temporaires : l'ANEF étendue aux renouvellements, report au 6 octobre 2025",
    "Erratum : l'ouverture annoncée est reportée. C'est à partir du 6 octobre 2025, et non du 22 "
    "septembre, que le dépôt en ligne sur l'ANEF est étendu aux demandes de renouvellement des cartes de "
    "séjour portant la mention « salarié » et « travailleur temporaire ».",
    "D'ici là, les demandes continuent d'être déposées au guichet, sur rendez-vous.",
    truth=Truth(("anef_integration",), "2025-10-06", ("salarie", "travailleur_temporaire"), "anef"),
)

EXTRA_SLOTS_TITLE = "Titres de séjour : ouverture de rendez-vous supplémentaires le samedi"
EXTRA_SLOTS_TRUTH = Truth(("rdv_modality",), "2025-09-20", ("tous",), "rdv_en_ligne")
EXTRA_SLOTS = publish(
    EXTRA_SLOTS_TITLE,
    "À compter du samedi 20 septembre 2025, la préfecture ouvre des créneaux supplémentaires le samedi "
    "matin pour le dépôt des demandes de titre de séjour. La prise de rendez-vous se fait en ligne, sur "
    "le module de réservation.",
    "[Prendre rendez-vous](/booking/create/2087)",
    truth=EXTRA_SLOTS_TRUTH,
)
EXTRA_SLOTS_GONE = withdraw(EXTRA_SLOTS_TITLE, EXTRA_SLOTS_TRUTH)

BY_POST_ONLY = publish(
    "Cartes de séjour « salarié » et « travailleur temporaire » : dépôt uniquement par voie postale",
    "À compter du 15 septembre 2025, les demandes de carte de séjour « salarié » et « travailleur "
    "temporaire » sont adressées uniquement par voie postale au bureau de l'immigration. Aucun dossier "
    "ne sera plus accepté au guichet.",
    "Les dossiers sont envoyés en lettre recommandée avec accusé de réception.",
    truth=Truth(("filing_channel",), "2025-09-15", ("salarie", "travailleur_temporaire"), "courrier"),
)

ANEF_DOWN = publish(
    "Dysfonctionnement de l'ANEF : téléservice indisponible",
    "Depuis le mardi 9 septembre 2025, le téléservice ANEF rencontre un incident technique : le dépôt "
    "des demandes de titre de séjour est momentanément indisponible. Le rétablissement est en cours.",
    "Les usagers dont le titre expire dans les prochains jours peuvent joindre le centre de contact "
    "citoyen au 0806 001 620.",
    truth=Truth(("outage",), "2025-09-09"),
)

RESOLD_APPOINTMENTS = publish(
    "Mise en garde : les rendez-vous en préfecture sont gratuits",
    "La préfecture met en garde les ressortissants étrangers contre la revente de rendez-vous pour le "
    "dépôt d'une demande de titre de séjour. Les rendez-vous sont gratuits : refusez systématiquement "
    "toute offre payante.",
    "Aucune entreprise n'est agréée pour obtenir un rendez-vous. Une plainte a été déposée contre X pour "
    "ce trafic frauduleux.",
    truth=Truth(("fraud_warning",)),
)

CANTAL = publish(
    "Titre de séjour : prise de rendez-vous en ligne pour les motifs absents de l'ANEF",
    "À compter du 1er octobre 2025, les usagers du Cantal dont le motif de séjour n'est pas listé sur "
    "l'ANEF pourront prendre rendez-vous en ligne, via le module « RDV Préfecture », afin de déposer "
    "leur dossier papier en préfecture.",
    "La rubrique « Étrangers dans le Cantal, Titre de séjour », partie « Demander un titre de séjour », "
    "permet de vérifier si le motif est concerné, d'obtenir la liste des pièces et de réserver un "
    "créneau.",
    f"[Étrangers dans le Cantal, Titre de séjour]({GUIDES['15'][0]})",
    truth=Truth(("rdv_modality",), "2025-10-01", ("hors_anef",), "rdv_en_ligne"),
)

MONDAY_SLOTS = publish(
    "Rendez-vous au bureau du séjour : créneaux mis en ligne chaque lundi",
    "À compter du 15 septembre 2025, les rendez-vous pour le dépôt d'une demande de titre de séjour sont "
    "mis en ligne chaque lundi à 9 heures sur le module de réservation, et non plus le dimanche soir.",
    "Il est inutile de se présenter en préfecture sans rendez-vous.",
    truth=Truth(("rdv_modality",), "2025-09-15", ("tous",), "rdv_en_ligne"),
)

PARENTS_OF_ILL_CHILDREN = publish(
    "Parents d'enfant malade : dématérialisation des demandes d'autorisation provisoire de séjour",
    "Les demandes d'autorisation provisoire de séjour « parent d'enfant malade » se font désormais "
    "uniquement en ligne, sur l'ANEF. Cette mesure s'applique dès le 10 septembre 2025.",
    "Les dossiers au format papier ne sont plus acceptés.",
    truth=Truth(("anef_integration",), "2025-09-10", ("parent_enfant_malade",), "anef"),
)

DIGITAL_PHOTO = publish(
    "Carte de résident : de nouvelles pièces à fournir",
    "À compter du 1er octobre 2025, toute demande de carte de résident devra comporter une e-photo et un "
    "justificatif de domicile de moins de trois mois. Tout dossier incomplet sera retourné à l'usager.",
    "La liste des pièces à fournir est disponible à l'accueil de la préfecture et sur cette page.",
    truth=Truth(("documents_required",), "2025-10-01", ("carte_resident",)),
)

NATIONALITY_BY_MARRIAGE = publish(
    "Nationalité française par mariage : envoi des dossiers par courrier",
    "À compter du 1er octobre 2025, les déclarations d'acquisition de la nationalité française par "
    "mariage doivent être adressées uniquement par voie postale à la plateforme de naturalisation. Le "
    "dépôt au guichet est supprimé.",
    "Les demandes de naturalisation par décret restent déposées en ligne.",
    truth=Truth(
        ("naturalisation", "filing_channel"), "2025-10-01", ("naturalisation_declaration",), "courrier"
    ),
)

STAMP_DUTY = publish(
    "Titres de séjour : le droit de timbre passe de 25 à 50 euros",
    "Le droit de timbre dû lors de la remise d'un titre de séjour passe de 25 à 50 euros à compter du "
    "1er octobre 2025. Le montant de la taxe est rappelé dans le SMS de convocation.",
    "Le timbre fiscal s'achète en ligne ou chez un buraliste ; la préfecture n'en vend pas.",
    truth=Truth(("fee",), "2025-10-01"),
)

PERSONAL_TIES = publish(
    "Vie privée et familiale, liens personnels et familiaux : dépôt dématérialisé",
    "Les demandes de carte de séjour « vie privée et familiale » fondées sur l'article L. 423-23 du "
    "CESEDA (liens personnels et familiaux) ne sont plus reçues au guichet : depuis le 12 septembre "
    "2025, elles sont déposées exclusivement sur le portail de l'administration numérique pour les "
    "étrangers en France.",
    "Un point d'accueil numérique est ouvert à la préfecture pour accompagner les usagers.",
    truth=Truth(("anef_integration",), "2025-09-12", ("vpf_liens_personnels",), "anef"),
)

PARIS_ADMISSION = publish(
    "Admission exceptionnelle au séjour : demande de rendez-vous par formulaire en ligne",
    "À compter du 22 septembre 2025, les rendez-vous pour une demande d'admission exceptionnelle au "
    "séjour se demandent au moyen d'un formulaire sur demarche.numerique.gouv.fr. Les demandes envoyées "
    "par courriel ne seront plus traitées.",
    "[Formulaire](https://demarche.numerique.gouv.fr/commencer/ppp-aes)",
    truth=Truth(("rdv_modality",), "2025-09-22", ("aes",), "demarche_numerique"),
)

CLOSED_ON_WEDNESDAYS = publish(
    "Bureau du séjour : fermeture au public le mercredi",
    "À partir du 1er octobre 2025, l'accueil du bureau du séjour des étrangers sera fermé au public le "
    "mercredi. Les autres jours, les horaires d'ouverture sont inchangés : de 8h30 à 11h30.",
    truth=Truth(("opening_hours_or_closure",), "2025-10-01"),
)

UKRAINE = publish(
    "Protection temporaire Ukraine : renouvellement sur démarche numérique",
    "À compter du 1er octobre 2025, le renouvellement des autorisations provisoires de séjour des "
    "bénéficiaires de la protection temporaire se fera uniquement en ligne, sur "
    "demarche.numerique.gouv.fr. Il ne sera plus possible de se rendre au guichet.",
    "La demande est à déposer au moins trois semaines avant l'expiration de l'autorisation. "
    "[Déposer ma demande](https://demarche.numerique.gouv.fr/commencer/protection-temporaire-puy-de-dome)",
    truth=Truth(
        ("filing_channel", "special_scheme"), "2025-10-01", ("protection_temporaire",), "demarche_numerique"
    ),
)

NO_APPOINTMENT_NEEDED = publish(
    "Titres de séjour : la prise de rendez-vous n'est plus obligatoire pour le retrait",
    "À compter du lundi 15 septembre 2025, la prise de rendez-vous n'est plus obligatoire pour le "
    "retrait d'un titre de séjour. Les usagers se présentent au guichet sans rendez-vous, le matin, "
    "munis du SMS de mise à disposition.",
    truth=Truth(("rdv_modality",), "2025-09-15", (), "guichet_sans_rdv"),
)

ONE_INCIDENT: tuple[tuple[str, Act], ...] = (("67", ANEF_DOWN), ("57", ANEF_DOWN), ("54", ANEF_DOWN))
"""Told in the same words by three préfectures."""
