"""The time as an authority attests it (RFC 3161): the only user of rfc3161-client.

An authority signs the digest that it is sent, with the time: whoever trusts it knows that the text was there by then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.x509 import Certificate, load_pem_x509_certificates
from rfc3161_client import (
    HashAlgorithm,
    TimeStampRequest,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)
from rfc3161_client.tsp import PKIStatus

from watcher.core.der import in_order
from watcher.core.errors import UserError
from watcher.core.labels import FAILURES
from watcher.core.posting import Poster, PostFailure
from watcher.core.printable import one_line

LARGEST = 64 * 1024  # bytes of an answer: a token and the certificates of its chain come to a tenth of that
_ASKING = (("Content-Type", "application/timestamp-query"), ("Accept", "application/timestamp-reply"))
_SHA256 = "2.16.840.1.101.3.4.2.1"


class StampError(Exception):
    """There is no stamp; `str()` says in French why."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """Question and answer as they were sent and received (DER). `trusted`: by an authority that was named to us."""

    query: bytes
    answer: bytes
    at: datetime
    trusted: bool


@dataclass(frozen=True, slots=True)
class Authority:
    """Where time is attested; `roots`: whom to trust with it. Without them, the answer is kept as it came."""

    poster: Poster
    address: str
    roots: Sequence[Certificate] = ()

    def stamp(self, content: bytes) -> Stamp:
        """Have `content` stamped; only its SHA-256 digest leaves this machine.

        Raises:
            StampError: no answer, none that is a stamp, or one of something else than was asked for.
        """
        query = TimestampRequestBuilder(content, HashAlgorithm.SHA256, nonce=True, cert_req=True).build()
        match self.poster.post(self.address, query.as_bytes(), _ASKING):
            case PostFailure(kind=kind):
                raise StampError(FAILURES.get(kind, str(kind)))
            case posted if posted.status != 200:
                raise StampError(f"le serveur répond HTTP {posted.status}")
            case posted:
                return self._read(query, posted.body)

    def _read(self, query: TimeStampRequest, body: bytes) -> Stamp:
        try:
            answer = _decoded(body)
            _granted(answer)
            _same(query, answer)
            if self.roots:
                _signed(query, answer, self.roots)
            return Stamp(query.as_bytes(), body, answer.tst_info.gen_time, bool(self.roots))
        except ValueError as error:  # the library's word for whatever cannot be read
            raise StampError("sa réponse n'est pas un horodatage") from error


def trusted(path: Path) -> Sequence[Certificate]:
    """The certificates of a PEM file. Raises `UserError`."""
    try:
        return load_pem_x509_certificates(path.read_bytes())
    except OSError as error:
        raise UserError(f"--authority {path} : lecture impossible ({error.strerror})") from error
    except ValueError as error:
        raise UserError(
            f"--authority {path} : pas de certificat au format PEM ; demandez-le à l'autorité d'horodatage"
        ) from error


def _decoded(body: bytes) -> TimeStampResponse:
    """The library is strict about the order of certificates, in which authorities are not. Raises `ValueError`."""
    try:
        return decode_timestamp_response(body)
    except ValueError:
        return decode_timestamp_response(in_order(body))


def _granted(answer: TimeStampResponse) -> None:
    if answer.status == PKIStatus.GRANTED:
        return
    said = one_line(" ".join(answer.status_string), 200)
    raise StampError(f"l'autorité refuse (état {answer.status}{f' : {said}' if said else ''})")


def _same(query: TimeStampRequest, answer: TimeStampResponse) -> None:
    """An answer to our question, and to no other, today's or yesterday's."""
    told, asked = answer.tst_info, query.message_imprint
    if told.message_imprint.hash_algorithm.dotted_string != _SHA256:
        raise StampError("l'horodatage porte sur une autre sorte d'empreinte")
    if told.message_imprint.message != asked.message:
        raise StampError("l'horodatage porte sur un autre contenu")
    if told.nonce != query.nonce:
        raise StampError("l'horodatage répond à une autre demande")


def _signed(query: TimeStampRequest, answer: TimeStampResponse, roots: Sequence[Certificate]) -> None:
    builder = VerifierBuilder.from_request(query)
    for root in dict.fromkeys(roots):
        builder = builder.add_root_certificate(root)
    try:
        builder.build().verify(answer, query.message_imprint.message)
    except VerificationError as error:
        reason = one_line(str(error), 200)
        raise StampError(f"l'horodatage n'est pas signé par l'autorité donnée ({reason})") from error
