"""What comes back of a mail, as servers write it."""

from __future__ import annotations

MAILBOX = "retours@vigie.example"


def report(to: str, status: str = "5.1.1", action: str = "failed", *, original: str = "") -> bytes:
    """A delivery report (RFC 3464) to `to`; `original` is the Return-Path of the mail in it."""
    return (
        "From: MAILER-DAEMON@relay.example\r\n"
        f"To: {to}\r\n"
        "Subject: Undelivered Mail Returned to Sender\r\n"
        "Auto-Submitted: auto-replied\r\n"
        "MIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b1"\r\n'
        "\r\n"
        "--b1\r\nContent-Type: text/plain\r\n\r\nThis is the mail system.\r\n"
        "--b1\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; relay.example\r\n\r\n"
        f"Final-Recipient: rfc822; reader@lecteurs.example\r\nAction: {action}\r\nStatus: {status}\r\n"
        "Diagnostic-Code: smtp; said so\r\n\r\n"
        "--b1\r\nContent-Type: message/rfc822\r\n\r\n"
        f"Return-Path: <{original}>\r\nSubject: Cantal\r\n\r\nbody\r\n"
        "--b1--\r\n"
    ).encode()


def complaint(original: str, kind: str = "abuse") -> bytes:
    """A complaint (RFC 5965) about the mail that was sent from `original`."""
    return (
        "From: feedback@relay.example\r\nTo: abuse@vigie.example\r\nSubject: FW: Cantal\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=feedback-report; boundary="b2"\r\n\r\n'
        "--b2\r\nContent-Type: text/plain\r\n\r\nAn abuse report.\r\n"
        "--b2\r\nContent-Type: message/feedback-report\r\n\r\n"
        f"Feedback-Type: {kind}\r\nUser-Agent: Relay/1\r\nVersion: 1\r\nOriginal-Mail-From: <{original}>\r\n\r\n"
        "--b2\r\nContent-Type: message/rfc822\r\n\r\nSubject: Cantal\r\n\r\nbody\r\n--b2--\r\n"
    ).encode()


def unsubscription(token: str) -> bytes:
    return f"From: a@b.example\r\nTo: {MAILBOX}\r\nSubject: unsubscribe {token}\r\n\r\n".encode()
