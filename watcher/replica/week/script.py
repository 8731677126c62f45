"""The scripted week, from Monday 8 to Friday 12 September 2025, step by step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from watcher.replica.model import UNRELATED, Form, Links, Markup, Typography
from watcher.replica.sites import REGION
from watcher.replica.week import guides, news, noise
from watcher.replica.week.acts import Act, publish_unrelated, withdraw

Pick = Callable[["Choice"], bool]


@dataclass(frozen=True, slots=True)
class Choice:
    """What a rule knows of a site; `lot` is its chance number of the step, in 0..1."""

    code: str
    dsfr: bool
    platform: str
    lot: float


@dataclass(frozen=True, slots=True)
class Step:
    """One step: when (Paris time), what happens where, and what is broken meanwhile.

    `named` acts happen on the sites named, `drawn` ones on every site that its rule picks.
    """

    at: str
    named: tuple[tuple[str, Act], ...] = ()
    drawn: tuple[tuple[Pick, Act], ...] = ()
    faults: Mapping[str, Pick] = field(default_factory=dict)
    troubles: Mapping[str, str] = field(default_factory=dict)  # of procedures' and reservations' hosts


def some(share: float) -> Pick:
    """Ordinary news spare the sites whose lists are counted out or whose template is an experiment."""
    return lambda site: site.lot < share and site.code not in {"06", "25", "31", "36", "83", "87"}


def dsfr(share: float) -> Pick:
    return lambda site: site.dsfr and site.lot < share


def shared(low: float, high: float) -> Pick:
    """A slice of the hosts that share the platform's server."""
    return lambda site: site.platform == "ide" and low <= site.lot < high


def only(*codes: str) -> Pick:
    return lambda site: site.code in codes


ORDINARY = publish_unrelated()
_TYPED = tuple(kind for kind in Typography if kind is not Typography.PLAIN)

SCRIPT: tuple[Step, ...] = (
    Step("2025-09-08 08:30"),
    Step("2025-09-08 09:40", named=(("69", news.ILL_FOREIGNERS),), drawn=((some(0.10), ORDINARY),)),
    Step(
        "2025-09-08 11:00",
        drawn=(
            (dsfr(0.4), noise.typeset(*_TYPED)),
            (dsfr(0.4), noise.renew_images),
            (dsfr(0.2), noise.swap_cards),
            (dsfr(0.15), noise.touch_card),
            (dsfr(0.5), noise.touch_guide),
            (dsfr(0.3), noise.send_files_again),
        ),
    ),
    Step(
        "2025-09-08 14:30",
        named=(("38", news.EXCEPTIONAL_ADMISSION), ("34", guides.FORM_FOR_EMAIL), ("75", noise.lower_guard)),
        drawn=((some(0.08), ORDINARY),),
    ),
    Step("2025-09-08 16:45", faults={"503": shared(0.0, 0.5)}),
    Step(
        "2025-09-09 09:15",
        named=(("33", news.MONDAY_CLOSURE), ("06", publish_unrelated(5))),
        drawn=((some(0.08), ORDINARY),),
    ),
    Step(
        "2025-09-09 11:00",
        named=(
            ("76", news.EMPLOYEES),
            ("972", news.BY_POST_ONLY),
            ("87", news.EXTRA_SLOTS),
            ("64", ORDINARY),
            ("77", publish_unrelated(1, form=Form.PDF)),
            (REGION, ORDINARY),
        ),
        drawn=((some(0.06), ORDINARY),),
    ),
    Step(
        "2025-09-09 14:15",
        drawn=(
            (dsfr(1.0), noise.rename_procedure_host),
            (dsfr(0.5), noise.spell_links(Links.INDEX, Links.ABSOLUTE, Links.TAGGED, Links.THEMED)),
            (dsfr(0.6), noise.change_menu),
            (dsfr(0.2), noise.add_rubric),
        ),
    ),
    Step(
        "2025-09-09 16:30",
        faults={"reset": shared(0.0, 0.33), "maintenance": shared(0.33, 0.66), "waf": only(REGION)},
    ),
    Step(
        "2025-09-10 08:45",
        named=(*news.ONE_INCIDENT, ("13", news.RESOLD_APPOINTMENTS)),
        drawn=((dsfr(1.0), noise.spell_links(Links.PLAIN)), (some(0.06), ORDINARY)),
    ),
    Step(
        "2025-09-10 10:30",
        named=(("15", news.CANTAL), ("15", guides.CANTAL_SECTION)),
        drawn=((some(0.05), ORDINARY),),
    ),
    Step(
        "2025-09-10 14:45",
        named=(
            ("83", news.MONDAY_SLOTS),
            ("83", publish_unrelated(11)),
            ("36", news.PARENTS_OF_ILL_CHILDREN),
        ),
    ),
    Step(
        "2025-09-11 09:00",
        named=(("94", guides.MODULE_SWAP), ("45", guides.ONE_MORE_GROUND), ("78", news.DIGITAL_PHOTO)),
        drawn=((some(0.06), ORDINARY), (dsfr(0.2), noise.touch_card)),
    ),
    Step(
        "2025-09-11 11:15",
        named=(("75", noise.raise_guard),),
        faults={"empty": shared(0.0, 0.17), "truncated": shared(0.17, 0.33), "waf": shared(0.33, 0.5)},
    ),
    Step(
        "2025-09-11 14:00",
        named=(
            ("44", news.NATIONALITY_BY_MARRIAGE),
            ("06", news.STAMP_DUTY),
            ("75", noise.lower_guard),
        ),
        drawn=((some(0.06), ORDINARY),),
    ),
    Step(
        "2025-09-11 15:30",
        named=(("31", noise.render_with(Markup.RENAMED)),),
        drawn=((some(0.03), ORDINARY),),
    ),
    Step("2025-09-11 17:00", drawn=((dsfr(1.0), noise.render_with(Markup.NEXT)),)),
    Step("2025-09-12 08:45", drawn=((dsfr(0.3), noise.renew_images), (dsfr(0.3), noise.touch_guide))),
    Step(
        "2025-09-12 10:30",
        named=(
            ("92", news.PERSONAL_TIES),
            ("75", news.PARIS_ADMISSION),
            ("37", news.CLOSED_ON_WEDNESDAYS),
            ("63", news.UKRAINE),
        ),
        drawn=((some(0.06), ORDINARY),),
    ),
    Step(
        "2025-09-12 11:45",
        named=(("76", news.EMPLOYEES_LATER),),
        drawn=((dsfr(0.3), noise.typeset(*Typography)), (dsfr(0.1), noise.swap_cards)),
    ),
    Step(
        "2025-09-12 14:00",
        named=(
            ("87", news.EXTRA_SLOTS_GONE),
            ("25", withdraw(None, UNRELATED)),
            ("62", noise.rename_item),
            ("74", noise.move_guide),
        ),
        faults={"soft404": only("50", "51")},
    ),
    Step(
        "2025-09-12 15:30",
        named=(("29", news.NO_APPOINTMENT_NEEDED), ("47", guides.LONGER_DELAY)),
        drawn=((dsfr(1.0), noise.second_child), (some(0.05), ORDINARY)),
    ),
    Step("2025-09-12 17:00", drawn=((dsfr(0.2), noise.touch_guide),)),
)
