"""Which chats a maintainer may add; none whose messages could be read on their way."""

from __future__ import annotations

import pytest

from watcher.core.chats import ChatError, chat_address

TELEGRAM = "tgram://123456789:AABBccddeeffgghhiijjkkllmmnnooppqqr/12345"


@pytest.mark.parametrize(
    "address",
    [
        TELEGRAM,
        *(
            "matrixs://user:pw@matrix.example.org/#room",
            "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ",
        ),
        *("discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js", "ntfys://ntfy.example.org/topic"),
        *(
            "mmosts://chat.example.org/token",
            "rockets://u:p@chat.example.org/#room",
            "gotifys://g.example.org/t",
        ),
    ],
)
def test_chats_that_are_asked_over_https_are_admitted(address: str) -> None:
    assert chat_address(f" {address}\n", allow_private=False) == address


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("matrix://u:p@matrix.example.org/#room", "matrixs://"),
        ("gotify://g.example.org/t", "gotifys://"),
        ("ntfy://ntfy.example.org/topic", "ntfys://"),
        ("json://127.0.0.1/", "pas admis"),
        ("mailto://u:p@example.org", "pas admis"),
        ("https://hooks.example.org/", "pas admis"),
        ("file:///etc/passwd", "pas admis"),
        ("syslog://", "forme"),
        ("tgram:// a", "forme"),
        ("", "forme"),
        ("salon", "forme"),
        ("gotifys://g.example.org/t?verify=no", "verify="),
        ("gotifys://g.example.org/t?a=b&VERIFY=false", "verify="),
    ],
)
def test_others_are_refused_in_a_line_without_their_secrets(address: str, told: str) -> None:
    with pytest.raises(ChatError, match=told) as refused:
        chat_address(address, allow_private=False)
    assert "example" not in str(refused.value)


def test_on_ones_own_machine_plain_http_is_good_enough() -> None:
    assert chat_address("gotify://127.0.0.1:80/t", allow_private=True) == "gotify://127.0.0.1:80/t"
