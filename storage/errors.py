"""What goes wrong with a database, in words for whoever runs it."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL, make_url
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError, StatementError
from sqlalchemy.exc import TimeoutError as NoneLeftError

from watcher.core.errors import StoreAwayError

_BY_CODE = {
    sqlite3.SQLITE_FULL: ("le disque est plein : libérez de la place", False),
    sqlite3.SQLITE_BUSY: ("un autre programme la tient verrouillée : fermez-le ou réessayez", False),
    sqlite3.SQLITE_LOCKED: ("un autre programme la tient verrouillée : fermez-le ou réessayez", False),
    sqlite3.SQLITE_IOERR: ("le disque répond par une erreur : vérifiez-le", False),
    sqlite3.SQLITE_READONLY: (
        "elle est en lecture seule : donnez le droit d'écrire sur elle et son dossier",
        True,
    ),
    sqlite3.SQLITE_CANTOPEN: ("elle ne s'ouvre pas : vérifiez le chemin et les droits du dossier", True),
    sqlite3.SQLITE_NOTADB: (
        "ce fichier n'est pas une base SQLite : indiquez-en un autre avec --database",
        True,
    ),
    # SQLite says so of a page that the disk answers by an error, too.
    sqlite3.SQLITE_CORRUPT: (
        "elle est abîmée, ou le disque la lit mal : vérifiez-le, puis restaurez une sauvegarde",
        True,
    ),
}


class StorageError(StoreAwayError):
    """The database cannot do its work; `str()` is one French line, what is wrong and what to do.

    `permanent` tells that the same attempt, repeated as it is, has no chance; `conflict`, that it was undone
    because of somebody else's, and has every chance.
    """

    conflict = False

    def __init__(self, message: str, *, permanent: bool) -> None:
        super().__init__(message)
        self.permanent = permanent


class DamagedError(StorageError):
    """What a row holds is not what was ever written into it: something changed the file behind our back."""

    def __init__(self, where: str) -> None:
        super().__init__(f"Base {where} : elle est abîmée : restaurez une sauvegarde.", permanent=True)


class ReadOnlyError(Exception):
    """Somebody tried to write where nothing may be written: a mistake of the program, and no trouble of a database."""

    def __init__(self) -> None:
        super().__init__("Écriture refusée : cette demande ne fait que lire.")


def place(url: URL) -> str:
    """Where a database is, fit for a message: a path, or an address without its password."""
    if url.get_backend_name() == "sqlite" and url.database:
        return url.database
    return url.render_as_string(hide_password=True)


def explained(error: Exception, url: URL) -> StorageError:
    """The same trouble as a `StorageError`."""
    if isinstance(error, NoneLeftError):
        words = "toutes les connexions de ce programme sont prises : réessayez"
        return StorageError(f"Base {place(url)} : {words}.", permanent=False)
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        # Errors that the module itself raises, such as "type not supported", bear no code.
        code = getattr(cause, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        if code in _BY_CODE:
            words, permanent = _BY_CODE[code]
            return StorageError(f"Base {place(url)} : {words}.", permanent=permanent)
        if str(cause).startswith("Could not decode"):  # the module's own word for a text that is none
            return DamagedError(place(url))
    if not isinstance(cause, sqlite3.Error) and url.get_backend_name() != "sqlite":
        from storage.server import server_trouble  # spares whoever stays on SQLite its import

        if found := server_trouble(cause or error, url):
            return found
    detail = " ".join(str(cause).split())[:300]
    if isinstance(error, OperationalError) and not isinstance(cause, sqlite3.Error):
        return StorageError(
            f"Base {place(url)} injoignable : {detail} ; vérifiez que le serveur répond.", permanent=False
        )
    return StorageError(f"Base {place(url)} : {detail}.", permanent=True)


def of_driver(error: Exception, address: str) -> StorageError:
    """The same of somebody who uses the driver itself."""
    return explained(error, make_url(address))


@contextmanager
def typed(url: URL) -> Iterator[None]:
    """Let no other error of the database out than `StorageError`.

    A value that cannot be written is the caller's mistake and stays what it is; one that cannot be read is not.
    """
    try:
        yield
    except (json.JSONDecodeError, UnicodeDecodeError, zlib.error) as error:
        raise DamagedError(place(url)) from error
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        if isinstance(error, StatementError) and not isinstance(error, DBAPIError) and error.orig:
            raise error.orig from None
        raise explained(error, url) from error
