from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from notifiers.letterhead import MARK, AddressError, Identity, Letterhead, usable
from notifiers.mail_probe import header_injection, rendering_flaw
from notifiers.render.mail import MailRenderer
from notifiers.render.mail_mime import encoded, quoted
from notifiers.render.texts import CODES, texts
from tests.fakes.alerts import BASE, PREFECTURES, SENTENCE, VOCABULARY, alert, poisoned, verdict
from tests.fakes.letters import RUN, PlainLinks, claimed
from watcher.core.alerts import Alert, AlertState
from watcher.core.changes import ChangeKind
from watcher.core.mail_subject import LONGEST, harmless
from watcher.core.outbox import Claimed, MessageKind

RENDER = MailRenderer(VOCABULARY, BASE)
HEAD = Letterhead(
    Identity("Vigie préfectures <veille@vigie.example>", "aide@vigie.example", help_page=f"{BASE}/"),
    PlainLinks(),
)
ALWAYS = {
    "From", "To", "Reply-To", "Date", "Message-ID", "Subject", "Auto-Submitted",
    "X-Auto-Response-Suppress", "Content-Language", "MIME-Version", "Content-Type",
}  # fmt: skip
LIST = {"List-Id", "List-Help", "List-Unsubscribe", "List-Unsubscribe-Post", "Precedence"}
HOSTILE = (
    "x\r\nBcc: evil@z.example", "=?utf-8?q?x=0D=0ABcc:_evil@z.example?=", "\x0b\x0c\x85\u2028\u2029Bcc: a",
    "\u202eevil\u2066", "\ud800\udfff", "\x00\x02unsubscribe\x02", "<script>alert(1)</script>", "x" * 10_000_000,
)  # fmt: skip


def written(to: Claimed, *alerts: Alert) -> bytes:
    run = RUN if to.message.kind is MessageKind.DIGEST else None
    return HEAD.letter(to, RENDER(to, alerts, run)).data


def read(data: bytes) -> EmailMessage:
    message = message_from_bytes(data, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def text_of(message: EmailMessage) -> str:
    return part(message, "plain")


def part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body is not None
    content: str = body.get_content()
    return content


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.attributes += attrs


def test_a_letter_parses_to_what_it_was_made_of() -> None:
    message = read(written(claimed(7), alert()))

    assert message["To"] == "reader7@lecteurs.example"
    assert message["From"].addresses[0].display_name == "Vigie préfectures"
    assert message["Reply-To"] == "aide@vigie.example"
    assert message["Subject"] == "Cantal (15) : rendez-vous en ligne pour les motifs hors ANEF"
    assert message["Message-ID"] == f"<m{7:031x}@vigie.example>"
    assert message["Date"].datetime == claimed().message.created_at
    assert message.get_content_type() == "multipart/alternative"
    assert [one.get_content_type() for one in message.iter_parts()] == ["text/plain", "text/html"]
    assert set(message.keys()) == ALWAYS | LIST
    assert len(message.keys()) == len(ALWAYS | LIST)


def test_mail_programs_find_the_one_click_link_in_clear() -> None:
    data = written(claimed(7), alert())
    link = PlainLinks().unsubscribe_url(f"{7:032x}")

    assert (
        f"\r\nList-Unsubscribe: <{link}>,\r\n <mailto:aide@vigie.example?subject=unsubscribe%20".encode()
        in data
    )
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in data


def test_text_and_html_both_say_all() -> None:
    told = alert(verdict=verdict(channel_before="courrier"), state=AlertState.UNVERIFIED)
    message = read(written(claimed(7), told))
    link = PlainLinks().unsubscribe_url(f"{7:032x}")

    for body in (text_of(message), part(message, "html").replace("&#39;", "'")):
        for words in (
            "à compter du 1er octobre 2025", "Avant : courrier", "Désormais : rendez-vous en ligne", SENTENCE,
            "non vérifiée", told.address, f"{BASE}/alerts/{told.id}", link, "site non officiel",
        ):  # fmt: skip
            assert words in body


def test_the_html_part_loads_nothing_and_has_one_heading_and_a_language() -> None:
    tags = Tags(part(read(written(claimed(language="en"), alert())), "html"))

    assert tags.names.count("h1") == 1
    assert ("lang", "en") in tags.attributes
    assert not {"img", "script", "link", "iframe", "object", "form", "video"} & set(tags.names)
    assert not {"src", "srcset", "background", "style"} & {name for name, _ in tags.attributes}


def test_a_digest_is_grouped_by_prefecture_and_says_its_period_and_what_was_read() -> None:
    alerts = [alert(0, prefecture="69"), alert(1), alert(2, prefecture="69")]
    message = read(written(claimed(kind=MessageKind.DIGEST), *alerts))
    body = text_of(message)

    assert message["Subject"] == "Rhône (69), Cantal (15) : 3 annonces"
    assert body.index("== Cantal (15) ==") < body.index("== Rhône (69) ==")
    assert body.count("== Rhône") == 1
    assert "99 préfectures sur 101 lues depuis hier" in body
    assert "Du 9 septembre 2025 à 7 h 00 au 10 septembre 2025 à 7 h 00 (heure de Paris)" in body


def test_a_digest_speaks_its_readers_language() -> None:
    body = text_of(read(written(claimed(kind=MessageKind.DIGEST, language="en"), alert())))

    assert "99 préfectures of 101 read since yesterday." in body
    assert "From 9 September 2025 at 07:00 to 10 September 2025 at 07:00 (Paris time)" in body


@pytest.mark.parametrize(
    ("state", "mark"), [(AlertState.VERIFIED, "rectificatif"), (AlertState.RETRACTED, "retiré")]
)
def test_a_correction_refers_to_what_it_corrects(state: AlertState, mark: str) -> None:
    message = read(written(claimed(answers="first"), alert(state=state, corrects="abc")))

    assert message["In-Reply-To"] == message["References"] == "<first@vigie.example>"
    assert mark in message["Subject"]
    assert f"L'alerte d'origine\u00a0: {BASE}/alerts/abc" in text_of(message)


@pytest.mark.parametrize("kind", [MessageKind.CONFIRMATION, MessageKind.MANAGEMENT])
@pytest.mark.parametrize("language", CODES)
def test_letters_that_were_asked_for_carry_nothing_else(kind: MessageKind, language: str) -> None:
    message = read(written(claimed(3, kind, language=language)))
    links = set(re.findall(r"https?://\S+", text_of(message)))

    who, root = f"{3:032x}", f"{BASE}/en" if language == "en" else BASE
    wanted = {
        MessageKind.CONFIRMATION: {f"{root}/confirm/{who}.kkkk", f"{root}/never/{who}.nnnn"},
        MessageKind.MANAGEMENT: {f"{root}/manage/{who}.mmmm"},
    }
    assert links == wanted[kind]
    assert set(message.keys()) == ALWAYS
    assert all(name in part(message, "html") for name in links)


@pytest.mark.parametrize("language", CODES)
def test_a_neutral_subject_tells_neither_place_nor_topic(language: str) -> None:
    for alerts in ([alert()], [alert(), alert(1, prefecture="69")]):
        subject = read(written(claimed(neutral=True, language=language), *alerts))["Subject"].lower()
        words = (
            "préfecture cantal rhône 15 69 rendez anef titre séjour alerte étranger vigie appoint residence"
        )

        assert not [word for word in words.split() if word in subject]


@pytest.mark.parametrize("language", CODES)
def test_no_subject_names_a_motif_or_quotes_a_title(language: str) -> None:
    told = alert(title="Titre salarié", verdict=verdict(motifs=("salarie", "etudiant"), categories=("fee",)))
    subject = read(written(claimed(language=language), told))["Subject"].lower()

    assert subject.startswith("cantal (15)")
    assert not [word for word in ("salarié", "employee", "étudiant", "student", "titre") if word in subject]


@given(
    st.lists(st.sampled_from(sorted(PREFECTURES)), min_size=1, max_size=40),
    st.sampled_from(CODES),
    st.sampled_from(AlertState),
    st.sampled_from([ChangeKind.ADDED, ChangeKind.EDITED, ChangeKind.WITHDRAWN]),
)
def test_subjects_begin_with_the_place_and_are_short(
    codes: list[str], language: str, state: AlertState, kind: ChangeKind
) -> None:
    alerts = [alert(n, prefecture=code, state=state, kind=kind) for n, code in enumerate(codes)]
    subject = read(written(claimed(language=language), *alerts))["Subject"]

    assert subject.startswith(VOCABULARY.place(codes[0]))
    assert len(subject) <= LONGEST


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:12]))
@pytest.mark.parametrize("kind", [MessageKind.ALERTS, MessageKind.DIGEST])
def test_no_text_of_a_page_becomes_a_header_an_element_or_a_link(text: str, kind: MessageKind) -> None:
    data = written(claimed(kind=kind), poisoned(1, text), alert(2))
    message = read(data)

    assert set(message.keys()) == ALWAYS | LIST
    assert data.isascii()
    assert MARK not in data
    assert len(data) < 100_000
    assert "script" not in Tags(part(message, "html")).names
    assert SENTENCE in text_of(message)


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters(), max_size=80))
@example("=?utf-8?q?x=0D=0ABcc:_evil@x?=")
@example("a" * 200)
def test_no_title_changes_the_headers_or_breaks_a_line(text: str) -> None:
    data = written(claimed(), poisoned(1, text))
    message = read(data)

    assert set(message.keys()) == ALWAYS | LIST
    assert len(message["Subject"]) <= LONGEST
    head, _, body = data.partition(b"\r\n\r\n")
    assert max(map(len, head.split(b"\r\n"))) < 998
    assert max(map(len, body.split(b"\r\n"))) <= 76
    assert b"\n" not in data.replace(b"\r\n", b"")


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=300))
def test_encoding_a_header_loses_nothing(text: str) -> None:
    lines = b"Subject: " + encoded(text, len("Subject: "))

    assert all(len(line) <= 76 for line in lines.split(b"\r\n"))
    if "=?" not in text and text.strip() == text:
        assert str(read(lines + b"\r\n\r\n")["Subject"]) == text


@given(st.text(st.characters(exclude_characters="\r\x02", exclude_categories=["Cs"]), max_size=400))
def test_quoting_a_body_loses_nothing(text: str) -> None:
    data = quoted(text)

    head = b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    payload = message_from_bytes(head + data).get_payload(decode=True)
    assert isinstance(payload, bytes)
    assert payload.replace(b"\r\n", b"\n") == text.encode()
    assert all(len(line) <= 76 for line in data.split(b"\r\n"))


def test_writing_from_right_to_left_is_kept_apart() -> None:
    told = alert(title="إعلان", verdict=verdict(facts=(), categories=("other_immigration",), motifs=()))

    assert "\u2068" in text_of(read(written(claimed(), told)))


def test_an_address_that_is_no_link_for_all_browsers_is_mere_text() -> None:
    html = part(read(written(claimed(), alert(address="https://evil.example\\@www.cantal.gouv.fr/"))), "html")

    assert 'href="https://evil' not in html
    assert "evil.example" in html


def test_a_thousand_alerts_still_fit_and_say_how_many_are_left() -> None:
    alerts = [alert(n, prefecture=code) for n in range(250) for code in PREFECTURES]
    message = read(data := written(claimed(kind=MessageKind.DIGEST), *alerts))

    assert len(data) < 100_000
    left = re.search(r"Et (\d+) autres annonces", text_of(message))
    assert left
    assert int(left[1]) + text_of(message).count("\n* ") == 1000


def test_the_same_alerts_give_the_same_bytes_to_all() -> None:
    assert RENDER(claimed(1), [alert()], None) == RENDER(claimed(2), [alert()], None)


def test_a_mail_that_tells_nothing_is_not_written() -> None:
    with pytest.raises(ValueError, match="nothing"):
        RENDER(claimed(), [], None)


def test_catalogues_have_the_same_phrases() -> None:
    french, english = (
        {
            (section, name): set(re.findall(r"\{(\w+)", text))
            for section, part in texts(code).items()
            for name, text in part.items()
        }
        for code in CODES
    )
    assert french == english


def test_links_are_never_more_than_links() -> None:
    class Hostile(PlainLinks):
        def unsubscribe_url(self, subscription: str, language: str = "fr") -> str:
            return 'https://vigie.example/"><script>'

    letterhead = Letterhead(Identity("veille@vigie.example"), Hostile())
    with pytest.raises(ValueError, match="link"):
        letterhead.letter(claimed(), RENDER(claimed(), [alert()], None))


@pytest.mark.parametrize(
    "address",
    ["", "a@b@c", "a b@c.example", "a@c.example\r\nBcc: x@y.example", "<a@c.example>", "é@c.example", "a@-"],
)
def test_what_is_no_address_is_never_written_to(address: str) -> None:
    with pytest.raises(AddressError):
        usable(address)


def test_a_domain_of_another_alphabet_is_written_in_ascii() -> None:
    assert usable("a@préfecture.example") == "a@xn--prfecture-c4a.example"


@pytest.mark.parametrize(
    "identity",
    [
        Identity("Nobody"),
        Identity("a@b.example", bounces="x@"),
        Identity("a@b.example", bounces="y" * 30 + "@b.example"),
    ],
)
def test_an_identity_that_cannot_be_meant_is_refused_at_once(identity: Identity) -> None:
    with pytest.raises(ValueError, match=r"address"):
        Letterhead(identity, PlainLinks())


def test_our_own_rendering_makes_headers_of_nothing_whatever_this_python_does() -> None:
    assert rendering_flaw() is None
    found = header_injection()
    assert found is None or found.startswith("Python 3.")


def test_a_subject_that_looks_encoded_is_not() -> None:
    assert "=?" not in harmless("=?utf-8?q?x?=")


def test_of_one_alert_the_first_words_tell_it() -> None:
    """They are what mail programs show beside the subject."""
    message = read(written(claimed(), alert()))
    line = "Cantal (15) : à compter du 1er octobre 2025, rendez-vous en ligne pour les motifs hors ANEF"

    assert text_of(message).replace("\u00a0", " ").splitlines()[0] == line
    assert part(message, "html").replace("\u00a0", " ").count(line) == 1


def test_below_the_name_of_a_place_it_is_not_said_again() -> None:
    body = text_of(read(written(claimed(kind=MessageKind.DIGEST), alert())))

    assert re.search(r"== Cantal \(15\) ==\s+\* À compter du 1er octobre 2025, rendez-vous", body)
    assert body.count("Cantal (15)") == 1


@pytest.mark.parametrize(("language", "place"), [("fr", ""), ("en", "/en")])
def test_links_lead_to_pages_in_the_language_of_the_reader(language: str, place: str) -> None:
    told = alert(corrects="abc", state=AlertState.CORRECTED)
    body = text_of(read(written(claimed(language=language), told)))
    ours = [one for one in re.findall(r"https?://\S+", body) if one.startswith(BASE)]

    assert len(ours) == 4
    assert all(one.startswith(f"{BASE}{place}/") for one in ours)


def test_whoever_wants_other_choices_finds_where_to_ask_for_them() -> None:
    body = text_of(read(written(claimed(7), alert())))

    assert f"Modifier mes choix\u00a0: {PlainLinks().unsubscribe_url(f'{7:032x}')}#change\r\n" in body


@pytest.mark.parametrize("body", ["plain", "html"])
@pytest.mark.parametrize(
    "told",
    [
        alert(kind=ChangeKind.WITHDRAWN, verdict=verdict(channel_before="courrier")),
        alert(state=AlertState.RETRACTED, verdict=verdict(channel_before="courrier")),
        alert(state=AlertState.CORRECTED, verdict=verdict(channel_before="courrier")),
    ],
    ids=["taken off the site", "taken back by us", "corrected since"],
)
def test_what_is_taken_back_is_not_told_as_what_holds(told: Alert, body: str) -> None:
    said = part(read(written(claimed(), told)), body)

    assert "Désormais" not in said
    assert "Avant" not in said
    assert SENTENCE in said.replace("&#39;", "'")


def test_a_correction_says_so_in_its_first_words() -> None:
    body = text_of(read(written(claimed(), alert(state=AlertState.RETRACTED, corrects="abc"))))

    assert body.replace("\u00a0", " ").startswith("Cantal (15) : retiré – à compter du 1er octobre 2025")
