"""Every version on which something changed is kept for ever, exactly, in little room; so is what was before it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select, update

from storage.engine import reading, writing
from storage.errors import DamagedError
from storage.pages import CHAIN
from storage.store import SqlStore
from storage.tables import pages
from tests.fakes.plans import NOW, change, first_reading, news, page, plan, source

VERSIONS = 3 * CHAIN
_LINES = [f"<li>annonce {n} de la préfecture, du {n % 28 + 1} octobre</li>".encode() for n in range(900)]


def version(number: int) -> bytes:
    """A list that gains one line a time."""
    return (
        b"<ul>" + b"\n".join([b"<li>nouvelle %d</li>" % n for n in range(number, 0, -1)] + _LINES) + b"</ul>"
    )


@pytest.fixture
def kept(store: SqlStore) -> SqlStore:
    store.register([source()], NOW)
    store.save(first_reading())
    for number in range(1, VERSIONS + 1):
        seen = page(version(number), at=NOW + timedelta(hours=number))
        assert store.save(news(f"n{number}", number, page=seen, alerts=()))
    return store


def test_each_version_comes_back_byte_for_byte_with_the_one_before(kept: SqlStore) -> None:
    for number in range(2, VERSIONS + 1):
        found, before = kept.evidence(change(f"n{number}").id), kept.page_before(change(f"n{number}").id)
        assert found is not None
        assert before is not None
        assert (before.body, found.body) == (version(number - 1), version(number))
        assert found.fetched_at == NOW + timedelta(hours=number)


def test_a_version_takes_a_few_hundred_bytes(kept: SqlStore, engine: Engine) -> None:
    with reading(engine) as connection:
        total = connection.scalar(select(func.sum(func.length(pages.c.body)))) or 0
    assert len(version(1)) > 40_000
    assert total / VERSIONS < 700


def test_another_page_altogether_is_kept_whole(kept: SqlStore, engine: Engine) -> None:
    strange = b"".join(hash((7, n)).to_bytes(8, "big", signed=True) for n in range(2000))
    kept.save(news("other", VERSIONS + 1, page=page(strange), alerts=()))
    kept.save(plan(baseline=VERSIONS + 2, page=page(b"quiet")))

    with reading(engine) as connection:
        base = connection.scalar(select(pages.c.base).where(func.length(pages.c.body) > 16_000))
    found = kept.evidence(change("other").id)
    assert base is None
    assert found is not None
    assert found.body == strange


def test_a_page_that_is_no_evidence_leaves_nothing_that_others_need(kept: SqlStore) -> None:
    for turn in range(5):
        kept.save(plan(baseline=VERSIONS + 1, page=page(version(90 + turn))))
    latest = kept.latest_page(source().id)
    before = kept.sizes()["pages"]
    kept.save(news("after", VERSIONS + 1, page=page(version(99)), alerts=()))

    assert latest is not None
    assert latest.body == version(94)
    assert before == VERSIONS + 2
    was, found = kept.page_before(change("after").id), kept.evidence(change("after").id)
    assert (was and was.body, found and found.body) == (version(94), version(99))


def test_what_is_damaged_is_told_and_takes_few_versions_with_it(kept: SqlStore, engine: Engine) -> None:
    with writing(engine) as connection:
        whole = connection.scalars(
            select(pages.c.id).where(pages.c.base.is_(None)).order_by(pages.c.id)
        ).all()
        body = connection.scalar(select(pages.c.body).where(pages.c.id == whole[1]))
        assert body is not None
        flipped = bytes([*body[:300], body[300] ^ 4, *body[301:]])
        connection.execute(update(pages).where(pages.c.id == whole[1]).values(body=flipped))

    lost = []
    for number in range(1, VERSIONS + 1):
        try:
            kept.evidence(change(f"n{number}").id)
        except DamagedError:
            lost.append(number)
    assert 0 < len(lost) <= CHAIN


def test_what_comes_after_a_damaged_version_is_kept_all_the_same(kept: SqlStore, engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(update(pages).values(body=b"of somebody else"))

    assert kept.save(news("next", VERSIONS + 1, page=page(version(500)), alerts=()))

    found = kept.evidence(change("next").id)
    assert found is not None
    assert found.body == version(500)
    with pytest.raises(DamagedError):
        kept.page_before(change("next").id)
