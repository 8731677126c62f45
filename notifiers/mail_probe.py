"""Can a title become a header? Asked of this Python, and of what we write ourselves.

Several releases of Python, 3.11.7 among them, write the line breaks of an encoded word into the header
(CVE-2024-6923). We do not use its generator; that this holds is tried out before the first mail.
"""

from __future__ import annotations

import sys
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage
from functools import cache

from notifiers.render.mail_mime import alternative
from watcher.core.mail_subject import harmless

_INJECTED = "X-Injected"
_HOSTILE = (
    f"=?utf-8?q?x=0D=0A{_INJECTED}:_1?=",
    f"=?utf-8?b?eA0KWC1JbmplY3RlZDogMQ==?= x\r\n{_INJECTED}: 1",
    f"x\n{_INJECTED}: 1",
    f"x\u2028{_INJECTED}: 1\x85{_INJECTED}: 1\x0b{_INJECTED}: 1",
)
_HEADERS = ["Subject", "MIME-Version", "Content-Type"]


def header_injection() -> str | None:
    """Why this Python's own mails cannot be trusted, if they cannot."""
    message = EmailMessage()
    try:
        message["Subject"] = _HOSTILE[0]
        written = message.as_bytes()
    except (MessageError, ValueError):  # newer ones refuse to write it
        return None
    if _INJECTED in message_from_bytes(written):
        return f"Python {sys.version.split()[0]} makes headers of encoded words"
    return None


@cache
def rendering_flaw() -> str | None:
    """What our own rendering would let through; then no mail may leave."""
    for subject in _HOSTILE:
        written = alternative(harmless(subject), (), subject.replace("\r", ""), "<p></p>")
        read = message_from_bytes(written, policy=policy.default)
        if read.keys() != _HEADERS or "\n" in str(read["Subject"]):
            return f"a title became a header under Python {sys.version.split()[0]}"
    return None
