"""HTTP as it is used here: over checked connections, without a client's habits, with failures as our own types."""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache, lru_cache
from typing import Any

import httpcore
import httpx

from watcher.connect import FetchError, GuardedBackend, Wire, well_formed
from watcher.core.inflate import BodyError
from watcher.core.page import FailureKind

_UNASKABLE = (
    *(httpcore.LocalProtocolError, httpcore.UnsupportedProtocol),
    *(httpx.LocalProtocolError, httpx.UnsupportedProtocol),
)
_LOST = (httpcore.NetworkError, httpcore.ProtocolError, httpcore.ProxyError)


def guarded_pool(
    backend: GuardedBackend,
    tls: ssl.SSLContext | None,
    *,
    connections: int,
    idle_connections: int,
    idle: float,
) -> httpcore.ConnectionPool:
    """Connections over our own way to the network, and nothing of a client's doing: no cookies, credentials, proxies
    of the environment and unchecked redirects.
    """
    return httpcore.ConnectionPool(
        ssl_context=tls or _trusted(),
        max_connections=connections,
        max_keepalive_connections=idle_connections,
        keepalive_expiry=idle,
        network_backend=backend,
    )


def guarded_transport(
    backend: GuardedBackend,
    tls: ssl.SSLContext | None,
    *,
    connections: int,
    idle_connections: int,
    idle: float,
) -> httpx.HTTPTransport:
    """httpx's way out, over such a pool. It has no argument for one, hence the private attribute."""
    context = tls or _trusted()
    transport = httpx.HTTPTransport(verify=context, trust_env=False)
    transport._pool = guarded_pool(
        backend, context, connections=connections, idle_connections=idle_connections, idle=idle
    )
    return transport


@cache
def _trusted() -> ssl.SSLContext:
    """The authorities that everybody knows, read once for all connections: 0.7 MB and 20 ms each time."""
    return httpx.create_ssl_context(trust_env=False)


def ask(
    pool: httpcore.ConnectionPool,
    url: httpx.URL,
    headers: Sequence[tuple[bytes, bytes]],
    extensions: Mapping[str, Any],
) -> httpcore.Response:
    """The head of what a GET is answered. httpx's own requests and answers would cost a sixth of a poll."""
    target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
    told = [(b"Host", url.netloc), *headers]
    return pool.handle_request(httpcore.Request("GET", target, headers=told, extensions=dict(extensions)))


def said(response: httpcore.Response) -> dict[str, str]:
    """The headers of an answer by name in small letters; those of one name are joined."""
    found: dict[str, str] = {}
    for raw, value in response.headers:
        name, text = raw.decode("latin-1").lower(), _decoded(value)
        found[name] = f"{found[name]}, {text}" if name in found else text
    return found


def _decoded(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


@contextmanager
def typed(wire: Wire) -> Iterator[None]:
    """Turn what the libraries below raise into `FetchError`."""
    try:
        yield
    except BodyError as error:
        raise FetchError(error.kind, error.detail) from error
    except (httpcore.TimeoutException, httpx.TimeoutException) as error:
        raise FetchError(FailureKind.TIMEOUT, str(error) or "no answer in time") from error
    except (httpcore.RemoteProtocolError, httpx.RemoteProtocolError) as error:
        raise FetchError(_kind_of_break(wire), str(error)) from error
    except (*_UNASKABLE, UnicodeError) as error:
        raise FetchError(FailureKind.BAD_ADDRESS, f"no request can be made: {error}") from error
    except (*_LOST, httpx.TransportError) as error:
        raise FetchError(FailureKind.RESET, str(error) or "connection lost") from error


def _kind_of_break(wire: Wire) -> FailureKind:
    """What a broken answer is: cut off by the other side's closing, or no HTTP."""
    if not wire.ended:
        return FailureKind.PROTOCOL
    return FailureKind.TRUNCATED if wire.heard else FailureKind.RESET


@lru_cache(maxsize=2048)  # half a kB each; asked for at each poll, by the pace, robots.txt and the request
def parsed(address: str) -> httpx.URL:
    """The address as it will be connected to. Raises `FetchError` (bad address)."""
    try:
        url = httpx.URL(address)
        host, named = url.raw_host.decode("ascii"), url.host  # which need not stand for a name at all
    except (httpx.InvalidURL, ValueError) as error:
        raise FetchError(FailureKind.BAD_ADDRESS, f"not an address: {error}") from error
    if url.scheme not in {"http", "https"}:
        raise FetchError(FailureKind.BAD_ADDRESS, "neither http nor https")
    # Python and browsers disagree on who owns an address with a backslash or a user's name.
    if "\\" in address or url.userinfo or not named or not well_formed(host, url.port):
        raise FetchError(FailureKind.BAD_ADDRESS, "not a plain web address")
    return url
