"""A bounded part of ``make faults``, and the page that tells of the whole."""

import pytest

from tests.faults.kills import Kill, all_worlds
from tests.faults.matrix import PAGE, ROWS, faults_on, run_row
from tests.faults.row import Row

KILLS = (
    Kill("one_picture", "commit Requests._keep:after"),
    Kill("four_pictures", "commit Submitting.claim:after", 2),
    Kill("with_references", "submit:after"),
    Kill("one_picture", "commit Fetching.kept:before"),
    Kill("cancelled_late", "commit Delivering.ended:before"),
    Kill("one_picture", "discord PATCH /webhooks/*:after", 2),
)
QUICK = (
    "process: SIGTERM under load",
    "database: locked for two seconds",
    "database: an I/O error at commit Recording.record:before",
    "Discord: the channel is deleted while it paints",
    "gateway: the session is invalid",
    "callback: for another task, and forged",
)


@pytest.mark.slow
@pytest.mark.timeout(400)
async def test_killed_at_the_worst_moments_nothing_is_lost_and_nothing_twice() -> None:
    outcomes = await all_worlds(KILLS, at_once=3, alone=True)
    assert [bad for outcome in outcomes for bad in outcome.violations] == []
    assert [missed for outcome in outcomes for missed in outcome.missed] == []
    assert sum(outcome.died for outcome in outcomes) == len(KILLS)


@pytest.mark.slow
@pytest.mark.timeout(400)
@pytest.mark.parametrize("row", [row for row in ROWS if row.fault in QUICK], ids=str)
async def test_a_row_of_the_matrix_holds(row: Row) -> None:
    measured = await run_row(row)
    assert measured.violations == ()


def test_the_quick_rows_are_rows() -> None:
    assert set(QUICK) <= {row.fault for row in ROWS}


def test_the_page_shows_every_row() -> None:
    assert faults_on(PAGE.read_text(encoding="utf-8")) == [row.fault for row in ROWS]
    assert len(ROWS) >= 50
    assert len({row.fault for row in ROWS}) == len(ROWS)
