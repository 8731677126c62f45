"""The composition root of telling people: which senders there are, and what they are made of."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from watcher.bootstrap import App, user_agent, vocabulary
from watcher.core.errors import SettingsError
from watcher.core.subscriptions import Way
from watcher.owners import owner

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from notifiers.render.mail import MailRenderer
    from watcher.bounces import BounceDesk
    from watcher.core.labels import Vocabulary
    from watcher.core.ports_outgoing import Sender
    from watcher.deliver import Deliverer
    from watcher.hub import HubTold
    from watcher.links import SignedLinks
    from watcher.mail_settings import MailServer, MailSettings
    from watcher.post import HttpPoster
    from watcher.postroom import Post
    from watcher.sending import WayOut
    from watcher.subscribe import Subscribing
    from watcher.timestamps import Authority
    from watcher.webhooks import Webhooks


@contextmanager
def open_deliverer(app: App) -> Iterator[Deliverer]:
    """What sends; nothing is connected before there is something to be sent. Keep one for a process."""
    import structlog

    from watcher.deliver import Deliverer
    from watcher.digest import Runs
    from watcher.sending import Office
    from watcher.subscribe import judge

    chance = random.Random()  # noqa: S311  # jitter, no secret
    office = Office(
        outbox=app.outbox,
        subscriptions=app.subscriptions,
        note_problems=app.store.note_problems,
        runs=Runs(app.outbox, app.store, app.catalogue, app.clock),
        clock=app.clock,
        chance=chance.random,
        owner=owner(),
        tell=structlog.get_logger("vigie").warning,
    )
    with _poster(app) as poster:
        yield Deliverer(office, _ways(app, poster), lambda now: judge(app.subscriptions, now))


@contextmanager
def open_hub(app: App) -> Iterator[HubTold | None]:
    """Who keeps the configured hub told; `None` when there is no hub."""
    if not app.settings.websub_hub:
        yield None
        return
    from notifiers.websub import HubPing
    from watcher.hub import HubTold

    with _poster(app) as poster:
        ping = HubPing(poster, app.settings.websub_hub)
        yield HubTold(app.store, ping, app.settings.base_url, app.clock, app.desk.decisions)


@contextmanager
def open_ping(app: App) -> Iterator[Callable[[], str] | None]:
    """Tells whoever waits for it that all goes on: "" or why they could not be told. `None` when nobody does."""
    from watcher.core.posting import PostFailure

    address = app.settings.ping
    if not address:
        yield None
        return
    with _poster(app) as poster:

        def ping() -> str:
            match poster.post(address, b""):
                case PostFailure(kind=kind):
                    return str(kind)
                case posted:
                    return "" if 200 <= posted.status < 300 else f"HTTP {posted.status}"

        yield ping


@contextmanager
def open_post(app: App) -> Iterator[Post]:
    """The telling side of a daemon."""
    from watcher.postroom import Post

    people = None if app.rehearsal else app.subscriptions
    with open_deliverer(app) as deliverer, open_hub(app) as hub:
        yield Post(deliverer, people, app.clock, hub, problem_news(app))


def problem_news(app: App) -> Callable[[datetime], object] | None:
    """Puts letters to maintainers into the queue; `None` where nobody is to be written to."""
    if not app.settings.maintainers:
        return None
    from notifiers.render.problems import ProblemLetter
    from watcher.problem_news import ProblemNews

    letter = ProblemLetter(app.catalogue, app.settings.base_url)
    return ProblemNews(app.outbox, app.catalogue, letter, len(app.settings.maintainers)).tell


def subscribing(app: App) -> Subscribing:
    """Where people sign up; without mail, the links in old letters still work."""
    from watcher.subscribe import Subscribing

    takes = app.settings.mail is not None
    return Subscribing(app.subscriptions, app.outbox, app.vault, app.clock, open=takes)


def mail_renderer(app: App, words: Vocabulary | None = None) -> MailRenderer:
    from notifiers.render.mail import MailRenderer

    return MailRenderer(words or vocabulary(app.settings, app.catalogue), app.settings.base_url)


def web_hooks(app: App) -> Webhooks:
    """Where programs are signed up."""
    from watcher.webhooks import Webhooks

    return Webhooks(app.subscriptions, app.vault, app.clock, allow_private=app.settings.allow_private)


def bounce_desk(app: App) -> BounceDesk:
    """Whoever takes in what comes back of our mails."""
    from notifiers.bounces import BounceReader
    from watcher.bounces import BounceDesk

    mail = app.settings.mail
    if mail is None:
        raise SettingsError("VIGIE_SMTP : sans courrier sortant, rien n'en revient")
    return BounceDesk(BounceReader(mail.bounces or mail.address), app.subscriptions, app.vault.subject)


def _ways(app: App, poster: HttpPoster) -> Mapping[Way, WayOut]:
    from notifiers.chat import ChatSender
    from notifiers.render.chat import ChatRenderer
    from notifiers.render.webhook import WebhookRenderer
    from notifiers.webhook import WebhookSender
    from watcher.sending import WayOut

    words, base = vocabulary(app.settings, app.catalogue), app.settings.base_url

    webhook = WebhookSender(poster, app.vault, app.clock, web_hooks(app).confirm)
    chat = ChatSender(app.vault, app.clock)
    ways = {
        Way.WEBHOOK: WayOut(webhook, WebhookRenderer(words, base), webhook.concurrency),
        Way.CHAT: WayOut(chat, ChatRenderer(words, base), chat.concurrency),
    }
    mail = app.settings.mail
    if mail is None:
        return ways
    return {Way.MAIL: WayOut(_mail_sender(app, mail), mail_renderer(app, words)), **ways}


def _mail_sender(app: App, mail: MailSettings) -> Sender:
    from notifiers.letterhead import Identity
    from notifiers.maildir import FolderSender
    from watcher.links import SignedLinks
    from watcher.mail_settings import MailServer

    links = SignedLinks(app.vault, app.settings.base_url, app.clock, app.settings.maintainers)
    try:
        if isinstance(mail.to, MailServer):
            return _smtp(app, mail, mail.to, links)
        help_page = f"{app.settings.base_url}/"
        return FolderSender(mail.to, Identity(mail.sender, mail.reply_to, mail.bounces, help_page), links)
    except ValueError as error:
        raise SettingsError(f"VIGIE_MAIL_FROM, VIGIE_MAIL_BOUNCES : {error}") from error


def _smtp(app: App, mail: MailSettings, server: MailServer, links: SignedLinks) -> Sender:
    from notifiers import mail as smtp
    from notifiers.smtp import Security

    security = {"smtp": Security.NONE, "smtp+starttls": Security.STARTTLS, "smtps": Security.TLS}
    return smtp.SmtpSender(
        smtp.MailServer(
            host=server.host,
            sender=mail.sender,
            port=server.port,
            security=security[server.scheme],
            user=server.user,
            password=server.password,
            rate=mail.rate * 60 if mail.rate else 0.0,
            reply_to=mail.reply_to,
            bounces=mail.bounces,
            help_page=f"{app.settings.base_url}/",
        ),
        links,
        app.clock,
    )


@contextmanager
def open_authority(app: App, address: str, roots: Path | None) -> Iterator[Authority]:
    """Who attests the time; whose certificates are in `roots`. Raises `UserError` when that cannot be read."""
    from watcher.post import HttpPoster, Limits
    from watcher.timestamps import LARGEST, Authority, trusted

    known = trusted(roots) if roots else ()
    poster = HttpPoster(
        app.clock,
        allow_private=app.settings.allow_private,
        user_agent=user_agent(app.settings.contact),
        limits=Limits(answer=LARGEST),
        open_letters=True,
    )
    try:
        yield Authority(poster, address, known)
    finally:
        poster.close()


@contextmanager
def _poster(app: App) -> Iterator[HttpPoster]:
    from watcher.post import HttpPoster

    poster = HttpPoster(
        app.clock,
        allow_private=app.settings.allow_private,
        user_agent=user_agent(app.settings.contact),
    )
    try:
        yield poster
    finally:
        poster.close()
