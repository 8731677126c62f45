"""httpx as it is used here: over checked connections, without a client's habits, with failures as our own types."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

import httpcore
import httpx

from watcher.connect import FetchError, GuardedBackend, Wire, well_formed
from watcher.core.inflate import BodyError
from watcher.core.page import FailureKind


def guarded_transport(
    backend: GuardedBackend,
    tls: ssl.SSLContext | None,
    *,
    connections: int,
    idle_connections: int,
    idle: float,
) -> httpx.HTTPTransport:
    """httpx's way out, over our own way to the network.

    A transport and no client: cookies, credentials, proxies of the environment and unchecked redirects
    are all a client's doing. httpx has no argument for the network backend, hence the private attribute.
    """
    context = tls or httpx.create_ssl_context(trust_env=False)
    transport = httpx.HTTPTransport(verify=context, trust_env=False)
    transport._pool = httpcore.ConnectionPool(
        ssl_context=context,
        max_connections=connections,
        max_keepalive_connections=idle_connections,
        keepalive_expiry=idle,
        network_backend=backend,
    )
    return transport


@contextmanager
def typed(wire: Wire) -> Iterator[None]:
    """Turn what the libraries below raise into `FetchError`."""
    try:
        yield
    except BodyError as error:
        raise FetchError(error.kind, error.detail) from error
    except httpx.TimeoutException as error:
        raise FetchError(FailureKind.TIMEOUT, str(error) or "no answer in time") from error
    except httpx.RemoteProtocolError as error:
        raise FetchError(_kind_of_break(wire), str(error)) from error
    except (httpx.LocalProtocolError, httpx.UnsupportedProtocol, UnicodeError) as error:
        raise FetchError(FailureKind.BAD_ADDRESS, f"no request can be made: {error}") from error
    except httpx.TransportError as error:
        raise FetchError(FailureKind.RESET, str(error) or "connection lost") from error


def _kind_of_break(wire: Wire) -> FailureKind:
    """What a broken answer is: cut off by the other side's closing, or no HTTP."""
    if not wire.ended:
        return FailureKind.PROTOCOL
    return FailureKind.TRUNCATED if wire.heard else FailureKind.RESET


@lru_cache(maxsize=64)  # the pace, robots.txt and the request ask for the same one
def parsed(address: str) -> httpx.URL:
    """The address as it will be connected to. Raises `FetchError` (bad address)."""
    try:
        url = httpx.URL(address)
        host = url.raw_host.decode("ascii")
    except (httpx.InvalidURL, ValueError) as error:
        raise FetchError(FailureKind.BAD_ADDRESS, f"not an address: {error}") from error
    if url.scheme not in {"http", "https"}:
        raise FetchError(FailureKind.BAD_ADDRESS, "neither http nor https")
    # Python and browsers disagree on who owns an address with a backslash or a user's name.
    if "\\" in address or url.userinfo or not well_formed(host, url.port):
        raise FetchError(FailureKind.BAD_ADDRESS, "not a plain web address")
    return url
