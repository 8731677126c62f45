"""What is under deploy/ and in docs/operations.md agrees with the program it deploys."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
import yaml

from watcher.cli import parser
from watcher.daemon import DRAIN, WEB_DRAIN, Periods
from watcher.settings import _READERS, Settings

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
UNITS = ("vigie.service", "vigie-web.service", "vigie-worker@.service")
FILES = sorted(path for path in DEPLOY.iterdir() if path.is_file())
VARIABLES = {variable for variable, _ in _READERS.values()}
OF_COMPOSE = {"VIGIE_BACKUPS"}  # a folder of the host, which the program does not see
LINE = re.compile(r"^(?:sudo )?(?:\S*/)?(?:vigie|vigie-admin) (.+)$", re.MULTILINE)

Options = dict[str, list[str]]


def unit(name: str) -> dict[str, Options]:
    """Sections, options, and their values in order."""
    sections: dict[str, Options] = {}
    for line in (DEPLOY / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            current = sections[line.strip("[]")] = defaultdict(list)
        elif line and not line.startswith("#"):
            option, _, value = line.partition("=")
            current[option].append(value)
    return sections


def environment(name: str) -> dict[str, str]:
    given = unit(name)["Service"]["Environment"]
    return dict(pair.split("=", 1) for line in given for pair in shlex.split(line))


def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    return found


def image() -> list[str]:
    """The Dockerfile's instructions, each on a line."""
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def seconds(span: str) -> float:
    number, of = re.fullmatch(r"(\d+)(s|min|m)", span).groups()  # type: ignore[union-attr]
    return int(number) * (1 if of == "s" else 60)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_only_variables_that_the_program_reads_are_named(path: Path) -> None:
    named = set(re.findall(r"\bVIGIE_[A-Z_]+", path.read_text(encoding="utf-8")))
    assert named <= VARIABLES | OF_COMPOSE


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_secret_is_written_down(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"://[^/\s@]*:[^/\s@]+@", text)
    assert not re.search(r"[0-9a-f]{32}", text)
    assert not re.search(r"PASSWORD=|BOUNCE_SECRET=", text)


def test_the_lines_of_the_settings_file_can_be_read() -> None:
    lines = (DEPLOY / "vigie.env").read_text(encoding="utf-8").splitlines()
    given = [line.lstrip("#") for line in lines if re.match(r"#?VIGIE_", line)]
    pairs = dict(shlex.split(line)[0].split("=", 1) for line in given)
    pairs["VIGIE_PING"] = pairs["VIGIE_PING"].replace("…", "x")

    assert Settings.load(pairs).public_url == "https://vigie.example.org"


@pytest.mark.parametrize("name", UNITS)
def test_a_unit_starts_what_the_program_knows(name: str) -> None:
    program, *line = shlex.split(unit(name)["Service"]["ExecStart"][0])

    assert program == "/opt/vigie/bin/vigie"
    assert parser().parse_args(line)


@pytest.mark.parametrize("name", UNITS)
def test_the_watchdog_waits_for_several_signs_of_life_and_the_end_for_what_is_under_way(name: str) -> None:
    service = unit(name)["Service"]

    assert service["Type"] == ["notify"]
    assert seconds(service["WatchdogSec"][0]) >= 6 * Periods().heartbeat.total_seconds()
    assert seconds(service["TimeoutStopSec"][0]) >= 2 * (DRAIN.total_seconds() + WEB_DRAIN)


@pytest.mark.parametrize("name", UNITS)
def test_a_unit_is_started_again_for_as_long_as_its_database_is_away(name: str) -> None:
    found = unit(name)

    assert found["Service"]["Restart"] == ["on-failure"]
    assert found["Unit"]["StartLimitIntervalSec"] == ["0"]


def test_the_units_are_closed_in_alike() -> None:
    own = {"ExecStart", "Environment"}
    one, *others = ({k: v for k, v in unit(name)["Service"].items() if k not in own} for name in UNITS)

    assert one["ProtectSystem"] == ["strict"]
    assert one["User"] == ["vigie"]
    assert all(other == one for other in others)


def test_a_unit_writes_where_it_may_and_reads_its_key_where_it_is_put() -> None:
    found, service = environment("vigie.service"), unit("vigie.service")["Service"]
    settings = Settings.load(found)

    assert settings.database.startswith(f"sqlite:////var/lib/{service['StateDirectory'][0]}/")
    for name in UNITS:
        (key, _), *_ = (line.split(":") for line in unit(name)["Service"]["LoadCredential"])
        assert environment(name)["VIGIE_KEY_FILE"] == f"%d/{key}"


def test_the_maintainers_command_takes_the_settings_of_the_service() -> None:
    text = (DEPLOY / "vigie-admin").read_text(encoding="utf-8")
    exported = dict(re.findall(r"\b(VIGIE_[A-Z]+)=(/\S+|sqlite:\S+)", text))
    given = {name: value for name, value in environment("vigie.service").items() if name.startswith("VIGIE_")}
    del given["VIGIE_KEY_FILE"]

    assert exported == given


def test_the_image_holds_what_it_copies_and_runs_as_nobody_of_weight() -> None:
    allowed = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    for line in image():
        if line.startswith("COPY") and "--from" not in line:
            for name in line.split()[1:-1]:
                assert (ROOT / name).exists()
                assert f"!{name}" in allowed
    users = [line.split()[1] for line in image() if line.startswith("USER")]

    assert users == ["10001:10001"]
    assert any("--require-hashes -r requirements-server.lock" in line for line in image())


def test_the_image_is_asked_where_it_listens() -> None:
    settings = dict(
        re.findall(r"(VIGIE_[A-Z]+)=(\S+)", next(line for line in image() if line.startswith("ENV")))
    )
    port = Settings.load(settings).port
    (health,) = (line for line in image() if line.startswith("HEALTHCHECK"))

    assert f"EXPOSE {port}" in image()
    assert f"http://127.0.0.1:{port}/healthz" in health
    assert all(name in settings for name in ("VIGIE_SOURCES", "VIGIE_RULES", "VIGIE_FILING"))


def test_the_images_file_for_the_pinned_packages_agrees_with_the_others() -> None:
    pins = re.compile(r"^([a-z0-9.-]+)==(\S+)(?: ; (.+?))? \\$", re.MULTILINE)
    common = set(pins.findall((ROOT / "requirements.lock").read_text(encoding="utf-8")))
    server = set(pins.findall((ROOT / "requirements-server.lock").read_text(encoding="utf-8")))
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"][
        "optional-dependencies"
    ]
    wanted = {
        re.split(r"[\[>=<]", name)[0] for extra in ("fleet", "postgres", "push") for name in extras[extra]
    }

    assert common <= server
    assert wanted <= {name for name, *_ in server}


@pytest.mark.parametrize("name", ["web", "worker"])
def test_a_service_of_the_composition_starts_what_the_program_knows(name: str) -> None:
    service = compose()["services"][name]

    assert parser().parse_args(service["command"])
    assert Settings.load({"VIGIE_DATABASE": service["environment"]["VIGIE_DATABASE"]}).database


def test_services_of_the_composition_are_closed_in() -> None:
    found = compose()
    for name, service in found["services"].items():
        assert set(service["secrets"]) <= set(found["secrets"])
        assert service["restart"] == "unless-stopped"
        if name != "db":  # PostgreSQL's own image starts as root and steps down
            assert service["read_only"] is True
            assert service["cap_drop"] == ["ALL"]
            assert service["security_opt"] == ["no-new-privileges:true"]


def test_the_database_of_the_composition_is_told_what_the_manual_tells_a_server() -> None:
    command = compose()["services"]["db"]["command"]
    manual = (ROOT / "docs" / "postgresql.md").read_text(encoding="utf-8")
    told = dict(re.findall(r"^\| `(\w+)` \| `(\w+)` \|", manual, re.MULTILINE))

    assert command[0] == "postgres"
    assert set(command[1::2]) == {"-c"}
    assert {tuple(option.split("=")) for option in command[2::2]} == {
        (name, told[name]) for name in ("shared_buffers", "max_wal_size")
    }


def test_the_composition_shows_the_pages_to_its_host_alone_and_believes_its_proxy() -> None:
    found = compose()
    web = found["services"]["web"]
    (network,) = found["networks"]["default"]["ipam"]["config"]

    assert web["ports"] == [f"127.0.0.1:8000:{Settings().port}"]
    assert (
        Settings.load({"VIGIE_PROXIES": web["environment"]["VIGIE_PROXIES"]}).proxies
        == f"{network['gateway']}/32"
    )
    assert {service for service, given in found["services"].items() if "ports" in given} == {"web"}


@pytest.mark.parametrize("line", LINE.findall((ROOT / "docs" / "operations.md").read_text(encoding="utf-8")))
def test_every_command_of_the_manual_exists(line: str) -> None:
    assert parser().parse_args(shlex.split(line, comments=True))
