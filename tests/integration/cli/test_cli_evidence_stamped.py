"""What an alert rests on, with the day that an authority attests."""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.fakes.command_line import Vigie
from tests.fakes.receiver import Got, Receiver, always, receiving
from tests.fakes.time_authority import TimeAuthority, openssl, time_authority
from tests.integration.fetching.scripted import StillClock, answer, endless, stall
from watcher.post import HttpPoster, Limits
from watcher.timestamps import Authority, StampError

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
MANIFEST = "manifest-sha256.txt"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> TimeAuthority:
    return time_authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def another(tmp_path_factory: pytest.TempPathFactory) -> TimeAuthority:
    return time_authority(tmp_path_factory.mktemp("another"))


@pytest.fixture
def server(authority: TimeAuthority) -> Iterator[Receiver]:
    with receiving(reply=lambda got: answer(authority.reply(got.body))) as made:
        yield made


@pytest.fixture
def alert(told: Vigie) -> str:
    return str(json.loads(told("alerts", "--json").out.splitlines()[0])["id"])


def stamped(told: Vigie, alert: str, server: Receiver, *options: str) -> tuple[int, str, Path]:
    out = told.folder / "stamped.zip"
    ran = told("evidence", alert, "--out", str(out), "--timestamp", server.url("/tsr"), *options)
    return ran.status, ran.err, out


def bag(out: Path, into: Path) -> Path:
    with zipfile.ZipFile(out) as archive:
        archive.extractall(into)
    (folder,) = into.iterdir()
    return folder


def test_openssl_verifies_the_stamp_as_the_bag_says(
    told: Vigie, alert: str, server: Receiver, authority: TimeAuthority, tmp_path: Path
) -> None:
    status, said, out = stamped(told, alert, server, "--authority", str(authority.root))

    assert (status, "signature vérifiée" in said) == (0, True), said
    folder = bag(out, tmp_path / "bag")
    told_there = (folder / "data/LISEZMOI.txt").read_text(encoding="utf-8")
    assert f"openssl ts -verify -data {MANIFEST} -in {MANIFEST}.tsr -CAfile racine.pem" in told_there
    files = ("-data", str(folder / MANIFEST), "-in", str(folder / f"{MANIFEST}.tsr"))
    chain = ("-CAfile", str(authority.root))
    assert openssl("ts", "-verify", *files, *chain).returncode == 0
    asked = ("-queryfile", str(folder / f"{MANIFEST}.tsq"), "-in", str(folder / f"{MANIFEST}.tsr"))
    assert openssl("ts", "-verify", *asked, *chain).returncode == 0
    (folder / MANIFEST).write_bytes(b"something else")
    assert openssl("ts", "-verify", *files, *chain).returncode != 0


def test_only_the_digest_leaves_and_question_and_answer_are_in_the_sums(
    told: Vigie, alert: str, server: Receiver, tmp_path: Path
) -> None:
    status, said, out = stamped(told, alert, server)

    assert (status, "signature non vérifiée : donnez --authority" in said) == (0, True), said
    folder = bag(out, tmp_path / "bag")
    (got,) = server.got
    assert got.headers["content-type"] == "application/timestamp-query"
    assert (len(got.body) < 100, got.body) == (True, (folder / f"{MANIFEST}.tsq").read_bytes())
    assert hashlib.sha256((folder / MANIFEST).read_bytes()).digest() in got.body
    sums = (folder / "tagmanifest-sha256.txt").read_text()
    for name in (f"{MANIFEST}.tsq", f"{MANIFEST}.tsr"):
        assert f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" in sums


HOSTILE: dict[str, tuple[Callable[[TimeAuthority, Got], bytes], str]] = {
    "of another's question": (lambda a, _: a.reply(a.query(b"other")), "porte sur un autre contenu"),
    "of another digest": (lambda a, _: a.reply(a.query(b"x", "-sha512")), "une autre sorte d'empreinte"),
    "a refusal": (lambda a, _: a.reply(b"\x30\x03\x02\x01\x01"), "l'autorité refuse (état 2"),
    "a page": (lambda *_: b"<html>Bienvenue</html>", "n'est pas un horodatage"),
    "nothing": (lambda *_: b"", "n'est pas un horodatage"),
    "ten megabytes": (lambda *_: b"\x30" * 10_000_000, "n'est pas un horodatage"),
    "cut": (lambda a, got: a.reply(got.body)[:900], "n'est pas un horodatage"),
    "without a token": (lambda *_: bytes.fromhex("30053003020100"), "n'est pas un horodatage"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_an_answer_that_is_no_stamp_of_ours_is_told_and_nothing_is_written(
    told: Vigie, alert: str, server: Receiver, authority: TimeAuthority, name: str
) -> None:
    make, expected = HOSTILE[name]
    server.reply = lambda got: answer(make(authority, got))

    status, said, out = stamped(told, alert, server)

    assert (status, said.count("\n"), expected in said) == (1, 1, True), said
    assert not list(out.parent.glob("*stamped*"))


def test_yesterdays_answer_is_not_todays(server: Receiver, authority: TimeAuthority) -> None:
    """The same contents, and another question about them: whoever listened could send it again."""
    earlier: list[bytes] = []

    def reply(got: Got) -> bytes:
        earlier.append(authority.reply(got.body))
        return answer(earlier[0])

    server.reply = reply
    content = b"the same"
    with asking(server) as ask:
        ask(content)
        with pytest.raises(StampError, match="répond à une autre demande"):
            ask(content)


def test_a_stamp_of_another_authority_is_refused(
    told: Vigie, alert: str, server: Receiver, another: TimeAuthority
) -> None:
    status, said, out = stamped(told, alert, server, "--authority", str(another.root))
    assert (status, "n'est pas signé par l'autorité donnée" in said) == (1, True), said
    assert not out.exists()


@contextlib.contextmanager
def asking(server: Receiver, limits: Limits | None = None) -> Iterator[Callable[[bytes], object]]:
    poster = HttpPoster(
        StillClock(), allow_private=True, user_agent="Vigie", limits=limits or Limits(answer=65_536)
    )
    try:
        yield Authority(poster, server.url("/tsr")).stamp
    finally:
        poster.close()


@pytest.mark.parametrize(
    "trouble", [stall, endless(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n", b"a", times=20_000)]
)
def test_an_authority_that_does_not_get_on_is_not_waited_for(server: Receiver, trouble: object) -> None:
    server.reply = always(trouble)  # type: ignore[arg-type]
    started = time.monotonic()
    with asking(server, Limits(total=0.5, answer=65_536)) as ask, pytest.raises(StampError):
        ask(b"x")
    assert time.monotonic() - started < 3


def test_an_inner_address_is_no_authority(told: Vigie, alert: str) -> None:
    closed = ["http://169.254.169.254/tsr", "ftp://tsa.example/", "https://u:p@tsa.example/", "http://[::1"]
    for address in closed:
        ran = told("evidence", alert, "--out", str(told.folder / "x.zip"), "--timestamp", address)
        assert (ran.status, "rien n'est écrit" in ran.error) == (1, True), ran.error
        assert not (told.folder / "x.zip").exists()


def test_what_is_given_wrongly_is_said_in_a_line(told: Vigie, alert: str, server: Receiver) -> None:
    alone = told("evidence", alert, "--authority", "root.pem")
    assert (alone.status, alone.error.startswith("vigie : --authority demande --timestamp")) == (2, True)
    for path in (told.file("no.pem", "hello"), str(told.folder / "absent.pem")):
        ran = told("evidence", alert, "--timestamp", server.url("/"), "--authority", path)
        assert (ran.status, path in ran.error) == (2, True)
    assert server.got == []
