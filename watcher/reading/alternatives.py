"""Long lists of alternatives in a pattern, so ordered that most words of a text are passed over at one look."""

from __future__ import annotations

_SPECIAL = frozenset("\\^$.|?*+()[]{}")
_REPEATS = frozenset("?*+{")


def by_first_letter(alternatives: str) -> str:
    """The same alternatives of a regular expression, those that begin alike standing together.

    ``re`` tries one after another at each place. Two that begin with different letters never match at the same
    place, so their order does not matter; that of those that begin alike is kept, and nothing moves past one
    whose first letter is not plain. What is found is the same, in a third of the time where there are hundreds.
    """
    done: list[str] = []
    groups: dict[str, list[str]] = {}
    for one in _split(alternatives):
        parts = _by_letter(one)
        if parts is None:
            done += [*_closed(groups), one]
            groups = {}
        else:
            _take(groups, parts)
    return "|".join((*done, *_closed(groups)))


def _closed(groups: dict[str, list[str]]) -> list[str]:
    return [some[0] if len(some) == 1 else f"(?:{'|'.join(some)})" for some in groups.values()]


def _take(groups: dict[str, list[str]], parts: dict[str, str]) -> None:
    for letter, part in parts.items():
        groups.setdefault(letter, []).append(part)


def _by_letter(one: str) -> dict[str, str] | None:
    """An alternative by its first letter, or, where it begins with a group, by those that the group begins with.

    ``None`` where these are not plain: a class, an optional letter, an anchor.
    """
    if one[:1] not in _SPECIAL:
        return None if not one or one[1:2] in _REPEATS else {one[0]: one}
    if not one.startswith("(?:"):
        return None
    end = _end_of_group(one)
    inside, rest = one[3:end], one[end + 1 :]
    groups: dict[str, list[str]] = {}
    for part in _split(inside):
        parts = _by_letter(part)
        if parts is None:
            return None
        _take(groups, parts)
    return (
        None
        if rest[:1] in _REPEATS
        else {first: f"(?:{'|'.join(some)}){rest}" for first, some in groups.items()}
    )


def _split(alternatives: str) -> list[str]:
    """What stands between the bars that are in no group."""
    bars = [at for at, char, depth in _marks(alternatives) if char == "|" and depth == 0]
    ends = [*bars, len(alternatives)]
    return [alternatives[start + 1 : end] for start, end in zip([-1, *bars], ends, strict=True)]


def _end_of_group(pattern: str) -> int:
    """Where the group that the pattern begins with is closed."""
    return next(at for at, char, depth in _marks(pattern) if char == ")" and depth == 0)


def _marks(pattern: str) -> list[tuple[int, str, int]]:
    """Bars and brackets, each with how many groups it stands in; not those that are escaped or in a class."""
    found = []
    depth, at, inside = 0, 0, False
    while at < len(pattern):
        char = pattern[at]
        if char == "\\":
            at += 1
        elif inside or char == "[":
            inside = char != "]"
        elif char in "|()":
            depth -= char == ")"
            found.append((at, char, depth))
            depth += char == "("
        at += 1
    return found
