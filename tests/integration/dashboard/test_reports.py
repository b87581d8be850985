"""Reports are decided on the dashboard as on the card in Discord."""

import re

import pytest

from bot.domain.ids import UserId
from bot.domain.reports import CaseAction, CaseOutcome, ReportReason
from bot.service.delivery.cards import Card
from bot.service.moderators.reporting import Complaint
from tests.builders import ALICE, BOB, GUILD
from tests.integration.dashboard.desk import MIA, Desk, csrf_in

ROOT = f"/dashboard/{GUILD}"


@pytest.fixture
async def reported(desk: Desk) -> Card:
    """Bob has reported Alice's picture, and Mia is signed in."""
    card = await desk.world.picture(ALICE, prompt="something odd")
    complaint = Complaint(ReportReason.VIOLENT, "too much <b>blood</b>", True, "en-US")
    await desk.world.use.reporting.report(GUILD, card.job_id, BOB, complaint, key="r")
    await desk.sign_in()
    return card


async def act(desk: Desk, card: Card, action: str, **more: str) -> tuple[int, str]:
    _, page = await desk.get(f"{ROOT}/reports")
    key = re.search(r'name="key" value="([^"]+)"', page)
    fields = {"csrf": csrf_in(page), "key": key[1] if key else "late", "action": action, **more}
    return await desk.post(f"{ROOT}/reports/{card.job_id}", **fields)


async def test_an_open_report_is_shown_everywhere_it_matters(desk: Desk, reported: Card) -> None:
    _, page = await desk.get(f"{ROOT}/reports")
    assert "something odd" in page
    assert "Violence or gore" in page
    assert "too much &lt;b&gt;blood&lt;/b&gt;" in page
    assert ">Bob<" not in page
    _, page = await desk.get(ROOT)
    assert "1 open report" in page
    assert '<span class="count">1</span>' in page
    _, page = await desk.get(f"{ROOT}/jobs")
    assert "frame veiled" in page
    assert "This picture was reported" in (await desk.get(f"{ROOT}/jobs/{reported.job_id}"))[1]


@pytest.mark.parametrize(
    ("action", "outcome", "words"),
    [
        (CaseAction.DELETE, CaseOutcome.REMOVED, "deleted the picture"),
        (CaseAction.REFUND, CaseOutcome.REFUNDED, "refunded the credits"),
        (CaseAction.BLOCK, CaseOutcome.BLOCKED, "blocked the member"),
        (CaseAction.DISMISS, CaseOutcome.DISMISSED, "dismissed the report"),
    ],
)
async def test_each_decision_is_made_and_written_down(
    desk: Desk, reported: Card, action: CaseAction, outcome: CaseOutcome, words: str
) -> None:
    status, page = await act(desk, reported, action.value, days="7", reason="rules")
    assert status == 200
    assert "Done." in page
    assert words in page
    assert "No report waits" in page
    case = (await desk.world.use.casework.look(GUILD, reported.job_id)).case
    assert (case.outcome, case.closed_by) == (outcome, MIA)
    _, audit = await desk.get(f"{ROOT}/audit?target={ALICE}")
    assert f"{ROOT}/members/{MIA}" in audit.partition("<tbody>")[2]
    if action is CaseAction.BLOCK:
        assert await desk.world.use.moderating.block_of(GUILD, ALICE) is not None
    if action is CaseAction.REFUND:
        assert await desk.world.balance(ALICE) == "10"
    if action is CaseAction.DELETE:
        view = await desk.world.use.casework.look(GUILD, reported.job_id)
        assert view.pictures == ()
    assert await desk.world.faults() == []


async def test_what_is_decided_is_not_decided_again(desk: Desk, reported: Card) -> None:
    await act(desk, reported, "dismiss")
    status, page = await act(desk, reported, "delete")
    assert status == 422
    assert "That did not work" in page
    assert "&lt;@" not in page


async def test_an_odd_action_or_job_is_not_found(desk: Desk, reported: Card) -> None:
    assert (await act(desk, reported, "explode"))[0] == 404
    word = await desk.csrf()
    fields = {"csrf": word, "key": "k", "action": "dismiss"}
    assert (await desk.post(f"{ROOT}/reports/short", **fields))[0] == 404
    assert (await desk.post(f"{ROOT}/reports/{'0' * 26}", **fields))[0] == 422
    assert (await desk.post(f"{ROOT}/reports/{reported.job_id}", action="dismiss"))[0] == 403


async def test_a_member_cannot_decide(desk: Desk, reported: Card) -> None:
    word = await desk.csrf()
    del desk.discord.standings[GUILD, UserId(MIA)]
    fields = {"csrf": word, "key": "k", "action": "delete"}
    assert (await desk.post(f"{ROOT}/reports/{reported.job_id}", **fields))[0] == 404
    case = (await desk.world.use.casework.look(GUILD, reported.job_id)).case
    assert case.outcome is None
