"""Deleting a person's data: nothing leads to them afterwards, and the books still prove."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from bot.domain.ids import JobId, Millis, UserId, is_pseudonym, new_pseudonym
from bot.domain.money import CREDIT, Microcredits
from bot.domain.spans import DAY_LETTERS
from bot.domain.stages import JobStage
from bot.errors import BeingErasedError, NotEnoughCreditsError
from bot.service.delivery.cards import Deleted
from bot.service.personal.erasing import Stand
from bot.storage import tables
from bot.storage.engine.database import Statement
from bot.storage.moderators import audit_log
from tests.builders import BOB, GUILD, World, make_failure, make_reference, make_request

CAROL = UserId(987_654_321_987)
WEEK_S = 7 * 86_400
HOLDS = ("blocks", "remainders")
"""What may name a person after their data was deleted, until it ends."""


async def everything(world: World) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    found = {}
    async with world.database.read() as reader:
        for table in tables.metadata.sorted_tables:
            rows: list[tuple[Any, ...]] = []
            for column in table.c:
                values = await reader.all(Statement(sa.select(column), object))
                rows.append((column.name, *values))
            found[table.name] = rows
    return found


async def traces(world: World, *words: str) -> set[str]:
    """Where any of the words stands, as ``table.column``."""
    return {
        f"{table}.{column[0]}"
        for table, columns in (await everything(world)).items()
        for column in columns
        if any(word in repr(value) for value in column[1:] for word in words)
    }


async def erased(world: World, user: UserId, *, posts: bool = False) -> None:
    """The whole erasure of a person who has nothing under way."""
    await world.use.erasing.begin(user, posts=posts)
    stand = Stand.MORE
    while stand is Stand.MORE:
        stand = await world.use.erasing.step(user)
        for takedown in await world.use.takedowns.claim(10):
            await world.use.takedowns.ended(takedown, "done")
    assert await world.use.erasing.step(user) is Stand.DONE


def rows_about(job_id: JobId, other_id: JobId, now: int) -> list[tuple[str, dict[str, Any]]]:
    """What other features keep about Carol."""
    later = 9_000_000_000_000
    report = {"at": 1, "guild_id": GUILD, "locale": "ja", "due_at": 1, "reason": "other"}
    report_on = report | {"id": "r1", "job_id": job_id, "author_id": CAROL, "reporter_id": BOB}
    report_by = report | {"id": "r2", "job_id": "j", "author_id": BOB, "reporter_id": CAROL}
    return [
        ("preferences", {"user_id": CAROL, "chosen": "{}"}),
        ("words", {"guild_id": GUILD, "folded": "x", "phrase": "x", "at": 1, "by": CAROL}),
        (
            "blocks",
            {"guild_id": GUILD, "user_id": CAROL, "at": 1, "until": now + 1000, "reason": "spam",
             "by": BOB},
        ),
        ("blocks", {"guild_id": GUILD, "user_id": 55, "at": 1, "reason": "spam", "by": CAROL}),
        ("drafts", {"id": "d", "user_id": CAROL, "refs": "[]", "expires_at": later}),
        ("reports", report_on),
        ("reports", report_by | {"details": "Carols words"}),
        (
            "cases",
            {"job_id": job_id, "guild_id": GUILD, "author_id": CAROL, "opened_at": 1,
             "changed_at": 1, "due_at": 1, "closed_by": CAROL, "outcome": "dismissed",
             "steps": f'[{{"action":"dismiss","by":{CAROL},"at":1}}]'},
        ),
        (
            "sessions",
            {"token_hash": "t", "user_id": CAROL, "locale": "ja", "csrf": "c", "created_at": 1,
             "seen_at": 1, "expires_at": later},
        ),
        (
            "sign_ins",
            {"token_hash": "t", "guild_id": GUILD, "user_id": CAROL, "locale": "ja",
             "expires_at": later},
        ),
        (
            "gallery_filters",
            {"id": "f", "user_id": CAROL, "owner_id": CAROL, "expires_at": later},
        ),
        ("shares", {"job_id": other_id, "channel_id": 1, "by": CAROL, "at": 1}),
    ]  # fmt: skip


async def lived(world: World) -> JobId:
    """Carol has used everything, on a server and beyond; one of her pictures."""
    await world.wallets.grant(
        GUILD, CAROL, Microcredits(5 * CREDIT), by=BOB, key="grant", reason="for Carol's birthday"
    )
    card = await world.picture(
        CAROL, prompt="Carol's secret garden", references=(make_reference(name="carol.png"),)
    )
    await world.picture(CAROL, prompt="Carol's secret cave", private=True, parent=card.job_id)
    await world.picture(BOB, prompt="a remix by Bob", parent=card.job_id)
    failing = await world.ask(CAROL, prompt="Carol's secret mistake")
    for submission in await world.submit():
        task = await world.task(submission.task_id)
        await world.report(
            submission.task_id,
            make_failure(task.provider_id or "", reason="no: Carol's secret mistake"),
        )
    await world.deliver()
    async with world.database.write() as tx:
        await audit_log.write(tx, GUILD, CAROL, "word_added", world.clock(), target_id=5)
        for table, values in rows_about(card.job_id, failing.job_id, world.clock()):
            made = insert(tables.metadata.tables[table]).values(values)
            await tx.run(Statement(made.on_conflict_do_nothing(), int))
    return card.job_id


async def test_nothing_leads_to_the_person_and_the_books_agree(world: World) -> None:
    await lived(world)
    assert {"jobs.user_id", "accounts.id", "transfers.key"} <= await traces(world, str(CAROL))
    before = await world.all(Statement(sa.select(sa.func.sum(tables.accounts.c.balance)), int))
    await erased(world, CAROL)
    left = await traces(world, str(CAROL), "Carol", "carol.png", "ta1")
    assert {where.partition(".")[0] for where in left} == set(HOLDS)
    assert await world.faults() == []
    after = await world.all(Statement(sa.select(sa.func.sum(tables.accounts.c.balance)), int))
    assert before == after


async def test_what_others_made_stays_theirs(world: World) -> None:
    await lived(world)
    await erased(world, CAROL)
    jobs = await world.all(
        Statement(sa.select(tables.jobs.c.prompt).where(tables.jobs.c.user_id == BOB), str)
    )
    assert jobs == ["a remix by Bob"]
    parents = await world.all(Statement(sa.select(tables.jobs.c.parent_id), object))
    assert set(parents) == {None}


async def test_usage_stays_under_a_pseudonym(world: World) -> None:
    await lived(world)
    of = tables.usage_members.c
    figures = sa.select(of.pictures).where(of.user_id < 0, sa.func.length(of.span) == DAY_LETTERS)
    assert await world.all(Statement(figures, int)) == []
    await erased(world, CAROL)
    assert await world.all(Statement(figures, int)) == [2]


async def test_pictures_and_their_bytes_are_gone(world: World) -> None:
    await lived(world)
    blobs = Statement(sa.select(sa.func.count()).select_from(tables.blobs), int)
    assert await world.all(blobs) == [1]  # the private one
    await erased(world, CAROL)
    assert await world.all(blobs) == [0]


async def test_an_allowance_is_not_refilled_by_leaving_and_coming_back(world: World) -> None:
    for _ in range(19):
        await world.picture(CAROL)
    assert await world.balance(CAROL) == "0.5"
    await erased(world, CAROL)
    assert await world.balance(CAROL) == "0.5"
    await world.picture(CAROL)
    await erased(world, CAROL)
    with pytest.raises(NotEnoughCreditsError):
        await world.ask(CAROL)
    world.clock.advance(WEEK_S)
    assert await world.balance(CAROL) == "10"
    assert await world.faults() == []
    await world.use.retention.forget_ended()
    rows = await world.all(Statement(sa.select(tables.remainders.c.user_id), int))
    assert rows == []


async def test_extra_credits_are_lost(world: World) -> None:
    await world.wallets.grant(GUILD, CAROL, Microcredits(5 * CREDIT), by=BOB, key="grant")
    assert await world.balance(CAROL) == "15"
    await erased(world, CAROL)
    assert await world.balance(CAROL) == "10"
    assert await world.faults() == []


async def test_a_block_outlives_the_data(world: World) -> None:
    await lived(world)
    await erased(world, CAROL)
    rows = await world.all(
        Statement(sa.select(tables.blocks.c.reason).where(tables.blocks.c.user_id == CAROL), str)
    )
    assert rows == ["spam"]
    world.clock.advance(10)
    await world.use.retention.forget_ended()
    assert await traces(world, str(CAROL)) == {"remainders.user_id"}


async def test_waiting_jobs_are_cancelled_and_new_ones_refused_meanwhile(world: World) -> None:
    waiting = await world.ask(CAROL)
    await world.use.erasing.begin(CAROL, posts=False)
    job = await world.job(waiting.job_id)
    assert job.stage is JobStage.DELIVERING
    with pytest.raises(BeingErasedError):
        await world.use.requests.accept(make_request(CAROL))
    assert await world.use.erasing.step(CAROL) is Stand.WAITING
    await world.deliver()
    await erased(world, CAROL)
    assert await world.use.requests.accept(make_request(CAROL)) is not None
    assert await world.faults() == []


async def test_a_running_job_ends_first_and_is_not_posted(world: World) -> None:
    card = await world.ask(CAROL, prompt="under way")
    (submission,) = await world.submit()
    await world.use.erasing.begin(CAROL, posts=True)
    assert await world.use.erasing.step(CAROL) is Stand.WAITING
    await world.painted(submission.task_id)
    await world.fetch()
    (due,) = await world.use.delivering.claim_ends("deliver", 1)
    assert await world.use.delivering.files(due) == []
    await world.use.delivering.ended(due, Deleted(), [])
    assert await world.use.erasing.step(CAROL) is Stand.MORE
    assert (await world.job(card.job_id)).prompt == ""
    while takedowns := await world.use.takedowns.claim(10):
        for takedown in takedowns:
            await world.use.takedowns.ended(takedown, "done")
    await erased(world, CAROL)
    assert await traces(world, str(CAROL), "under way") == {"remainders.user_id"}
    assert await world.faults() == []


async def test_posted_messages_are_removed_before_it_is_forgotten_where_they_are(
    world: World,
) -> None:
    card = await world.picture(CAROL)
    await world.use.erasing.begin(CAROL, posts=True)
    assert await world.use.erasing.step(CAROL) is Stand.MORE
    assert await world.use.erasing.step(CAROL) is Stand.WAITING
    (takedown,) = await world.use.takedowns.claim(10)
    (target,) = takedown.targets
    assert target.message_id == 9
    assert target.attachments == frozenset()
    await world.use.takedowns.ended(takedown, "done")
    assert await world.use.erasing.step(CAROL) is Stand.DONE
    assert (await world.job(card.job_id)).message_id is None


async def test_the_second_click_changes_nothing(world: World) -> None:
    await lived(world)
    await erased(world, CAROL)
    await erased(world, CAROL)
    assert await world.use.erasing.step(CAROL) is Stand.DONE
    assert await world.faults() == []


async def test_a_restart_goes_on_with_it(world: World) -> None:
    await lived(world)
    await world.use.erasing.begin(CAROL, posts=False)
    again = await world.again()
    erasure = await again.use.erasing.next_after(UserId(-(2**63)))
    assert erasure is not None
    assert erasure.user_id == CAROL
    await erased(again, CAROL)
    assert await again.use.erasing.next_after(UserId(-(2**63))) is None


async def test_a_picture_that_comes_after_its_member_has_left_is_dropped(world: World) -> None:
    await world.ask(CAROL)
    (submission,) = await world.submit()
    world.clock.advance(700)
    await world.use.tracking.give_up_overdue()
    await world.deliver()
    await erased(world, CAROL)
    await world.painted(submission.task_id)
    await world.fetch()
    blobs = Statement(sa.select(sa.func.count()).select_from(tables.blobs), int)
    assert await world.all(blobs) == [0]
    assert await world.faults() == []


def test_pseudonyms_are_no_ids_of_discord() -> None:
    made = {new_pseudonym() for _ in range(100)}
    assert len(made) == 100
    assert all(is_pseudonym(one) and one >= -(2**62) for one in made)
    assert not is_pseudonym(CAROL)
    assert Millis(0) == 0


async def test_an_erasure_is_pending_until_its_last_step(world: World) -> None:
    await world.picture(CAROL)
    assert not await world.use.erasing.pending(CAROL)
    await world.use.erasing.begin(CAROL, posts=False)
    assert await world.use.erasing.pending(CAROL)
    assert not await world.use.erasing.pending(BOB)
    await erased(world, CAROL)
    assert not await world.use.erasing.pending(CAROL)
