"""One SMTP connection: nothing that a server says, or leaves unsaid, takes longer or more than it may.

The standard library's client reads answers without end; here each has a deadline, and lines a length.
"""

from __future__ import annotations

import contextlib
import re
import smtplib
import socket
import ssl
from dataclasses import dataclass
from enum import StrEnum
from time import monotonic

from notifiers.letterhead import Letter
from watcher.core.ports_outgoing import SenderDown
from watcher.core.smtp_replies import Reply, Stage, expected

LINES, LINE = 100, 2048  # of one answer
GOODBYE = 2.0  # seconds
SHORTER = 0.9  # of a wait is left: from then on it is made shorter; each change is a call to the system
_LINE = re.compile(rb"([2-5][0-9]{2})(?:([ -])(.*))?", re.DOTALL)
_WHOLE = re.compile(rb"([2-5][0-9]{2}) ([^\r\n]{0,2000})\r\n")  # an answer as it nearly always is
_GO_AHEAD = re.compile(rb"(?:2[0-9]{2} [^\r\n]{0,1000}\r\n){2}3[0-9]{2} [^\r\n]{0,1000}\r\n")
_BEFORE_DOT = (Stage.MAIL, Stage.RCPT, Stage.DATA)


class Security(StrEnum):
    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A server and how to speak with it. Times in seconds: for each answer, and for the one to the whole message."""

    host: str
    port: int
    security: Security
    user: str
    password: str
    helo: str
    timeout: float
    patience: float


class NoReplyError(OSError):
    """What came instead of an answer: ``timeout``, ``closed``, ``nonsense``."""


def connect(endpoint: Endpoint, context: ssl.SSLContext | None) -> Connection:
    """Ready for messages. Raises `SenderDown`; a line that was to be encrypted never falls back to a clear one."""
    connection = Connection(endpoint, context)
    try:
        connection.begin()
    except SenderDown:
        connection.close()
        raise
    except smtplib.SMTPAuthenticationError as error:
        reason = Reply(error.smtp_code, _text(error.smtp_error)).told(Stage.AUTH)
    except smtplib.SMTPException as error:
        reason = f"{connection.stage} {type(error).__name__}"
    except OSError as error:
        reason = f"{connection.stage} {_why(error)}"
    except (
        ValueError
    ) as error:  # smtplib stumbles over challenges that are none, and passwords that are not ASCII
        reason = f"{connection.stage} {type(error).__name__}"
    else:
        return connection
    connection.close()
    raise SenderDown(reason)


class Connection(smtplib.SMTP):
    """`stage` is the one under way."""

    def __init__(self, endpoint: Endpoint, context: ssl.SSLContext | None) -> None:
        super().__init__(local_hostname=endpoint.helo, timeout=endpoint.timeout)
        self._endpoint = endpoint
        self._context = context
        self._buffer = b""
        self.stage = Stage.GREETING
        self.turns = 0  # messages that were tried

    def begin(self) -> None:
        endpoint = self._endpoint
        self._need(self.connect(endpoint.host, endpoint.port)[0])
        self._hello()
        if endpoint.security is Security.STARTTLS:
            self._encrypt()
            self._hello()
        if endpoint.user:
            self.stage = Stage.AUTH
            if endpoint.security is Security.NONE and endpoint.host not in {"localhost", "127.0.0.1", "::1"}:
                raise SenderDown("AUTH refused by ourselves: the line is not encrypted")
            self.login(endpoint.user, endpoint.password)

    def _hello(self) -> None:
        self.stage = Stage.EHLO
        self._need(self.ehlo()[0])

    def _encrypt(self) -> None:
        self.stage = Stage.STARTTLS
        if not self.has_extn("starttls"):
            raise SenderDown("STARTTLS is not offered")
        self._need(self.docmd("STARTTLS")[0])
        if self._buffer:
            raise SenderDown("STARTTLS with words in clear behind it")
        plain = self._open()
        self.sock = self._encrypted(plain, self._endpoint.host)
        self.helo_resp = self.ehlo_resp = None
        self.esmtp_features, self.does_esmtp = {}, False

    def _need(self, code: int) -> None:
        if not expected(self.stage, code):
            raise SenderDown(Reply(code).told(self.stage))

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        plain = socket.create_connection((host, port), timeout)
        # Commands are waited upon: none may linger for company.
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._endpoint.security is not Security.TLS:
            return plain
        return self._encrypted(plain, host)

    def _encrypted(self, plain: socket.socket, host: str) -> socket.socket:
        context = self._context or ssl.create_default_context()
        return context.wrap_socket(plain, server_hostname=host)

    def transact(self, letter: Letter) -> tuple[Stage, Reply]:
        """Try one message: how far it came, and the answer there. Closes a connection that is of no more use."""
        self.stage = Stage.MAIL
        self.turns += 1
        try:
            refusal = self._announce(letter)
            if refusal is not None:
                return refusal
            self._write(_stuffed(letter.data))
            self.stage = Stage.DOT
            reply = self._reply(self._endpoint.patience)
        except OSError as error:
            self.close()
            return self.stage, Reply(0, _why(error))
        if reply.code == 421 or not 200 <= reply.code < 600 or 300 <= reply.code < 400:
            self.close()
        return Stage.DOT, reply

    def _announce(self, letter: Letter) -> tuple[Stage, Reply] | None:
        """The envelope, at one go where the server takes that (RFC 2920); the stage that failed."""
        commands = (
            b"MAIL FROM:<%b>\r\n" % letter.sender.encode("ascii"),
            b"RCPT TO:<%b>\r\n" % letter.recipient.encode("ascii"),
            b"DATA\r\n",
        )
        together = self.has_extn("pipelining")
        if together:
            self._write(b"".join(commands))
            self._begun(monotonic() + self._endpoint.timeout)
            if _GO_AHEAD.fullmatch(self._buffer):
                self._buffer, self.stage = b"", Stage.DATA
                return None
        for index, stage in enumerate(_BEFORE_DOT):
            self.stage = stage
            if not together:
                self._write(commands[index])
            reply = self._reply(self._endpoint.timeout)
            if not expected(stage, reply.code):
                self._abandon(reply, pending=len(commands) - 1 - index if together else 0)
                return stage, reply
        return None

    def _abandon(self, reply: Reply, *, pending: int) -> None:
        """Make the connection fit for the next message, or close it: also a lost line leaves the answer as it was."""
        try:
            later = [self._reply(self._endpoint.timeout) for _ in range(pending)]
            # A server that wants the text of a message it refused would get an empty one.
            useless = reply.code == 421 or any(expected(Stage.DATA, one.code) for one in (reply, *later))
            if not useless:
                self._write(b"RSET\r\n")
                useless = self._reply(self._endpoint.timeout).code != 250
        except OSError:
            useless = True
        if useless:
            self.close()

    def alive(self) -> bool:
        return self.sock is not None

    def goodbye(self) -> None:
        """Politely, but not at any price: everything that mattered was answered before."""
        if self.sock is not None:
            with contextlib.suppress(OSError):
                self._write(b"QUIT\r\n")
                self._reply(GOODBYE)
        self.close()

    def getreply(self) -> tuple[int, bytes]:
        reply = self._reply(self._endpoint.timeout)
        return reply.code, reply.text.encode("latin-1")

    def _open(self) -> socket.socket:
        if self.sock is None:
            raise NoReplyError("closed")
        return self.sock

    def _within(self, seconds: float) -> socket.socket:
        """The socket, on which nothing waits longer; each change is a call to the system, so none is made in vain."""
        sock = self._open()
        if sock.gettimeout() != seconds:
            sock.settimeout(seconds)
        return sock

    def _write(self, data: bytes) -> None:
        self._within(self._endpoint.timeout).sendall(data)

    def _reply(self, seconds: float) -> Reply:
        until = monotonic() + seconds
        self._within(seconds)
        self._begun(until)
        whole = _WHOLE.fullmatch(self._buffer)
        if whole:
            self._buffer = b""
            return Reply(int(whole[1]), whole[2].decode("latin-1"))
        lines: list[bytes] = []
        codes = set()
        while len(lines) < LINES:
            found = _LINE.fullmatch(self._line(until))
            if found is None:
                raise NoReplyError("nonsense")
            codes.add(found[1])
            lines.append(found[3] or b"")
            if found[2] != b"-":
                break
        else:
            raise NoReplyError("nonsense")
        if len(codes) > 1:
            raise NoReplyError("nonsense")
        return Reply(int(codes.pop()), b"\n".join(lines).decode("latin-1"))

    def _begun(self, until: float) -> None:
        """Wait for the beginning of an answer; it is nearly always all of it."""
        if not self._buffer:
            self._more(until)

    def _more(self, until: float) -> None:
        left, sock = until - monotonic(), self._open()
        if left <= 0:
            raise NoReplyError("timeout")
        if left < SHORTER * (sock.gettimeout() or 0.0):
            sock.settimeout(left)
        more = sock.recv(4096)
        if not more:
            raise NoReplyError("closed")
        self._buffer += more

    def _line(self, until: float) -> bytes:
        while b"\n" not in self._buffer:
            if len(self._buffer) > LINE:
                raise NoReplyError("nonsense")
            self._more(until)
        line, _, self._buffer = self._buffer.partition(b"\n")
        if len(line) > LINE:
            raise NoReplyError("nonsense")
        return line.rstrip(b"\r")


def _stuffed(data: bytes) -> bytes:
    """With the end of data; a line that begins with a dot gets another (RFC 5321 §4.5.2)."""
    if b"\n." in data:
        data = data.replace(b"\n.", b"\n..")
    return data + (b".\r\n" if data.endswith(b"\r\n") else b"\r\n.\r\n")


def _why(error: OSError) -> str:
    if isinstance(error, NoReplyError):
        return str(error)
    if isinstance(error, TimeoutError):
        return "timeout"
    if isinstance(error, ssl.SSLError):
        return f"TLS {error.reason or type(error).__name__}"
    return type(error).__name__


def _text(said: bytes | str) -> str:
    return said.decode("latin-1") if isinstance(said, bytes) else said
