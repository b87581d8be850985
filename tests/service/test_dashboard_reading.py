"""What the dashboard reads and keeps, on both databases."""

import asyncio

import pytest

from bot.domain.ids import GuildId, JobId, Millis, PictureId, UserId
from bot.domain.money import CREDIT, Microcredits
from bot.domain.stages import Failure, JobOutcome, JobStage
from bot.domain.usage_window import UsagePeriod
from bot.service.dashboard import queue as queue_module
from bot.service.dashboard.browsing import Browsing
from bot.service.dashboard.oversight import Oversight, Wanted
from bot.service.dashboard.queue import Queue
from bot.service.dashboard.signing_in import Opened, Refusal, SigningIn
from bot.service.dashboard.tokens import Tokens
from bot.service.money import bookkeeping
from bot.service.money.bookkeeping import Booked, Bookkeeping, Order
from bot.storage.moderators import audit_log, guilds
from bot.storage.money.ledger import TransferKind
from bot.storage.people import seats, sign_ins
from bot.storage.people.sign_ins import SignIn
from tests.builders import ALICE, BOB, GUILD, World, make_failure
from tests.service.races import PATIENCE_S, until_one_waits

ELSEWHERE = GuildId(600)


async def failed(world: World) -> JobId:
    card = await world.ask(BOB, prompt="Bad idea 100%")
    for submission in await world.submit():
        task = await world.task(submission.task_id)
        await world.report(submission.task_id, make_failure(task.provider_id or "ta1"))
    await world.deliver()
    return card.job_id


async def test_jobs_are_found_by_every_filter(world: World) -> None:
    done = (await world.picture(ALICE)).job_id
    bad = await failed(world)
    oversight = Oversight(world.database, world.clock)

    async def found(**wanted: object) -> set[JobId]:
        page = await oversight.jobs(GUILD, Wanted(**wanted))  # type: ignore[arg-type]
        return {job.id for job in page.jobs}

    assert await found() == {done, bad}
    assert await found(user_id=ALICE, stage=JobStage.DONE, outcome=JobOutcome.PICTURES) == {done}
    assert await found(failure=Failure.DECLINED, model="google/gempix2") == {bad}
    assert await found(text="bad IDEA 100%") == {bad}
    assert await found(since=world.clock.now, until=Millis(world.clock.now + 1)) == {done, bad}
    assert await found(until=world.clock.now) == set()
    assert (await oversight.jobs(ELSEWHERE, Wanted())).jobs == ()


async def test_a_job_is_seen_with_its_sums_and_its_picture(world: World) -> None:
    card = await world.picture(ALICE)
    oversight = Oversight(world.database, world.clock)
    view = await oversight.job(GUILD, card.job_id)
    assert view is not None
    assert (view.job.made, view.job.charged, view.job.reported) == (1, CREDIT // 2, False)
    (picture,) = view.pictures
    assert view.job.picture_id == picture.id
    home = await oversight.picture(GUILD, picture.id)
    assert home is not None
    assert home.job.id == card.job_id
    assert await oversight.picture(ELSEWHERE, picture.id) is None
    assert await oversight.picture(GUILD, PictureId("0" * 26)) is None
    assert await oversight.job(ELSEWHERE, card.job_id) is None


async def test_pages_of_jobs_have_neither_gap_nor_repetition(world: World) -> None:
    jobs = [(await world.ask(UserId(100 + number))).job_id for number in range(7)]
    oversight, seen = Oversight(world.database, world.clock), []
    page = await oversight.jobs(GUILD, Wanted(), limit=3)
    while True:
        seen += [job.id for job in page.jobs]
        if page.next is None:
            break
        page = await oversight.jobs(GUILD, Wanted(), page.next, limit=3)
    assert seen == sorted(jobs, reverse=True)


async def test_a_search_goes_through_so_many_jobs_and_on_from_there(world: World) -> None:
    jobs = []
    for number in range(7):
        prompt = "a lighthouse" if number in {0, 1, 6} else "a bay"
        jobs.append((await world.ask(UserId(100 + number), prompt=prompt)).job_id)
        world.clock.advance(1)
    oversight = Oversight(world.database, world.clock)
    wanted, seen, reached = Wanted(text="light"), [], []
    page = await oversight.jobs(GUILD, wanted, read=3)
    while page.next is not None:
        seen.append([job.id for job in page.jobs])
        reached.append(page.reached)
        page = await oversight.jobs(GUILD, wanted, page.next, read=3)
    assert [*seen, [job.id for job in page.jobs]] == [[jobs[6]], [jobs[1]], [jobs[0]]]
    assert reached == [Millis(world.clock.now - 3000), Millis(world.clock.now - 6000)]
    assert page.reached is None
    whole = await oversight.jobs(GUILD, wanted)
    assert ([job.id for job in whole.jobs], whole.next) == ([jobs[6], jobs[1], jobs[0]], None)


async def test_what_an_index_finds_is_never_cut_short(world: World) -> None:
    job_id = (await world.ask(ALICE, prompt="a lighthouse")).job_id
    for number in range(4):
        world.clock.advance(1)
        await world.ask(UserId(100 + number))
    oversight = Oversight(world.database, world.clock)
    until = Millis(world.clock.now - 3500)
    for wanted in (Wanted(user_id=ALICE), Wanted(user_id=ALICE, text="light"), Wanted(until=until),
                   Wanted(until=until, text="light")):  # fmt: skip
        page = await oversight.jobs(GUILD, wanted, read=1)
        assert ([job.id for job in page.jobs], page.reached) == ([job_id], None)


async def test_the_queue_has_running_jobs_first_and_is_one_servers(world: World) -> None:
    await world.ask(ALICE)
    await world.ask(BOB)
    await world.claim(1)
    queue = Queue(world.database, world.clock)
    running, waiting = await queue.of(GUILD)
    assert (running.stage, running.place) == (JobStage.RUNNING, None)
    assert (waiting.stage, waiting.place) == (JobStage.QUEUED, 1)
    assert await queue.of(ELSEWHERE) == ()


async def test_bookings_equal_what_was_moved(world: World) -> None:
    await world.picture(ALICE)
    amount = Microcredits(3 * CREDIT)
    await world.wallets.grant(GUILD, BOB, amount, by=ALICE, key="g", reason="thanks")
    keeping = Bookkeeping(world.database, world.policy, world.clock)

    async def amounts(**booked: object) -> list[tuple[TransferKind, int]]:
        page = await keeping.page(GUILD, Booked(**booked))  # type: ignore[arg-type]
        return sorted((one.kind, one.amount) for one in page.bookings)

    assert await amounts() == [
        (TransferKind.CAPTURE, -CREDIT // 2),
        (TransferKind.GRANT, 3 * CREDIT),
        (TransferKind.REFILL, 10 * CREDIT),
    ]
    assert await amounts(user_id=BOB) == [(TransferKind.GRANT, 3 * CREDIT)]
    assert await amounts(kind=TransferKind.CAPTURE) == [(TransferKind.CAPTURE, -CREDIT // 2)]
    assert await amounts(until=world.clock.now) == []
    left = await keeping.left(GUILD, ALICE)
    assert (left.allowance, left.extra, left.held) == (9_500_000, 0, 0)
    assert (await keeping.left(GUILD, BOB)).allowance is None


async def test_members_are_listed_in_the_chosen_order(world: World) -> None:
    await world.picture(ALICE)
    await failed(world)
    keeping = Bookkeeping(world.database, world.policy, world.clock)

    async def listed(order: Order) -> list[UserId]:
        found = await keeping.members(GUILD, UsagePeriod.DAYS_7, order)
        assert found.total == 2
        return [row.user_id for row in found.members]

    assert await listed(Order.CREDITS) == [ALICE, BOB]
    assert await listed(Order.PICTURES) == [ALICE, BOB]
    assert await listed(Order.FAILED) == [BOB, ALICE]
    pages = [
        await keeping.members(GUILD, UsagePeriod.TODAY, Order.CREDITS, limit=1, skip=skip)
        for skip in (0, 1)
    ]
    assert [(page.members[0].user_id, page.total) for page in pages] == [(ALICE, 2), (BOB, 2)]
    other = GuildId(GUILD + 1)
    assert (await keeping.members(other, UsagePeriod.TODAY, Order.CREDITS)).members == ()
    only = await keeping.members(GUILD, UsagePeriod.TODAY, Order.CREDITS, only={BOB, UserId(9)})
    assert [row.user_id for row in only.members] == [BOB]


async def test_a_session_lives_from_its_link_to_its_end(world: World) -> None:
    tokens = Tokens(["new", "old"])
    signing_in = SigningIn(world.database, world.clock, tokens, "https://bot.example.org")
    browsing = Browsing(world.database, world.clock, tokens)
    link = await signing_in.link(GUILD, ALICE, "ja")
    assert link is not None
    secret = link.rpartition("/")[2]
    opened = await signing_in.enter(secret)
    assert isinstance(opened, Opened)
    assert await signing_in.enter(secret) is Refusal.USED
    session = await browsing.current(opened.token)
    assert session is not None
    assert (session.user_id, session.locale) == (ALICE, "ja")
    await browsing.speak(session, "en")
    changed = await browsing.current(opened.token)
    assert changed is not None
    assert changed.locale == "en"
    assert await browsing.sign_out_everywhere(ALICE) == 1
    assert await browsing.current(opened.token) is None
    assert not await browsing.holds(session)


async def test_a_rotated_key_ends_no_session_and_a_new_one_ends_all(world: World) -> None:
    before, after = Tokens(["old"]), Tokens(["new", "old"])
    signing_in = SigningIn(world.database, world.clock, before, "https://bot.example.org")
    link = await signing_in.link(GUILD, ALICE, "en")
    assert link is not None
    opened = await signing_in.enter(link.rpartition("/")[2])
    assert isinstance(opened, Opened)
    assert await Browsing(world.database, world.clock, after).current(opened.token) is not None
    fresh = Browsing(world.database, world.clock, Tokens(["new"]))
    assert await fresh.current(opened.token) is None


async def test_servers_to_switch_to_are_those_where_one_did_something(world: World) -> None:
    await world.picture(ALICE)
    async with world.database.write() as tx:
        await guilds.ensure(tx, ELSEWHERE, world.clock.now)
    async with world.database.read() as reader:
        assert await seats.candidates(reader, ALICE, 25) == [GUILD]
        assert await seats.candidates(reader, UserId(99), 25) == []


async def test_a_file_of_bookings_is_read_in_parts(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        await world.wallets.grant(
            GUILD, BOB, Microcredits(CREDIT), by=ALICE, key=f"{number}", reason=f"{number}"
        )
    keeping = Bookkeeping(world.database, world.policy, world.clock)
    monkeypatch.setattr(bookkeeping, "_EXPORTED_AT_ONCE", 2)
    found = [one.note async for one in keeping.everything(GUILD, Booked())]
    assert sorted(str(note) for note in found) == ["0", "1", "2", "3", "4"]


async def test_a_remix_is_seen_with_what_it_was_made_from(world: World) -> None:
    parent = await world.picture(ALICE)
    card = await world.picture(BOB, parent=parent.job_id)
    view = await Oversight(world.database, world.clock).job(GUILD, card.job_id)
    assert view is not None
    assert view.parent is not None
    assert view.parent.id == parent.job_id


async def test_who_looks_at_a_private_request_is_written_down(world: World) -> None:
    oversight = Oversight(world.database, world.clock)
    private = await world.picture(ALICE, private=True)
    public = await world.picture(ALICE)
    assert await oversight.shown_private(GUILD, private.job_id, BOB)
    for guild, job_id in ((GUILD, public.job_id), (ELSEWHERE, private.job_id)):
        assert not await oversight.shown_private(guild, job_id, BOB)
    async with world.database.read() as reader:
        (entry,) = await audit_log.latest(reader, GUILD, 10)
    assert (entry.action, entry.actor_id, entry.target_id) == ("private_shown", BOB, ALICE)
    assert private.job_id in (entry.after or "")


async def test_a_queue_is_read_once_a_second_and_kept_for_so_many_servers(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue_module, "_SERVERS", 1)
    queue = Queue(world.database, world.clock)
    assert await queue.of(GUILD) == ()
    await world.ask(ALICE)
    assert await queue.of(GUILD) == ()
    await queue.of(ELSEWHERE)  # for which the first one is forgotten
    (known,) = await queue.of(GUILD)
    assert known.user_id == ALICE
    await world.ask(BOB)
    world.clock.advance(1)
    assert [one.user_id for one in await queue.of(GUILD)] == [ALICE, BOB]


async def test_a_link_is_looked_at_without_being_used_up(world: World) -> None:
    tokens = Tokens(["key"])
    signing_in = SigningIn(world.database, world.clock, tokens, "https://bot.example.org/")
    link = await signing_in.link(GUILD, ALICE, "ja")
    assert link is not None
    assert link.startswith("https://bot.example.org/dashboard/sign-in/")
    secret = link.rpartition("/")[2]
    found = await signing_in.look(secret)
    assert isinstance(found, SignIn)
    assert (found.guild_id, found.user_id) == (GUILD, ALICE)
    assert await signing_in.look("somebody's guess") is Refusal.UNKNOWN
    world.clock.advance(5 * 60)
    assert await signing_in.look(secret) is Refusal.EXPIRED
    assert await signing_in.enter(secret) is Refusal.EXPIRED


async def test_a_new_session_ends_the_browsers_old_one(world: World) -> None:
    tokens = Tokens(["key"])
    signing_in = SigningIn(world.database, world.clock, tokens, "https://bot.example.org")
    browsing = Browsing(world.database, world.clock, tokens)
    opened: list[Opened] = []
    for _ in range(2):
        link = await signing_in.link(GUILD, ALICE, "en")
        assert link is not None
        before = opened[-1].session if opened else None
        entered = await signing_in.enter(link.rpartition("/")[2], instead_of=before)
        assert isinstance(entered, Opened)
        opened.append(entered)
    assert await browsing.current(opened[0].token) is None
    assert await browsing.current(opened[1].token) is not None
    await browsing.sign_out(opened[1].session)
    assert await browsing.current(opened[1].token) is None


async def test_clicks_keep_a_session_alive_and_watching_does_not(world: World) -> None:
    tokens = Tokens(["key"])
    signing_in = SigningIn(world.database, world.clock, tokens, "https://bot.example.org")
    browsing = Browsing(world.database, world.clock, tokens)
    link = await signing_in.link(GUILD, ALICE, "en")
    assert link is not None
    opened = await signing_in.enter(link.rpartition("/")[2])
    assert isinstance(opened, Opened)
    for _ in range(2):
        world.clock.advance(50 * 60)
        assert await browsing.current(opened.token) is not None
    world.clock.advance(50 * 60)
    assert await browsing.current(opened.token, keep_alive=False) is not None
    world.clock.advance(10 * 60)
    assert await browsing.current(opened.token) is None


async def test_a_link_that_two_browsers_follow_at_once_opens_one(world: World) -> None:
    tokens = Tokens(["key"])
    signing_in = SigningIn(world.database, world.clock, tokens, "https://bot.example.org")
    link = await signing_in.link(GUILD, ALICE, "en")
    assert link is not None
    secret = link.rpartition("/")[2]
    async with world.database.write() as tx:
        assert await sign_ins.use(tx, tokens.hashed(secret), world.clock())
        second = asyncio.create_task(signing_in.enter(secret))
        await until_one_waits(world.database)
    async with asyncio.timeout(PATIENCE_S):
        assert await second is Refusal.USED
