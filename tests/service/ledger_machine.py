"""Everything that members, the API, moderators and time can do to the books, in any order."""

import asyncio
import contextlib
from collections.abc import Coroutine
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.domain.guild_settings import GuildSettings
from bot.domain.ids import JobId, MessageId, ProviderTaskId, TaskId, UserId
from bot.domain.money import CREDIT, Microcredits
from bot.domain.periods import Refill
from bot.domain.stages import Failure, JobStage, TaskStage
from bot.errors import TransitionError, UserError
from bot.ketchup.wire import Progress, TaskUpdate
from bot.service.delivery.cards import Deleted, Shown, TryLater, Unpostable
from bot.service.work.recording import Source
from bot.service.work.submitting import Submission
from bot.service.work.tracking import Query
from bot.storage import Database
from bot.storage.moderators import guilds
from bot.storage.work import jobs
from tests.builders import GUILD, ManualClock, World, make_picture, make_request, make_world

Result = TypeVar("Result")
amounts = st.sampled_from([0, 1, 300_000, 500_000, 1_500_000, 10 * CREDIT]).map(Microcredits)
consumed = st.sampled_from([None, 0, 1, 250_000, 500_000, 500_001, 3 * CREDIT])
users = st.sampled_from([UserId(1), UserId(2), UserId(3)])
any_index = st.integers(0, 1_000)
ROLE = 42


class LedgerMachine(RuleBasedStateMachine):
    """Two processes on one database; after every step the audit must find nothing."""

    steps = 0

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)
        self.clock = ManualClock()
        self.jobs: list[JobId] = []
        self.accepted: list[JobId] = []
        self.tasks: list[TaskId] = []
        self.submissions: list[Submission] = []
        self.provider_ids = 0
        self.turn = 0

    async def open_one(self, process: int) -> Database:
        """A database for the first process, and the same one for the second."""
        raise NotImplementedError

    async def forget(self) -> None:
        """Remove what a history has left."""

    def wait(self, work: Coroutine[Any, Any, Result]) -> Result:
        return self.runner.run(asyncio.wait_for(work, 60))

    @initialize()
    def start(self) -> None:
        first = self.wait(self.open_one(0))
        self.databases = [first]
        if first.dialect_name == "postgresql":
            self.databases.append(self.wait(self.open_one(1)))
        self.worlds = [self.wait(make_world(each, self.clock)) for each in self.databases]

    @property
    def world(self) -> World:
        """One process, then the other."""
        return self.worlds[self.turn % len(self.worlds)]

    # ── members ─────────────────────────────────────────────────────────────────────────────
    @rule(user=users, count=st.integers(1, 4), confirmed=st.booleans(), role=st.booleans())
    def ask(self, user: UserId, count: int, confirmed: bool, role: bool) -> None:
        self.wait(self._ask(user, count, confirmed, (ROLE,) if role else ()))

    async def _ask(self, user: UserId, count: int, confirmed: bool, roles: tuple[int, ...]) -> None:
        request = make_request(user, count=count)
        place = type(request.place)(
            channel_id=request.place.channel_id, user_id=user, locale="ja", public_locale="ja",
            guild_id=GUILD, roles=roles,
        )  # fmt: skip
        with contextlib.suppress(UserError):
            card = await self.world.use.requests.accept(make_request(place=place, count=count))
            if card is not None:
                self.jobs.append(card.job_id)
                self.tasks += [task.id for task in await self.world.tasks(card.job_id)]
                if confirmed:
                    await self.world.use.requests.confirm(card.job_id, MessageId(len(self.jobs)))
                else:
                    self.accepted.append(card.job_id)

    @precondition(lambda self: self.accepted)
    @rule(index=any_index, seen=st.booleans())
    def look_for_the_answer(self, index: int, seen: bool) -> None:
        job_id = self.accepted[index % len(self.accepted)]
        requests = self.world.use.requests
        self.wait(requests.confirm(job_id, None) if seen else requests.discard(job_id))

    @precondition(lambda self: self.jobs)
    @rule(index=any_index, how=st.sampled_from(["cancel", "post anyway", "delete"]))
    def change_ones_mind(self, index: int, how: str) -> None:
        job_id = self.jobs[index % len(self.jobs)]
        self.wait(self._change_ones_mind(job_id, how))

    async def _change_ones_mind(self, job_id: JobId, how: str) -> None:
        job = await self.world.job(job_id)
        use = self.world.use
        with contextlib.suppress(UserError):
            if how == "cancel":
                await use.cancelling.cancel(job_id, user_id=job.user_id, moderator=False)
            elif how == "post anyway":
                await use.cancelling.post_anyway(job_id, user_id=job.user_id)
            elif job.message_id is not None:
                await use.requests.message_deleted(job.message_id)

    # ── the API ─────────────────────────────────────────────────────────────────────────────
    @rule(limit=st.integers(1, 5))
    def claim(self, limit: int) -> None:
        self.submissions += self.wait(self.world.claim(limit))

    @precondition(lambda self: self.submissions)
    @rule(
        index=any_index,
        answer=st.sampled_from(["accepted", "accepted", "accepted", "rejected", "unsent", "lost",
                                "handed back", "refused"]),
    )  # fmt: skip
    def answer(self, index: int, answer: str) -> None:
        submission = self.submissions[index % len(self.submissions)]
        use = self.world.use
        match answer:
            case "accepted":
                self.provider_ids += 1
                provider_id = ProviderTaskId(f"ta{self.provider_ids}")
                self.wait(use.submitting.accepted(submission, provider_id))
            case "rejected":
                self.wait(use.submitting.failed(submission, Failure.REJECTED, "no"))
            case "unsent":
                self.wait(use.submitting.unsent(submission, "refused"))
            case "lost":
                self.wait(use.submitting.lost(submission, "timeout"))
            case "handed back":
                self.wait(use.submitting.handed_back(submission))
            case _:
                self.wait(use.submitting.handed_back(submission))
                self.wait(use.pausing.refused(401, "bad key"))

    @rule()
    def the_key_works(self) -> None:
        self.wait(self.world.use.pausing.key_works())

    @precondition(lambda self: self.tasks)
    @rule(
        index=any_index, cost=consumed, images=st.integers(0, 2), foreign=st.booleans(),
        progress=st.sampled_from([Progress.SUCCEEDED, Progress.SUCCEEDED, *Progress]),
        source=st.sampled_from(Source), times=st.integers(1, 2),
    )  # fmt: skip
    def report(
        self, index: int, cost: int | None, images: int, foreign: bool, progress: Progress,
        source: Source, times: int,
    ) -> None:  # fmt: skip
        task = self.wait(self.world.task(self.tasks[index % len(self.tasks)]))
        provider_id = task.provider_id or ProviderTaskId(f"ta{self.provider_ids + 1}")
        if foreign:
            provider_id = ProviderTaskId(f"ta{index % (self.provider_ids + 1)}")
        elif task.provider_id is None:
            self.provider_ids += 1
        addresses = tuple(f"https://results.example/{n}.png" for n in range(images))
        price = None if cost is None else Microcredits(cost)
        update = TaskUpdate(provider_id, progress, progress.value, addresses, None, price, "x")
        for _ in range(times):
            self.wait(self.world.report(task.id, update, source))

    @rule(outcome=st.sampled_from(["running", "not found"]))
    def query(self, outcome: str) -> None:
        tracking = self.world.use.tracking
        found = self.wait(tracking.next_query())
        if isinstance(found, Query):
            running = outcome == "running"
            self.wait(tracking.still_running(found) if running else tracking.not_found(found))

    @rule(good=st.booleans())
    def fetch(self, good: bool) -> None:
        fetching = self.world.use.fetching
        for picture in self.wait(fetching.claim("fetch", 3)):
            if good:
                self.wait(fetching.kept(picture, "fetch", make_picture()))
            else:
                self.wait(fetching.failed(picture, "fetch", "a web page"))

    @rule(how=st.sampled_from(["shown", "deleted", "unpostable", "later"]))
    def deliver(self, how: str) -> None:
        self.wait(self._deliver(how))

    async def _deliver(self, how: str) -> None:
        delivering = self.world.use.delivering
        for due in await delivering.claim_ends("deliver", 3):
            files = await delivering.files(due)
            shown = Shown(MessageId(9), due.card.channel_id, (1, 2), "token")
            if how == "later":
                await delivering.try_later(due, TryLater("HTTP 500"))
            else:
                ends: dict[str, Shown | Deleted | Unpostable] = {
                    "shown": shown,
                    "deleted": Deleted(),
                    "unpostable": Unpostable("gone"),
                }
                await delivering.ended(due, ends[how], files)

    # ── moderators, the operator, time ──────────────────────────────────────────────────────
    @rule(user=users, amount=amounts, taken=st.booleans())
    def move_extra_credits(self, user: UserId, amount: Microcredits, taken: bool) -> None:
        wallets = self.world.wallets
        change = wallets.revoke if taken else wallets.grant
        self.wait(change(GUILD, user, amount, by=UserId(9), key=f"move-{self.turn}"))

    @rule(
        allowance=amounts, refill=st.sampled_from(Refill), cap=st.none() | amounts,
        zone=st.sampled_from(["UTC", "Asia/Tokyo", "Europe/Berlin", "America/Havana"]),
        unlimited=st.booleans(),
    )  # fmt: skip
    def change_settings(
        self, allowance: Microcredits, refill: Refill, cap: Microcredits | None, zone: str,
        unlimited: bool,
    ) -> None:  # fmt: skip
        chosen = GuildSettings.model_validate(
            {
                "allowance": allowance, "refill": refill, "cap": cap, "time_zone": zone,
                "role_allowances": {ROLE: {"amount": allowance * 2, "unlimited": unlimited}},
            }
        )  # fmt: skip
        self.wait(self._choose(chosen))

    async def _choose(self, chosen: GuildSettings) -> None:
        async with self.world.database.write() as tx:
            await guilds.choose(tx, GUILD, chosen, self.clock())

    @rule(cap=st.none() | amounts)
    def bound(self, cap: Microcredits | None) -> None:
        self.wait(self.world.use.servers.cap(GUILD, cap))

    @rule(seconds=st.sampled_from([0.5, 2, 21, 46, 11 * 60, 86_400, 8 * 86_400]))
    def time_passes(self, seconds: float) -> None:
        self.clock.advance(seconds)

    @rule()
    def give_up(self) -> None:
        self.wait(self.world.use.tracking.give_up_overdue())

    @rule()
    def restart(self) -> None:
        """Both processes are killed; what they were about to say is lost."""
        self.submissions.clear()
        self.worlds = [self.wait(world.again()) for world in self.worlds]
        self.wait(self.world.use.tracking.restarted())

    # ── what must hold ──────────────────────────────────────────────────────────────────────
    @invariant()
    def the_books_are_sound(self) -> None:
        type(self).steps += 1
        self.turn += 1
        if hasattr(self, "worlds"):
            assert self.wait(self.world.faults()) == []

    def teardown(self) -> None:
        try:
            if hasattr(self, "worlds"):
                self.wait(self._everything_ends())
        finally:
            for database in getattr(self, "databases", []):
                self.wait(database.close())
            self.wait(self.forget())
            self.runner.close()

    async def _everything_ends(self) -> None:
        """Nothing is stuck: left to the workers alone, every job comes to its end."""
        use = self.world.use
        await use.tracking.restarted()
        for _ in range(40):
            await use.pausing.key_works()
            for job in await use.rescuing.unconfirmed(100):
                await use.requests.discard(job.id)
            for submission in await self.world.claim():
                await use.submitting.failed(submission, Failure.REJECTED, "no")
            await use.tracking.give_up_overdue()
            with contextlib.suppress(TransitionError):
                await self.world.fetch()
            await self._deliver("unpostable")
            self.clock.advance(700)
        async with self.world.database.read() as reader:
            stages = {job.stage for job in await jobs.everything(reader)}
        assert stages <= {JobStage.DONE}
        assert await use.rescuing.in_flight() == dict[TaskStage, int]()
        assert await self.world.faults() == []
