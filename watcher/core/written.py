"""Where to write to, told by words alone: mailboxes and postal addresses that no link leads to."""

from __future__ import annotations

import re
from collections.abc import Iterator

from watcher.core.items import LinkKind, OfficialLink
from watcher.core.text import TITLE_LIMIT, clean, fold

_AT = r"(?:@|\s?[\[({<]\s?(?:at|arobase|a|@)\s?[\])}>]\s?|\s(?:arobase)\s)"
_DOT = r"(?:\.|\s?[\[({<]\s?(?:dot|point|\.)\s?[\])}>]\s?)"
_MAILBOX = re.compile(
    rf"(?<![\w.+'-])(?P<box>[a-z0-9][a-z0-9_.+'-]{{0,63}}){_AT}"
    rf"(?P<host>[a-z0-9-]{{1,63}}(?:{_DOT}[a-z0-9-]{{1,63}}){{0,5}}{_DOT}[a-z]{{2,12}})(?![\w-])",
    re.ASCII | re.IGNORECASE,
)
_STREET = (
    r"\b(?:rue|avenue|av|boulevard|bd|bld|place|pl|cours|quai|allees?|chemin|route|esplanade|square|impasse|mail"
    r"|promenade|rond-point|passage|faubourg|cite|hotel du departement|cs|bp|tsa)\b\.?"
)
_NUMBER = r"(?:\d{1,4}(?: ?(?:bis|ter|quater|[a-d]))?(?: ?(?:-|/|,|et|a) ?\d{1,4}(?: ?(?:bis|ter))?)?,? )?"
_POSTAL = re.compile(
    rf"(?P<street>{_NUMBER}{_STREET}[^.;:!?\n]{{0,120}}?)[ ,–-]{{1,3}}(?P<code>\d{{5}}|\d{{2}} \d{{3}}) "
    rf"(?P<town>[a-z][a-z' -]{{1,40}}?(?: cedex(?: \d{{1,2}})?)?)(?=[ ,.;:)–]|\Z)"
)
_CEDEX = re.compile(r"(?<!\d)(?P<code>\d{5}) (?P<town>[a-z][a-z' -]{1,40}?) cedex\b")
_SPELT = (("avenue", "av"), ("boulevard", "bd"), ("bld", "bd"), ("place", "pl"), ("allees", "allee"))


def written(text: str) -> tuple[OfficialLink, ...]:
    """The mailboxes and postal addresses that a text names, each once, in its order; those that are spelt against
    robots (``pref-sejour [at] cantal.gouv.fr``) too.
    """
    found = {link.ident: link for link in (*_mailboxes(text), *_postal(text))}
    return tuple(found.values())


def plainly(text: str) -> str:
    """The same with every mailbox spelt as one: to spell it against robots, or no longer, is no change."""
    return _MAILBOX.sub(lambda match: f"{match['box']}@{_host(match)}", text) if _may_hide(text) else text


def _may_hide(text: str) -> bool:
    return any(mark in text for mark in "@[({<") or "arobase" in text.casefold()


def _host(match: re.Match[str]) -> str:
    return re.sub(_DOT, ".", match["host"], flags=re.IGNORECASE)


def _mailboxes(text: str) -> Iterator[OfficialLink]:
    for match in _MAILBOX.finditer(text) if _may_hide(text) else ():
        mailbox = f"{match['box']}@{_host(match)}".lower()
        yield OfficialLink(LinkKind.EMAIL, f"email:{mailbox}", f"mailto:{mailbox}")


def _postal(text: str) -> Iterator[OfficialLink]:
    """Known by street and code, however they are typed; the address itself is what was written."""
    if not any(map(str.isdecimal, text)):
        return
    folded = fold(text)
    whole = list(_POSTAL.finditer(folded))
    for match in whole:
        yield _address(match["street"], match["code"].replace(" ", ""), folded[match.start() : match.end()])
    if not whole:
        for match in _CEDEX.finditer(folded):
            yield _address("", match["code"], f"{match['code']} {match['town']} cedex")


def _address(street: str, code: str, said: str) -> OfficialLink:
    words = "".join(char if char.isalnum() else " " for char in street).split()
    short = dict(_SPELT)
    ident = " ".join(
        short.get(word, word) for word in words if word not in {"a", "et", "de", "du", "la", "l"}
    )
    return OfficialLink(LinkKind.POSTAL, f"postal:{code} {ident}".rstrip(), "", clean(said, TITLE_LIMIT))
