"""What flags and `VIGIE_…` variables mean."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from watcher.core.errors import SettingsError
from watcher.settings import Settings, parse_time


def test_nothing_given_means_the_shipped_files_a_local_database_and_loopback() -> None:
    settings = Settings.load({})
    root = Path(__file__).parents[2]
    assert settings.sources == root / "sources.yaml"
    assert settings.rules == root / "rules.yaml"
    assert settings.database == "sqlite:///var/vigie.db"
    assert settings.now is None
    assert settings.allow_private is False
    assert settings.base_url == "http://127.0.0.1:8000"


def test_variables_are_read() -> None:
    settings = Settings.load(
        {
            "VIGIE_SOURCES": "a/sources.yaml",
            "VIGIE_RULES": "a/rules.yaml",
            "VIGIE_DATABASE": "postgresql+psycopg://vigie@db/vigie",
            "VIGIE_NOW": "2025-09-10T10:00:00+02:00",
            "VIGIE_ALLOW_PRIVATE": "oui",
            "VIGIE_HOST": "0.0.0.0",
            "VIGIE_PORT": "8080",
            "VIGIE_BASE_URL": "https://vigie.exemple.org/",
            "VIGIE_CONTACT": "https://vigie.exemple.org/contact",
        }
    )
    assert settings == Settings(
        sources=Path("a/sources.yaml"),
        rules=Path("a/rules.yaml"),
        database="postgresql+psycopg://vigie@db/vigie",
        now=datetime(2025, 9, 10, 8, tzinfo=UTC),
        allow_private=True,
        host="0.0.0.0",
        port=8080,
        public_url="https://vigie.exemple.org",
        contact="https://vigie.exemple.org/contact",
    )
    assert settings.base_url == "https://vigie.exemple.org"


def test_flags_win_over_variables_and_absent_flags_do_not() -> None:
    environ = {"VIGIE_DATABASE": "sqlite:///a.db", "VIGIE_PORT": "8080", "VIGIE_ALLOW_PRIVATE": "1"}
    settings = Settings.load(environ, database="sqlite:///b.db", port=None, allow_private=False)
    assert (settings.database, settings.port, settings.allow_private) == ("sqlite:///b.db", 8080, False)


def test_proxies_are_addresses_and_networks() -> None:
    assert Settings.load({}).proxies == "127.0.0.1"
    assert Settings.load({"VIGIE_PROXIES": "127.0.0.1, 10.0.7.0/24,::1"}).proxies == (
        "127.0.0.1/32,10.0.7.0/24,::1/128"
    )


@pytest.mark.parametrize("text", ["*", "0.0.0.0/0", "127.0.0.1,::/0", "caddy", "10.0.0.1/24", ","])
def test_not_everybody_may_say_who_a_visitor_is(text: str) -> None:
    with pytest.raises(SettingsError, match="VIGIE_PROXIES"):
        Settings.load({"VIGIE_PROXIES": text})


def test_an_empty_variable_counts_as_absent() -> None:
    assert Settings.load({"VIGIE_PORT": "", "VIGIE_NOW": ""}) == Settings.load({})


def test_the_public_address_follows_where_the_server_listens() -> None:
    settings = replace(Settings.load({}), host="::1", port=9000)
    assert settings.base_url == "http://[::1]:9000"


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2025-09-10", datetime(2025, 9, 10, tzinfo=UTC)),
        ("2025-09-10T08:30", datetime(2025, 9, 10, 8, 30, tzinfo=UTC)),
        ("2025-09-10T08:30:00Z", datetime(2025, 9, 10, 8, 30, tzinfo=UTC)),
        ("2025-09-10T08:30:00-04:00", datetime(2025, 9, 10, 12, 30, tzinfo=UTC)),
    ],
)
def test_a_time_is_in_utc_unless_it_says_otherwise(text: str, time: datetime) -> None:
    assert parse_time(text, "--now") == time


@pytest.mark.parametrize(
    ("variable", "value", "told"),
    [
        (
            "VIGIE_NOW",
            "hier",
            "VIGIE_NOW : « hier » n'est pas une date (2025-09-10) ou une date et une heure ISO",
        ),
        ("VIGIE_NOW", "0001-01-01T00:00+14:00", "VIGIE_NOW : « 0001-01-01T00:00+14:00 » n'est pas une date"),
        ("VIGIE_PORT", "http", "VIGIE_PORT : « http » n'est pas un numéro de port (0 à 65535)"),
        ("VIGIE_PORT", "65536", "VIGIE_PORT : « 65536 » n'est pas un numéro de port (0 à 65535)"),
        (
            "VIGIE_ALLOW_PRIVATE",
            "peut-être",
            "VIGIE_ALLOW_PRIVATE : « peut-être » n'est ni oui (1) ni non (0)",
        ),
        ("VIGIE_DATABASE", "vigie.db", "VIGIE_DATABASE : une adresse de base de données est attendue"),
        ("VIGIE_HOST", "a b\nc", "VIGIE_HOST : « a b c » n'est pas une adresse d'écoute"),
        ("VIGIE_BASE_URL", "vigie.org", "VIGIE_BASE_URL : « vigie.org » n'est pas une adresse publique"),
        ("VIGIE_BASE_URL", "http://[::1", "VIGIE_BASE_URL : « http://[::1 » n'est pas une adresse publique"),
        ("VIGIE_BASE_URL", "http://a:99999", "VIGIE_BASE_URL : « http://a:99999 » n'est pas une adresse"),
        (
            "VIGIE_WEBSUB_HUB",
            "https://[::1",
            "VIGIE_WEBSUB_HUB : « https://[::1 » n'est pas l'adresse d'un hub",
        ),
        ("VIGIE_PING", "https://[::1", "VIGIE_PING : une adresse https est attendue"),
        ("VIGIE_CONTACT", "a\r\nX-Evil: 1", "VIGIE_CONTACT : une adresse ou une URL est attendue"),
        ("VIGIE_SOURCES", " ", "VIGIE_SOURCES : un chemin de fichier est attendu"),
    ],
)
def test_a_value_that_cannot_be_meant_is_one_line_that_names_its_variable(
    variable: str, value: str, told: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.load({variable: value})
    assert str(caught.value).startswith(told)
    assert len(str(caught.value).splitlines()) == 1


def test_a_bad_flag_is_named_as_it_was_typed() -> None:
    with pytest.raises(SettingsError, match=r"^--now : « x » n'est pas une date"):
        Settings.load({}, now="x")


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_a_server_is_the_same_however_its_address_is_spelt(scheme: str) -> None:
    given = f"{scheme}://vigie:s3cret@db/vigie?sslmode=require"

    assert Settings.load({}, database=given).database == (
        "postgresql+psycopg://vigie:s3cret@db/vigie?sslmode=require"
    )


def test_the_password_of_a_database_is_never_repeated() -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.load({"VIGIE_DATABASE": "postgresql:vigie:s3cret@db"})
    assert "s3cret" not in str(caught.value)


def test_whom_to_tell_that_all_goes_on_is_an_https_address() -> None:
    address = "https://hc.exemple.org/ping/0a1b?create=1"

    assert Settings.load({"VIGIE_PING": address}).ping == address
    assert address not in repr(Settings.load({"VIGIE_PING": address}))


@pytest.mark.parametrize(
    "address",
    [
        "http://hc.exemple.org/ping",
        "https://user@hc.exemple.org/",
        "ftp://x/",
        "hc.exemple.org",
        "https://a b/",
    ],
)
def test_any_other_is_refused_without_being_repeated(address: str) -> None:
    with pytest.raises(SettingsError, match="VIGIE_PING") as refused:
        Settings.load({"VIGIE_PING": address})

    assert address not in str(refused.value)
