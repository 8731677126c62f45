"""Web addresses: which one a link means, and when two mean the same page.

Pages are hostile or careless here: whatever a browser could understand in another way than we do is
no address at all (`None`), never an exception.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from urllib.parse import parse_qsl, quote, unquote, unquote_to_bytes, urlencode, urljoin, urlsplit, urlunsplit

ANEF_HOST = "administration-etrangers-en-france.interieur.gouv.fr"
_LENGTH = 4096
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\\]")
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_HOSTED = re.compile(r"//[^/?#]")
# In ASCII only: without regard to case, "İ", "ſ" and the Kelvin sign would be letters of it too.
_FULL = re.compile(
    r"https?://(?:\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::[0-9]{1,5})?(?=[/?#]|\Z)", re.IGNORECASE | re.ASCII
)
# A name that ends in a number is read as an IPv4 address, however it is spelt: here in the usual way only.
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
# A name in full, with its dot; browsers take the dot away from numbers too, but nobody writes these so.
_ROOTED = re.compile(r"\A(https?://[^/?#:]*[a-z][a-z-]*)\.(?=[:/?#]|\Z)", re.IGNORECASE)
_BYTE = r"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_IPV4 = re.compile(rf"{_BYTE}(?:\.{_BYTE}){{3}}")
_SAFE = "%/:;=@!$&'()*+,~?#[]-._"


@lru_cache(maxsize=1024)
def absolute(url: str, base: str) -> str | None:
    """The http(s) address that `url` means on the page `base`, in ASCII; `None` if there is none.

    Refused: other schemes, user names, backslashes, control characters, hosts outside plain ASCII,
    and every spelling whose host depends on who reads it (``///host``, ``https:host``).
    """
    url = url.strip(" \t\r\n\f")
    if not url or len(url) > _LENGTH or _CONTROL.search(url):
        return None
    if url.startswith("//") and not _HOSTED.match(url):
        return None
    if _SCHEME.match(url) and not _FULL.match(url):
        return None
    try:
        joined = _ROOTED.sub(r"\1", urljoin(base, url))
    except ValueError:
        return None
    return _quoted(joined) if _trustworthy(joined) else None


@lru_cache(maxsize=1024)  # of a link it is asked for its site, for its key and for how it is shown
def _trustworthy(url: str) -> bool:
    found = _FULL.match(url)
    if not found:
        return False
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    host = parts.hostname or ""
    if port == 0 or not host or "@" in parts.netloc:
        return False
    if _NUMBER.fullmatch(host.rstrip(".").rpartition(".")[2]):
        return _IPV4.fullmatch(host) is not None
    labels = host.split(".")
    return all(0 < len(label) < 64 and not label.startswith("xn--") for label in labels)


def _quoted(url: str) -> str:
    """Only ASCII and no space; what is escaped already stays as it is."""
    if url.isascii() and " " not in url and '"' not in url and "<" not in url:
        return url
    return quote(url, safe=_SAFE)


@lru_cache(maxsize=1024)
def _split(url: str) -> tuple[str, str, str, str] | None:
    """(host with its unusual port, path, query, fragment)."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    if not host:
        return None
    host = f"[{host}]" if ":" in host else _usual(host)
    port = parts.port
    if port not in (None, 80 if parts.scheme.lower() == "http" else 443):
        host = f"{host}:{port}"
    return host, parts.path, parts.query, parts.fragment


def _usual(host: str) -> str:
    """One spelling for a site's names with and without `www.`."""
    bare = host.removeprefix("www.")
    labels = bare.split(".")
    if labels[-1].isdigit() or len(labels) == 1:
        return host
    prefecture = labels[-2:] == ["gouv", "fr"] and (len(labels) == 3 or labels[0] == "rdv")
    return f"www.{bare}" if prefecture or len(labels) == 2 else bare


_VIEW = re.compile(r"\([a-z_]+\)", re.IGNORECASE)
_TRACKING = re.compile(
    r"(?:utm_.*|mtm_.*|pk_.*|at_(?:medium|campaign|.*)|xt(?:or|cr|mc|np)|fbclid|gclid|ezsessid|phpsessid)",
    re.IGNORECASE,
)


@lru_cache(maxsize=1024)
def canonical(url: str, base: str | None = None) -> str | None:
    """A key, equal for all spellings of one page's address; not meant to be fetched.

    The scheme is `https` for both, the host lower with its usual `www.`, an unusual port stays; view
    parameters, print variants, `index.php`, tracking and the fragment go (ANEF's `#/…` is a page of
    its own and stays); the path is decoded, NFC, and keeps its case.
    """
    found = absolute(url, base or url)
    parts = _split(found) if found else None
    if parts is None:
        return None
    host, path, query, fragment = parts
    key = f"https://{host}{_path(path)}"
    if query := _query(query):
        key += f"?{query}"
    if host == ANEF_HOST and fragment.startswith("/") and fragment.strip("/"):
        key += "#/" + fragment.strip("/")
    return key


def _path(path: str) -> str:
    segments: list[str] = []
    for raw in path.split("/"):
        segment = _decoded(raw)
        if segment == "..":
            segments = segments[:-1]
        elif segment not in ("", "."):
            segments.append(segment)
    while segments[:1] == ["index.php"] or segments[:3] == ["layout", "set", "print"]:
        segments = segments[1 if segments[0] == "index.php" else 3 :]
    return "/" + "/".join(_without_views(segments))


def _without_views(segments: list[str]) -> list[str]:
    kept: list[str] = []
    skip = False
    for segment in segments:
        if skip or _VIEW.fullmatch(segment):
            skip = not skip
        else:
            kept.append(segment)
    return kept


def _decoded(segment: str) -> str:
    """Percent-decoded and NFC where that is reversible; octets that are no UTF-8 stay escaped."""
    if "%" not in segment:
        return unicodedata.normalize("NFC", segment)
    try:
        text = unquote_to_bytes(segment).decode()
    except UnicodeDecodeError:
        kept = re.sub(r"%[0-9a-fA-F]{2}", lambda found: found.group().upper(), segment)
        return quote(_STRAY.sub("%25", kept), safe=_SAFE)
    text = unicodedata.normalize("NFC", text)
    return re.sub(r"[\x00-\x20\x7f-\x9f%/?#\\]", lambda found: quote(found.group(), safe=""), text)


def _query(query: str) -> str:
    if not query:
        return ""
    pairs = parse_qsl(query, keep_blank_values=True, errors="replace", max_num_fields=None)
    return urlencode(sorted(pair for pair in pairs if not _TRACKING.fullmatch(pair[0])))


_DOORS = re.compile(r"\A(?:/index\.php(?=/|\Z)|/layout/set/print(?=/|\Z))+")
_VIEWED = re.compile(r"/(?:\(|%28)(?!offset\b)[a-z_]+(?:\)|%29)(?:/[^/]*|\Z)", re.IGNORECASE)
_STRAY = re.compile(r"%(?![0-9a-fA-F]{2})")


@lru_cache(maxsize=1024)
def presentable(url: str) -> str:
    """An absolute address as readers should get it: the same page, without what its link dragged along.

    `https` for the State's own hosts; without print variant, `index.php`, view parameters (the page of
    a list stays), tracking and fragment (ANEF's `#/…` stays). Host, path and the rest of the query
    are left as they are written, stray characters escaped. Its key (`canonical`) stays the same.
    """
    if not _trustworthy(url):
        return url
    parts = urlsplit(url)
    scheme, netloc = parts.scheme.lower(), parts.netloc.lower()
    host = parts.hostname or ""
    if host.endswith(".gouv.fr") and parts.port in (None, 80 if scheme == "http" else 443):
        scheme, netloc = "https", host
    path = _VIEWED.sub("", _DOORS.sub("", parts.path))
    query = "&".join(pair for pair in parts.query.split("&") if not _is_tracking(pair))
    fragment = parts.fragment if host == ANEF_HOST and parts.fragment.startswith("/") else ""
    cleaned, written = (
        quote(_STRAY.sub("%25", urlunsplit((scheme, netloc, kept or "/", query, fragment))), safe=_SAFE)
        for kept in (path, parts.path)
    )
    return cleaned if canonical(cleaned) == canonical(url) else written


def _is_tracking(pair: str) -> bool:
    return _TRACKING.fullmatch(unquote(pair.partition("=")[0])) is not None


def same_site(first: str, second: str) -> bool:
    """Whether two addresses are of one host and port, `www.` and scheme aside."""
    one, other = (_split(url) if _trustworthy(url) else None for url in (first, second))
    return one is not None and other is not None and one[0] == other[0]


def host_of(url: str) -> str:
    """The usual spelling of an address's host, with its port if unusual; empty when there is none."""
    parts = _split(url) if _trustworthy(url) else None
    return parts[0] if parts else ""


def file_name(url: str) -> str:
    """The last segment of an address's path, decoded."""
    return unicodedata.normalize("NFC", unquote(urlsplit(url).path.rstrip("/").rpartition("/")[2]))
