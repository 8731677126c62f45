"""The replica over real sockets: what a client meets, and how the week is moved on."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from threading import Thread

import httpx
import pytest

from watcher.replica import STEPS, Replica
from watcher.replica.limiter import ALLOWED, BODY

FEW = ("15", "34", "75", "2A", "972")


@pytest.fixture
def replica() -> Iterator[Replica]:
    with Replica(prefectures=FEW, limiter=False) as running:
        yield running


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False, timeout=5) as http:
        yield http


def titles(page: httpx.Response) -> list[str]:
    return re.findall(r'class="fr-card__link[^>]*>\s*([^<]*?)\s*</a>', page.text)


def test_each_site_has_a_loopback_address_and_all_share_one_port(
    replica: Replica, client: httpx.Client
) -> None:
    assert replica.base("15") == f"http://127.0.1.15:{replica.port}"
    assert replica.codes == (*FEW, "75-R")
    for code in replica.codes:
        assert client.get(replica.base(code) + "/").status_code == 200


def test_sites_may_share_one_address_under_paths_of_their_own(client: httpx.Client) -> None:
    with Replica(prefectures=("15", "69"), limiter=False, hosts="paths") as replica:
        page = client.get(replica.base("15") + "/Actualites")
        inside = titles(page)
        moved = client.get(replica.base("15") + "/Actualites/Lettre-de-l-Etat")

        assert replica.base("15") == f"http://127.0.0.1:{replica.port}/cantal"
        assert len(inside) == 10
        assert "dans le Cantal</title>" in page.text
        assert (
            moved.headers["location"] == f"{replica.base('15')}/Actualites/Lettre-de-l-Etat/Lettre-de-l-Etat"
        )
        assert client.get(f"http://127.0.0.1:{replica.port}/robots.txt").text.startswith("User-agent: *")
        assert client.get(f"http://127.0.0.1:{replica.port}/nulle-part/").status_code == 404


def test_pages_forbid_caching_and_give_no_validator_that_means_anything(
    replica: Replica, client: httpx.Client
) -> None:
    headers = client.get(replica.base("15") + "/Actualites").headers

    assert "etag" not in headers
    assert headers["last-modified"] == headers["date"]
    assert headers["expires"] == "Mon, 26 Jul 1997 05:00:00 GMT"
    assert headers["cache-control"] == "no-cache, must-revalidate"
    assert headers["content-type"] == "text/html; charset=utf-8"


def test_the_last_page_of_a_list_is_followed_by_an_empty_one(replica: Replica, client: httpx.Client) -> None:
    page = client.get(replica.base("15") + "/Actualites/(offset)/500")

    assert page.status_code == 200
    assert not titles(page)


def test_publishing_a_step_shows_its_news_and_going_back_hides_them(
    replica: Replica, client: httpx.Client
) -> None:
    wanted = [e for e in replica.expected(10) if e.source == "15-actualites"]
    shown = []
    for step in (9, 10, 3, STEPS):
        replica.go(step)
        shown.append(wanted[0].title in titles(client.get(replica.base("15") + "/Actualites")))

    assert len(wanted) == 1
    assert shown == [False, True, False, True]
    assert "RDV Préfecture" in client.get(wanted[0].url).text


def test_the_week_may_be_moved_on_from_another_thread_while_pages_are_read(
    replica: Replica, client: httpx.Client
) -> None:
    def hurry() -> None:
        for step in (*range(STEPS), 0):
            replica.go(step)

    mover = Thread(target=hurry)
    mover.start()
    statuses = {client.get(replica.base("34") + "/Actualites").status_code for _ in range(30)}
    mover.join()

    assert statuses <= {200, 503}
    assert replica.step == 0


def test_a_step_that_the_week_does_not_have_is_refused(replica: Replica) -> None:
    with pytest.raises(ValueError, match=f"0 to {STEPS}"):
        replica.go(STEPS + 1)


def test_the_control_address_tells_and_moves_the_step(replica: Replica, client: httpx.Client) -> None:
    assert client.get(f"{replica.control}/_replica/step").text == "0\n"
    assert client.post(f"{replica.control}/_replica/step/10").text == "10\n"
    assert replica.step == 10
    assert client.post(f"{replica.control}/_replica/step/99").status_code == 400
    assert client.post(f"{replica.base('15')}/_replica/step/1").status_code == 404
    assert replica.step == 10


def test_an_unavailable_site_answers_503_with_118_bytes_until_it_is_healed(
    replica: Replica, client: httpx.Client
) -> None:
    replica.outage(["15"], "503")
    broken = client.get(replica.base("15") + "/Actualites")
    replica.heal()

    assert (broken.status_code, broken.content) == (503, BODY)
    assert client.get(replica.base("15") + "/Actualites").status_code == 200
    assert client.get(replica.base("34") + "/Actualites").status_code == 200


def test_a_reset_connection_is_no_answer_at_all(replica: Replica, client: httpx.Client) -> None:
    replica.outage(["15"], "reset")

    with pytest.raises(httpx.ReadError):
        client.get(replica.base("15") + "/Actualites")
    assert replica.log == [("15", "/Actualites", 0)]


def test_a_slow_site_drips(replica: Replica, client: httpx.Client) -> None:
    replica.outage(["15"], "slow")
    with client.stream("GET", replica.base("15") + "/Actualites") as answer:
        first = next(answer.iter_raw())

    assert answer.status_code == 200
    assert 0 < len(first) <= 256 < int(answer.headers["content-length"])


@pytest.mark.parametrize(
    ("mode", "mark"),
    [
        ("maintenance", "<h1>Site en maintenance</h1>"),
        ("waf", "Your support ID is"),
        ("soft404", "Page introuvable"),
        ("empty", '<h1 class="">Actualités</h1>'),
    ],
)
def test_some_trouble_comes_with_status_200_and_no_card(
    replica: Replica, client: httpx.Client, mode: str, mark: str
) -> None:
    replica.outage(FEW, mode)
    page = client.get(replica.base("15") + "/Actualites")

    assert page.status_code == 200
    assert mark in page.text
    assert not titles(page)


def test_a_truncated_page_stops_short_with_and_without_a_length_that_tells(
    replica: Replica, client: httpx.Client
) -> None:
    replica.outage(["15", "34"], "truncated")
    with pytest.raises(httpx.RemoteProtocolError):
        client.get(replica.base("15") + "/Actualites")
    silent = client.get(replica.base("34") + "/Actualites")

    assert silent.status_code == 200
    assert "</html>" not in silent.text


def test_an_unknown_fault_is_refused(replica: Replica) -> None:
    with pytest.raises(ValueError, match="unknown fault"):
        replica.outage(["15"], "flood")


def test_the_network_before_the_regional_site_answers_403_to_what_looks_like_a_robot(
    replica: Replica, client: httpx.Client
) -> None:
    replica.outage(["75-R"], "waf")

    assert client.get(replica.base("75-R") + "/Actualites").status_code == 403


def every(gap: float) -> Callable[[], float]:
    """A clock on which each request comes `gap` seconds after the one before."""
    ticks = count()
    return lambda: next(ticks) * gap


def test_a_patient_client_reads_sixty_pages_of_the_platform_without_being_refused(
    client: httpx.Client,
) -> None:
    with Replica(prefectures=("15", "34", "69"), clock=every(5.0)) as replica:
        pages = [
            client.get(replica.base(code) + f"/Actualites/(offset)/{10 * page}")
            for page in range(20)
            for code in ("15", "34", "69")
        ]

        assert {page.status_code for page in pages} == {200}
        assert (replica.requests, replica.refused) == (60, 0)


def test_a_hasty_client_is_turned_away_from_all_hosts_of_the_platform_and_from_no_other(
    client: httpx.Client,
) -> None:
    with Replica(prefectures=("15", "34", "75"), clock=every(2.0)) as replica:
        for number in range(ALLOWED + 1):
            client.get(replica.base(("15", "34")[number % 2]) + "/Actualites")

        assert replica.refused == 1
        assert client.get(replica.base("34") + "/Actualites").content == BODY
        assert client.get(replica.base("75") + "/").status_code == 200


def test_requests_that_are_not_http_end_the_connection_and_nothing_else(
    replica: Replica, client: httpx.Client
) -> None:
    for nonsense in (b"\x00" * 40_000, b"GET /", b"\r\n\r\n"):
        with socket.create_connection(("127.0.1.15", replica.port), timeout=5) as line:
            line.sendall(nonsense)
            line.shutdown(socket.SHUT_WR)
            try:
                line.recv(100)
            except ConnectionResetError:
                continue

    assert client.get(replica.base("15") + "/Actualites").status_code == 200


def test_stopping_gives_the_port_back_although_clients_are_connected(client: httpx.Client) -> None:
    with Replica(prefectures=("15",)) as first:
        client.get(first.base("15") + "/")
        port = first.port
    first.stop()

    with Replica(prefectures=("15",), port=port) as second:
        assert second.port == port
        assert client.get(second.base("15") + "/").status_code == 200


def test_a_port_in_use_is_said_at_once() -> None:
    with Replica(prefectures=("15",)) as replica, pytest.raises(OSError, match="in use"):
        Replica(prefectures=("15",), port=replica.port)


def test_an_unknown_prefecture_is_refused_by_its_code() -> None:
    with pytest.raises(ValueError, match="no such préfecture: 99"):
        Replica(prefectures=("15", "99"))


def test_the_foreground_program_writes_sources_serves_obeys_and_ends_on_ctrl_c(
    tmp_path: Path, client: httpx.Client
) -> None:
    sources = tmp_path / "sources.yaml"
    command = [sys.executable, "-m", "watcher.replica", "--write-sources", str(sources), "--step", "9"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        lines = [program.stdout.readline() for _ in range(103)]
        bases = dict(line.split(" ", 1) for line in lines[:-1])
        control = lines[-1].split()[1]
        moved = client.post(f"{control}/_replica/step/10").text
        page = client.get(bases["15"].strip() + "/Actualites")
        program.send_signal(signal.SIGINT)
        _, complaints = program.communicate(timeout=10)

    assert lines[-1].split()[0] == "control"
    assert moved == "10\n"
    assert any("motifs absents de l'ANEF" in title for title in titles(page))
    assert f"{bases['15'].strip()}/Actualites" in sources.read_text(encoding="utf-8")
    assert (program.returncode, complaints) == (0, "")
