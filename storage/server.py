"""How a PostgreSQL server is spoken to: what is asked of each connection, and its errors in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.pool import ConnectionPoolEntry

from storage.dialect import LOCK_SECONDS
from storage.errors import StorageError, place

KEPT, AT_MOST = 5, 15  # connections of one process; a server allows a hundred unless it was told otherwise
_WAIT = 10  # seconds, for one of them

# An address may say otherwise (…?connect_timeout=3). A server that vanished without a word is noticed.
_CONNECTING = {
    "connect_timeout": "10",
    "application_name": "vigie",
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "tcp_user_timeout": "30000",
}
# Each is set whatever the account or the server has for its own.
_SETTINGS = {
    "lock_timeout": f"{LOCK_SECONDS}s",
    "statement_timeout": "5min",  # see `dialect.unhurried`
    "idle_in_transaction_session_timeout": "60s",  # of a process that was halted with locks in its hands
    "default_transaction_isolation": "read committed",
}
_SET = ", ".join(f"set_config('{name}', '{value}', false)" for name, value in _SETTINGS.items())
# A commit that the server would lose at a power cut is none; more care than that is left as it is.
_SURE = (
    "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"
)

_BUSY = "un autre programme la tient verrouillée : fermez-le ou réessayez"
_ENOUGH = "le serveur a déjà trop de connexions : réessayez, fermez-en ou augmentez max_connections"
_WHO = "le compte ou le mot de passe est refusé : vérifiez l'adresse de la base"
_NO_BASE = "elle n'existe pas sur ce serveur : créez-la (createdb) ou corrigez son nom"
_AWAY = "le serveur ne répond pas : vérifiez qu'il marche et que son adresse est juste"
_FULL = "le disque du serveur est plein : libérez de la place"
_DAMAGED = "elle est abîmée : restaurez une sauvegarde"

_BY_STATE = {
    "08": (_AWAY, False),
    "25006": (
        "elle est en lecture seule : adressez le serveur principal, ou donnez le droit d'y écrire",
        True,
    ),
    "25P03": ("le serveur a coupé une écriture restée en suspens : réessayez", False),
    "28": (_WHO, True),
    "3D000": (_NO_BASE, True),
    "40": ("deux écritures se sont gênées : réessayez", False),
    "42501": ("ce compte n'a pas tous les droits sur elle : qu'il en soit le propriétaire", True),
    "53100": (_FULL, False),
    "53200": ("le serveur manque de mémoire : réessayez", False),
    "53300": (_ENOUGH, False),
    "55P03": (_BUSY, False),
    "57014": ("une demande a duré trop longtemps et fut arrêtée : réessayez", False),
    "57P": ("le serveur s'arrête ou démarre : réessayez", False),
    "58": ("le disque du serveur répond par une erreur : vérifiez-le", False),
    "XX001": (_DAMAGED, True),
    "XX002": (_DAMAGED, True),
}
"""By the beginning of an SQLSTATE: what is wrong and what to do; whether to try again has no chance."""

# Before a connection stands, the driver gives the server's words alone, in English or in French.
_BY_WORDS = (
    (
        r"too many (clients|connections)|remaining connection slots|trop de (clients|connexions)",
        _ENOUGH,
        False,
    ),
    (
        r"password authentication|no password supplied|role .* does not exist|no pg_hba\.conf entry",
        _WHO,
        True,
    ),
    (r"authentification par mot de passe|le rôle .* n'existe pas|aucune entrée dans pg_hba", _WHO, True),
    (r"database .* does not exist|la base de données .* n'existe pas", _NO_BASE, True),
    (r"permission denied for database|not permitted to log in|droit refusé", _WHO, True),
    (r"No space left|disk full", _FULL, False),
)
_CONFLICTS = ("40P01", "40001")


def open_server(address: URL) -> Engine:
    """The database at `address`, tried once. `StorageError` when it cannot hold every text."""
    engine = _engine(address)
    try:
        with engine.connect() as connection:
            _refuse_other_spellings(connection)
    except BaseException:
        engine.dispose()
        raise
    return engine


def _engine(address: URL) -> Engine:
    try:
        engine = create_engine(
            address,
            connect_args={name: value for name, value in _CONNECTING.items() if name not in address.query},
            pool_pre_ping=True,
            pool_size=KEPT,
            max_overflow=AT_MOST - KEPT,
            pool_timeout=_WAIT,
            pool_use_lifo=True,  # what a busy hour needed ends when it is over
        )
    except ModuleNotFoundError as error:
        raise StorageError(
            "PostgreSQL demande le paquet psycopg : installez « psycopg[binary] ».", permanent=True
        ) from error
    event.listen(engine, "connect", _prepare)
    return engine


def _prepare(raw: Any, _entry: ConnectionPoolEntry) -> None:
    with raw.cursor() as cursor:
        cursor.execute(f"SELECT {_SET}")
        cursor.execute(_SURE)
    raw.commit()


def _refuse_other_spellings(connection: Connection) -> None:
    raw: Any = connection.connection.driver_connection
    spelling = raw.info.parameter_status("server_encoding")
    if spelling != "UTF8":
        raise StorageError(
            f"Base {place(connection.engine.url)} : elle est en {spelling} ; créez-la en UTF8 "
            "(createdb -E UTF8 -T template0).",
            permanent=True,
        )


def server_trouble(cause: BaseException, address: URL) -> StorageError | None:
    """An error of the server or its driver in words; `None` for one that nobody has words for."""
    state = getattr(cause, "sqlstate", None) or ""
    found = _by_state(state) if state else _by_words(str(cause))
    if found is None:
        return None
    trouble = StorageError(f"Base {place(address)} : {found[0]}.", permanent=found[1])
    trouble.conflict = state in _CONFLICTS
    return trouble


def _by_state(state: str) -> Sequence[Any] | None:
    return next((_BY_STATE[state[:n]] for n in (5, 3, 2) if state[:n] in _BY_STATE), None)


def _by_words(told: str) -> Sequence[Any] | None:
    return next(
        ((words, lasting) for sign, words, lasting in _BY_WORDS if re.search(sign, told, re.IGNORECASE)), None
    )
