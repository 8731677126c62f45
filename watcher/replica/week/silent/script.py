"""The silent week, from Monday 15 to Friday 19 September 2025, step by step."""

from __future__ import annotations

from watcher.replica.model import Markup, Typography
from watcher.replica.services.model import PROCEDURES, RESERVATIONS
from watcher.replica.week import noise
from watcher.replica.week.script import Step, dsfr, shared
from watcher.replica.week.silent import doors, stillness, swaps

_TYPED = tuple(kind for kind in Typography if kind is not Typography.PLAIN)

SILENT: tuple[Step, ...] = (
    Step("2025-09-15 08:30"),
    Step(
        "2025-09-15 10:00",
        drawn=(
            (dsfr(0.4), noise.typeset(*_TYPED)),
            (dsfr(0.4), noise.renew_images),
            (dsfr(0.5), noise.touch_guide),
            (dsfr(0.5), noise.send_files_again),
        ),
    ),
    Step("2025-09-15 11:30", named=(*doors.MONDAY, *swaps.MONDAY)),
    Step(
        "2025-09-15 14:00",
        drawn=(
            (dsfr(0.5), stillness.track),
            (shared(0.0, 0.5), stillness.plain_http),
            (dsfr(0.6), noise.change_menu),
        ),
    ),
    Step("2025-09-15 16:30", faults={"503": shared(0.0, 0.4)}, troubles={PROCEDURES: "503"}),
    Step("2025-09-16 09:00", named=swaps.TUESDAY),
    Step("2025-09-16 11:00", named=doors.TUESDAY, drawn=((dsfr(1.0), stillness.rename_host),)),
    Step(
        "2025-09-16 14:00",
        drawn=((dsfr(0.4), stillness.reorder),),
        troubles={PROCEDURES: "429", RESERVATIONS: "waf"},
    ),
    Step("2025-09-17 09:00", named=swaps.WEDNESDAY),
    Step("2025-09-17 11:00", named=doors.WEDNESDAY),
    Step(
        "2025-09-17 14:00",
        drawn=(
            (dsfr(0.4), stillness.slash),
            (dsfr(0.3), stillness.shout_host),
            (dsfr(0.4), stillness.by_index),
            (dsfr(0.3), stillness.deeper),
            (dsfr(0.5), stillness.with_subject),
            (dsfr(0.5), stillness.respell_post),
            (dsfr(0.5), stillness.against_robots),
        ),
        troubles={PROCEDURES: "sign_in"},
    ),
    Step("2025-09-18 09:00", named=swaps.THURSDAY),
    Step("2025-09-18 11:00", named=swaps.THURSDAY_LATER),
    Step("2025-09-18 14:00", drawn=((dsfr(1.0), noise.render_with(Markup.NEXT)),)),
    Step("2025-09-19 09:00", named=doors.FRIDAY),
    Step(
        "2025-09-19 11:00",
        drawn=((dsfr(0.4), noise.typeset(*Typography)), (dsfr(0.5), stillness.relabel)),
    ),
    Step("2025-09-19 14:00"),
)
