"""One way out: claim, send, settle. What fails without an answer from outside is our own fault, and costs
no other message its turn.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

from watcher.beats import Beats
from watcher.contents import Contents
from watcher.core.faults import what_and_where
from watcher.core.outbox import GIVE_UP, Attempt, Claimed, DigestRun, Fate, MessageKind, Settlement
from watcher.core.ports import Clock
from watcher.core.ports_outgoing import OutboxStore, Renderer, Send, Sender, SenderDown, SubscriptionStore
from watcher.core.retry import Brake, behind, settle
from watcher.core.state import Problem, ProblemKind
from watcher.core.subscriptions import EndReason, Subscription, Way
from watcher.queues import Held, Queues

CLAIM = 500  # messages at once: memory stays the same however many wait
LEASE = timedelta(minutes=10)
# Before the end of a lease nothing new is begun; no mail server may take longer.
MARGIN = timedelta(minutes=6)
LOOK = 0.5  # seconds after which new messages are looked for while slow recipients are waited for
LOOK_AGAIN = timedelta(minutes=1)  # after which leases that ended are looked for, though nothing else is due
HARD_BOUNCES = 3  # on as many different days, and the address is not written to any more

# Go to no subscriber yet, or ever.
_STRANGERS = frozenset({MessageKind.CONFIRMATION, MessageKind.CHALLENGE, MessageKind.PROBLEMS})
NAMES = {Way.MAIL: "courriel", Way.WEBHOOK: "web-hooks", Way.CHAT: "messageries"}


@dataclass(frozen=True, slots=True)
class WayOut:
    """What one way needs. With a `concurrency` above one, `sender` is used by as many threads."""

    sender: Sender
    render: Renderer
    concurrency: int = 1


@dataclass(frozen=True, slots=True)
class Office:
    """What all ways share. `tell` takes a word and named values for the log: never an address."""

    outbox: OutboxStore
    subscriptions: SubscriptionStore
    note_problems: Callable[[Sequence[Problem], Sequence[str], datetime], None]
    runs: Callable[[str], DigestRun]
    clock: Clock
    chance: Callable[[], float]
    owner: str
    tell: Callable[..., None]
    beats: Beats = field(default_factory=Beats)  # of ways: each attempt is one


@dataclass(slots=True)
class Round:
    """What one round came to."""

    fates: Counter[Fate] = field(default_factory=Counter)
    down: str = ""  # why this way could not be used


class Line:
    """The worker of one way out; one thread's at a time, whatever it uses below."""

    def __init__(self, office: Office, out: WayOut) -> None:
        self._office, self._out = office, out
        self._outbox, self._clock = office.outbox, office.clock
        self._way = out.sender.way
        self._owner = f"{office.owner}/{self._way}"
        self._subject = f"sender:{self._way}"
        self._contents = Contents(office.outbox, out.render, office.runs)
        self._brake: Brake | None = None
        self._proved = False  # this way works, and nobody says otherwise any more
        self._halt = False  # this round: nothing new is begun
        self._untidy = False  # something may still be held by us, or be unsettled
        self._unsettled: list[tuple[str, Settlement]] = []  # sent, but not written down
        self._looked_at: datetime | None = None
        self._more: Callable[[], None] | None = None
        self._last = False  # nothing more is claimed in this round
        self._lock = Lock()

    @property
    def braked_until(self) -> datetime | None:
        brake = self._brake
        return brake.until if brake and brake.holds(self._clock.now()) else None

    def round(self, more: Callable[[], None] | None = None) -> Round:
        """Send everything that is due, unless this way is braked.

        With `more`, only what is claimed at once; it is called before that is sent when there may be more.
        """
        held, done = self._outbox.held(), Round()
        self._tidy()
        self._halt, self._more, self._last = False, more, False
        if (not held or self._way is Way.MAIL) and not self.braked_until and self._has_work():
            self._untidy = True
            claimed = self._claim(done)
            if claimed:
                self._use(claimed, done)
            self._tidy()
        done.down = done.down or held
        return done

    def _use(self, claimed: Sequence[Claimed], done: Round) -> None:
        try:
            with self._out.sender.open() as send:
                if self._out.concurrency > 1:
                    self._side_by_side(send, claimed, done)
                else:
                    self._in_turn(send, claimed, done)
        except SenderDown as error:
            self._stop(done, str(error))

    def _has_work(self) -> bool:
        """Whether something is due, or it is time to look for what the dead left behind."""
        if self._stopping():
            return False
        now, looked, due = self._clock.now(), self._looked_at, self._outbox.oldest_due(self._way)
        if (due is None or due > now) and looked and looked <= now < looked + LOOK_AGAIN:
            return False
        self._looked_at = now
        return True

    def _stopping(self) -> bool:
        return self._halt or self._clock.wait(timedelta(0))

    def _tidy(self) -> None:
        """Write down what could not be before, then give back what was claimed and not tried."""
        if not self._untidy:
            return
        while self._unsettled:
            message, settlement = self._unsettled[0]
            self._outbox.settle(message, settlement, self._clock.now())
            self._unsettled.pop(0)
        self._outbox.release_messages(self._owner)
        self._untidy = False

    def _in_turn(self, send: Send, claimed: Sequence[Claimed], done: Round) -> None:
        while claimed:
            until = self._clock.now() + LEASE - MARGIN
            if not self._chain(send, [(one, until) for one in claimed], done):
                self._outbox.release_messages(self._owner)
            claimed = self._claim(done)

    def _side_by_side(self, send: Send, claimed: Sequence[Claimed], done: Round) -> None:
        """One message at a time for each recipient; whoever is slow is overtaken by all others."""
        queues = Queues()
        running: dict[str, Future[bool]] = {}
        with ThreadPoolExecutor(self._out.concurrency, thread_name_prefix=str(self._way)) as pool:
            while True:
                queues.add(claimed, self._clock.now() + LEASE - MARGIN)
                for about in queues.waiting - running.keys():
                    running[about] = pool.submit(self._chain, send, queues.take(about), done)
                if not running:
                    return
                wait(running.values(), timeout=LOOK, return_when=FIRST_COMPLETED)
                for about in [about for about, work in running.items() if work.done()]:
                    running.pop(about).result()
                    queues.done(about)
                idle = len(running) < 2 * self._out.concurrency and len(queues) < CLAIM
                claimed = self._claim(done) if idle else ()

    def _claim(self, done: Round) -> list[Claimed]:
        """The next messages, each with its content."""
        if self._stopping() or self._last:
            return []
        now, only = self._clock.now(), None
        if self._outbox.held():  # of which maintainers are told all the same, and of whatever else is wrong
            only = MessageKind.PROBLEMS
        else:
            self._outbox.compose(now, self._way, CLAIM)
        claimed = self._outbox.claim_messages(self._way, self._owner, now, now + LEASE, CLAIM, only)
        if self._more is not None:
            self._last = True
            if len(claimed) == CLAIM:
                self._more()
        ready, failed = self._contents.freeze(claimed)
        for unsayable in failed:
            for one in unsayable.claimed:
                self._conclude(one, _poisoned(unsayable.error), None, done)
        return ready

    def _chain(self, send: Send, chain: Sequence[Held], done: Round) -> bool:
        """Send in turn; false when some were left untried."""
        wanted = self._outbox.wanted(chain[0][0].message.id)
        for place, (claimed, until) in enumerate(chain):
            if self._stopping() or self._clock.now() >= until:
                return False
            following = chain[place + 1][0].message.id if place + 1 < len(chain) else None
            if not wanted:
                wanted = following is not None and self._outbox.wanted(following)
                continue
            attempt = self._try(send, claimed)
            settlement, wanted = self._conclude(claimed, attempt, following, done)
            if attempt.fate is Fate.STOPPED:
                self._stop(done, attempt.detail)
                return False
            if attempt.fate is Fate.RETRY and self._out.concurrency > 1:  # all of them are for one recipient
                for one, _ in chain[place + 1 :]:
                    self._write(one.message.id, behind(one.message, settlement), None)
                return True
        return True

    def _try(self, send: Send, claimed: Claimed) -> Attempt:
        self._office.beats.beat(self._way)
        content = self._contents.of(claimed.message.content or "")
        if content is None:
            return Attempt(Fate.POISONED, "no content")
        try:
            return send(claimed, content)
        except SenderDown as error:
            return Attempt(Fate.STOPPED, str(error))
        except Exception as error:  # ours, whatever it is: the other messages go out
            return _poisoned(error)

    def _conclude(
        self, claimed: Claimed, attempt: Attempt, following: str | None, done: Round
    ) -> tuple[Settlement, bool]:
        """Write down what an attempt came to; whether the `following` message is still wanted."""
        now = self._clock.now()
        message = claimed.message
        settlement = settle(message, attempt, now, self._office.chance())
        wanted = self._write(message.id, settlement, following)
        with self._lock:
            done.fates[attempt.fate] += 1
        if attempt.fate is Fate.ACCEPTED:
            self._prove(now)
            return settlement, wanted
        self._office.tell(
            "not_accepted",
            message=message.id,
            way=str(self._way),
            fate=str(attempt.fate),
            detail=attempt.detail,
            state=str(settlement.state),
        )
        if message.kind not in _STRANGERS and self._end(claimed.subscription, attempt, settlement, now):
            wanted = following is not None and self._outbox.wanted(following)  # it may be for the same
        return settlement, wanted

    def _write(self, message: str, settlement: Settlement, following: str | None) -> bool:
        """What cannot be written now is kept, and written before anything else is sent this way."""
        try:
            return self._outbox.settle(message, settlement, self._clock.now(), following)
        except Exception:
            with self._lock:
                self._unsettled.append((message, settlement))
                self._halt = True
            raise

    def _end(self, who: Subscription, attempt: Attempt, settlement: Settlement, now: datetime) -> bool:
        """End a subscription whose recipient is not there any more; whether it is so."""
        reason = self._reason(who, attempt, settlement, now)
        return reason is not None and self._office.subscriptions.end(who.id, reason, now)

    def _reason(
        self, who: Subscription, attempt: Attempt, settlement: Settlement, now: datetime
    ) -> EndReason | None:
        if attempt.fate is Fate.BOUNCED:
            days = self._office.subscriptions.note_bounce(who.id, now.date().isoformat())
            return EndReason.BOUNCED if days >= HARD_BOUNCES else None
        if not settlement.ends:
            return None
        if attempt.fate is Fate.GONE:
            return EndReason.GONE
        return None if self._outbox.took_since(who.id, now - GIVE_UP) else EndReason.FAILING

    def _stop(self, done: Round, reason: str) -> None:
        """This way cannot be used: leave it alone for a while, and say so."""
        with self._lock:
            if done.down:
                return
            done.down = reason or "?"
            self._halt, self._proved = True, False
        now = self._clock.now()
        self._brake = Brake.pulled(self._brake, now)
        evidence = f"{NAMES[self._way]} : envois arrêtés ({reason}), repris à {self._brake.until:%H:%M} UTC"
        trouble = Problem(self._subject, ProblemKind.SENDER, now, evidence, needs_human=True)
        self._office.note_problems((trouble,), (), now)

    def _prove(self, now: datetime) -> None:
        """The first success ends what was said of this way, also by a process before this one."""
        with self._lock:
            if self._proved:
                return
            self._proved = True
        self._brake = None
        self._office.note_problems((), (self._subject,), now)


def _poisoned(error: Exception) -> Attempt:
    return Attempt(Fate.POISONED, what_and_where(error))
