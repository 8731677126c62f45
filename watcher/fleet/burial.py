"""Frees at once what processes of this machine held that were killed; of other machines, leases run out."""

from __future__ import annotations

from watcher.bootstrap import App
from watcher.owners import is_dead


def bury(app: App) -> int:
    """How many dead there were."""
    store = app.store
    dead = {one.holder for one in store.platforms() if one.holder is not None and is_dead(one.holder)}
    for owner in dead:
        store.release_all(owner)
    for duty in store.duties(app.clock.now()):
        if is_dead(duty.holder):
            store.release_duty(duty.name, duty.holder)
    senders = {owner for owner in app.outbox.lease_owners() if is_dead(owner)}
    for owner in senders:
        app.outbox.disown_messages(owner)
    return len(dead | senders)
