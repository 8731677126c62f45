"""The thirteen categories, by name."""

from __future__ import annotations

ANEF, RDV, FILING, CLOSURE = "anef_integration", "rdv_modality", "filing_channel", "opening_hours_or_closure"
DOCUMENTS, DELAY, FEE, SCHEME = "documents_required", "processing_time", "fee", "special_scheme"
OUTAGE, FRAUD, NATURALISATION = "outage", "fraud_warning", "naturalisation"
OTHER, UNRELATED = "other_immigration", "unrelated"
CATEGORIES = (
    *(ANEF, RDV, FILING, CLOSURE, DOCUMENTS, DELAY, FEE, SCHEME),
    *(OUTAGE, FRAUD, NATURALISATION, OTHER, UNRELATED),
)
