"""What moderators are shown fits into Discord's limits, whatever is in it, and escapes it."""

from typing import Any

import pytest

from bot.chat.layouts import JobView
from bot.chat.moderators.audit_view import PAGE, audit_view, read_subject, subject_of
from bot.chat.moderators.case_view import case_view, cases_view
from bot.chat.moderators.moderation_views import SHOWN_BLOCKS, blocks_view, words_view
from bot.chat.moderators.reports import SHOWN_CASES
from bot.chat.translate import Catalogues
from bot.domain.ids import ChannelId, GuildId, JobId, MessageId, Millis, UserId, new_id
from bot.domain.reports import CaseOutcome, ReportReason
from bot.service.moderators.auditing import AuditPage, Entry, Sought
from bot.service.moderators.case_files import CaseFile
from bot.storage.moderators.blocks import Block
from bot.storage.moderators.cases import Case
from bot.storage.moderators.reports import Report
from bot.storage.moderators.words import Word

LARGEST = 2**64 - 1
NASTY = ["*_~|`" * 400, "\u0301" * 2000, "😀" * 2000, "@everyone [x](https://e.vil) " * 80]
GUILD = GuildId(LARGEST)


@pytest.fixture(params=["en-US", "ja"])
def texts(request: pytest.FixtureRequest) -> Any:
    return Catalogues().of(request.param)


def contents(part: Any) -> list[str]:
    """The texts of a view's payload."""
    found = [part["content"]] if isinstance(part.get("content"), str) else []
    for child in part.get("components") or []:
        found += contents(child)
    return found


def size(part: Any) -> int:
    """How many components there are."""
    return 1 + sum(size(child) for child in part.get("components") or [])


def check(view: JobView) -> str:
    """Within Discord's limits: 40 components, 4000 characters; all words."""
    (container,) = view.to_components()  # type: ignore[no-untyped-call]
    assert size(container) <= 40
    text = "\n".join(contents(container))
    assert len(text.encode("utf-16-le")) // 2 <= 4000
    assert "@everyone" not in text.replace("\\@", "")
    assert "[x](" not in text
    return text


def make_file(text: str, **overrides: Any) -> CaseFile:
    case = Case(
        job_id=JobId(new_id()), guild_id=GUILD, author_id=UserId(LARGEST), opened_at=Millis(1),
        outcome=overrides.pop("outcome", None), closed_by=None, closed_at=None,
        steps=overrides.pop("steps", "[]"), version=1, shown=0, channel_id=ChannelId(LARGEST),
        message_id=MessageId(LARGEST), posting_at=None, changed_at=Millis(1), due_at=Millis(1),
        attempts=0,
    )  # fmt: skip
    reports = tuple(
        Report(
            new_id(), Millis(1), GUILD, case.job_id, case.author_id, UserId(number), reason, text,
            False, "ja", None, None, None, Millis(1), 0,
        )
        for number, reason in enumerate([*ReportReason] * 4)
    )  # fmt: skip
    known: dict[str, Any] = {
        "prompt": text, "model": text, "channel_id": ChannelId(LARGEST),
        "message_id": MessageId(LARGEST), "references": (text,) * 4, "charged": 2_000_000,
    }  # fmt: skip
    return CaseFile(case, reports, None, None, **{**known, **overrides})


@pytest.mark.parametrize("text", NASTY)
def test_the_largest_card_and_list_fit(texts: Any, text: str) -> None:
    file = make_file(text)
    check(case_view(file, texts, [f"attachment://reported-{n}.png" for n in range(4)]))
    check(cases_view([file] * SHOWN_CASES, 1000, texts))


def test_a_case_whose_job_was_erased_can_still_be_closed(texts: Any) -> None:
    view = case_view(make_file("x", prompt=None, charged=0), texts)
    buttons = [child for child in view.walk_children() if hasattr(child, "custom_id")]
    assert [str(one.custom_id).split(":")[0] for one in buttons] == [
        "report.block", "report.dismiss",
    ]  # fmt: skip


def test_a_closed_case_offers_only_what_was_not_done() -> None:
    steps = '[{"action":"delete","by":5,"at":1}]'
    view = case_view(
        make_file("x", outcome=CaseOutcome.REMOVED, steps=steps), Catalogues().of("en")
    )
    buttons = [child for child in view.walk_children() if hasattr(child, "custom_id")]
    assert [str(one.custom_id).split(":")[0] for one in buttons] == [
        "report.also-refund", "report.also-block",
    ]  # fmt: skip


@pytest.mark.parametrize("text", NASTY)
def test_the_largest_page_of_the_audit_log_fits(texts: Any, text: str) -> None:
    entries = tuple(
        Entry(
            new_id(), Millis(1), GUILD, UserId(LARGEST), "action", LARGEST,
            f'{{"words":"{"x" * 400}","a":[1,2],"until":5}}',
            '{"words":"y","b":true}', text,
        )
        for _ in range(PAGE)
    )  # fmt: skip
    check(audit_view(AuditPage(entries, True, True), Sought(actor_id=UserId(LARGEST)), texts))


def test_values_of_the_audit_log_are_readable() -> None:
    english = Catalogues().of("en")

    def shown(action: str, before: str | None, after: str | None) -> str:
        entry = Entry(new_id(), Millis(1), GUILD, UserId(0), action, 5, before, after, None)
        return check(audit_view(AuditPage((entry,), False, False), Sought(), english))

    assert "operator" in shown("operator_cap", "100000000", "50000000")
    assert "100 → 50" in shown("operator_cap", "100000000", "50000000")
    assert "Until: <t:5:f>" in shown("block", None, '{"until":5000,"reason":null}')
    assert "exported data" in shown("usage_export", None, '{"what":"jobs","period":"30d"}')
    assert "Language: en → ja" in shown(
        "settings", '{"language":"en","cap":1}', '{"language":"ja","cap":1}'
    )
    assert "limit" not in shown(
        "settings", '{"language":"en","cap":1}', '{"language":"ja","cap":1}'
    )
    assert "<@&5>" in shown("allowance", '{"allowance":1000000}', '{"allowance":2000000}')


def test_a_reason_is_told_once_and_in_the_readers_language() -> None:
    after = '{"until":5000,"reason":"spam"}'
    entry = Entry(new_id(), Millis(1), GUILD, UserId(2), "block", 5, None, after, "spam")
    page = AuditPage((entry,), False, False)
    assert check(audit_view(page, Sought(), Catalogues().of("ja"))).endswith(
        "-# 期限:<t:5:f>・spam"
    )


def test_a_place_in_the_log_comes_back_from_its_id() -> None:
    entry_id = new_id()
    sought = Sought(actor_id=UserId(LARGEST), action="dashboard_sign_in")
    subject = subject_of(entry_id, sought)
    assert len(subject) <= 60
    assert read_subject(subject) == (entry_id, UserId(LARGEST), "dashboard_sign_in")
    assert read_subject(subject_of(entry_id, Sought())) == (entry_id, None, "")
    assert read_subject("nonsense") is None
    assert read_subject("a.$.b") is None
    assert len(subject_of(entry_id, Sought(action="x" * 60))) <= 60


@pytest.mark.parametrize("text", NASTY)
def test_the_longest_lists_fit(texts: Any, text: str) -> None:
    block = Block(GUILD, UserId(LARGEST), Millis(1), Millis(1), text[:200], UserId(LARGEST))
    check(blocks_view([block] * (SHOWN_BLOCKS + 1), texts))
    words = [Word(GUILD, f"{n}", text[:100], Millis(1), UserId(1)) for n in range(500)]
    check(words_view(words, texts))
