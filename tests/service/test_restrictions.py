"""Blocks and forbidden words stand before every request, whatever way it comes."""

import asyncio

import pytest

from bot.domain.guild_settings import GuildSettings
from bot.domain.ids import GuildId, MessageId, Millis, UserId
from bot.domain.money import Microcredits
from bot.domain.stages import JobOutcome, JobStage, TaskStage
from bot.errors import (
    BlockedError,
    BlockedForReasonError,
    BlockedUntilError,
    BlockedUntilForReasonError,
    EmptyPhraseError,
    ForbiddenWordError,
    NotBlockedError,
    PhraseKnownError,
    PhraseUnknownError,
    TooManyPhrasesError,
)
from bot.service.delivery.cards import Card
from bot.service.moderators import moderating
from bot.storage.moderators import audit_log, guilds
from bot.storage.moderators.audit_log import Entry
from tests.builders import ALICE, BOB, GUILD, START, World, make_place, make_request

MIA = UserId(9)
OTHER = GuildId(501)
HOUR_MS = 3_600_000
PATIENCE_S = 60.0


async def block(world: World, user: UserId = ALICE, **overrides: object) -> moderating.Blocked:
    known: dict[str, object] = {"until": None, "reason": None, "key": f"{overrides}{user}"}
    made = await world.use.moderating.block(GUILD, user, by=MIA, **{**known, **overrides})  # type: ignore[arg-type]
    assert made is not None
    return made


async def forbid(world: World, phrase: str, guild: GuildId = GUILD) -> None:
    await world.use.moderating.add_phrase(guild, phrase, by=MIA, key=f"add {guild} {phrase}")


async def log(world: World) -> list[Entry]:
    async with world.database.read() as reader:
        return await audit_log.latest(reader, GUILD, 20)


@pytest.mark.parametrize(
    ("until", "reason", "error", "values"),
    [
        (None, None, BlockedError, {}),
        (None, "Spam.", BlockedForReasonError, {"reason": "Spam"}),
        (START + HOUR_MS, None, BlockedUntilError, {"until": START + HOUR_MS}),
        (
            START + HOUR_MS, "Spam", BlockedUntilForReasonError,
            {"until": START + HOUR_MS, "reason": "Spam"},
        ),
    ],
)  # fmt: skip
async def test_a_blocked_member_is_told_until_when_and_why(
    world: World, until: Millis | None, reason: str | None, error: type, values: dict[str, object]
) -> None:
    await block(world, until=until, reason=reason)
    with pytest.raises(BlockedError) as refused:
        await world.use.requests.accept(make_request())
    assert type(refused.value) is error
    assert refused.value.values == values
    with pytest.raises(BlockedError):
        await world.use.restrictions.require_unblocked(GUILD, ALICE)
    assert await world.faults() == []


async def test_a_block_ends_by_itself(world: World) -> None:
    await block(world, until=START + HOUR_MS)
    world.clock.advance(3599)
    with pytest.raises(BlockedError):
        await world.use.requests.accept(make_request())
    world.clock.advance(1)
    assert await world.use.requests.accept(make_request()) is not None
    assert await world.use.moderating.blocked(GUILD, 10) == []
    with pytest.raises(NotBlockedError):
        await world.use.moderating.unblock(GUILD, ALICE, by=MIA, key="late")


async def test_a_block_is_one_members_on_one_server(world: World) -> None:
    await block(world)
    direct = await world.again(direct_credits=Microcredits(1_000_000))
    for place in (
        make_place(user_id=BOB),
        make_place(guild_id=OTHER),
        make_place(guild_id=None),
    ):
        assert await direct.use.requests.accept(make_request(place=place)) is not None
    await world.use.restrictions.require_unblocked(None, ALICE)
    await world.use.restrictions.require_unblocked(OTHER, ALICE)
    with pytest.raises(NotBlockedError):
        await world.use.moderating.unblock(OTHER, ALICE, by=MIA, key="elsewhere")
    with pytest.raises(BlockedError):
        await world.use.requests.accept(make_request())


async def test_what_waits_is_cancelled_and_what_is_painted_goes_to_the_gallery(
    world: World,
) -> None:
    running = await world.ask()
    (submission,) = await world.submit()
    waiting = await world.ask(count=2)
    bobs = await world.ask(BOB)
    elsewhere = await world.ask(place=make_place(guild_id=OTHER))
    assert (await block(world)).cancelled == 1
    assert {task.stage for task in await world.tasks(waiting.job_id)} == {TaskStage.FINISHED}
    await world.painted(submission.task_id)
    await world.fetch()
    ended = {due.job_id: due.card.outcome for due in await world.deliver()}
    assert ended == {running.job_id: JobOutcome.CANCELLED, waiting.job_id: JobOutcome.CANCELLED}
    for card in (bobs, elsewhere):
        assert (await world.job(card.job_id)).stage is JobStage.QUEUED
    assert await world.balance() == "9.5"
    assert await world.faults() == []


async def test_a_request_whose_answer_was_on_its_way_is_cancelled_too(world: World) -> None:
    card = await world.use.requests.accept(make_request())
    assert card is not None
    await block(world)
    await world.use.requests.confirm(card.job_id, MessageId(5))
    assert (await world.job(card.job_id)).stage is JobStage.DELIVERING
    assert await world.submit() == []
    assert await world.balance() == "10"
    assert await world.faults() == []


async def test_no_request_slips_past_a_block_that_comes_at_the_same_time(world: World) -> None:
    other = await world.again()
    async with world.database.write() as tx:
        chosen = GuildSettings(waiting_per_member=100)
        await guilds.choose(tx, GUILD, chosen, world.clock())
    clicks = [side.use.requests.accept(make_request()) for side in (world, other) * 6]
    async with asyncio.timeout(PATIENCE_S):
        *answers, _ = await asyncio.gather(
            *clicks[:6], *clicks[6:], block(other), return_exceptions=True
        )
    cards = [card for card in answers if isinstance(card, Card)]
    for card in cards:
        await world.use.requests.confirm(card.job_id, None)
    assert await world.submit() == []
    assert await world.balance() == "10"
    assert all(isinstance(one, BlockedError) for one in answers if isinstance(one, Exception))


async def test_a_new_block_replaces_the_old_one_and_both_are_in_the_audit_log(
    world: World,
) -> None:
    await block(world, reason="Spam")
    world.clock.advance(1)
    await block(world, until=START + HOUR_MS)
    (held,) = await world.use.moderating.blocked(GUILD, 10)
    assert (held.until, held.reason, held.by) == (START + HOUR_MS, None, MIA)
    assert await world.use.moderating.unblock(GUILD, ALICE, by=BOB, key="lift") == held
    assert await world.use.moderating.block_of(GUILD, ALICE) is None
    entries = sorted(await log(world), key=lambda entry: (entry.at, entry.action == "unblock"))
    assert [(entry.action, entry.actor_id, entry.target_id) for entry in entries] == [
        ("block", MIA, ALICE), ("block", MIA, ALICE), ("unblock", BOB, ALICE),
    ]  # fmt: skip
    assert [(entry.before, entry.after) for entry in entries] == [
        (None, '{"until":null}'),
        ('{"until":null}', f'{{"until":{START + HOUR_MS}}}'),
        (f'{{"until":{START + HOUR_MS},"reason":null}}', None),
    ]
    assert [entry.reason for entry in entries] == ["Spam", None, None]


async def test_a_replayed_click_changes_nothing_twice(world: World) -> None:
    await block(world, key="one")
    args = {"by": MIA, "key": "one"}
    assert await world.use.moderating.block(GUILD, BOB, until=None, reason=None, **args) is None  # type: ignore[arg-type]
    assert await world.use.moderating.unblock(GUILD, ALICE, **args) is None  # type: ignore[arg-type]
    assert await world.use.moderating.add_phrase(GUILD, "bad", **args) is None  # type: ignore[arg-type]
    assert await world.use.moderating.remove_phrase(GUILD, "bad", **args) is None  # type: ignore[arg-type]
    assert len(await log(world)) == 1


async def test_a_forbidden_word_is_refused_by_name_and_costs_nothing(world: World) -> None:
    await forbid(world, "Bad")
    with pytest.raises(ForbiddenWordError) as refused:
        await world.use.requests.accept(make_request(prompt="a b.a.d day"))
    assert refused.value.values == {"word": "Bad"}
    assert await world.use.requests.accept(make_request(prompt="a badge")) is not None
    place = make_place(guild_id=OTHER)
    assert await world.use.requests.accept(make_request(prompt="bad", place=place)) is not None
    assert await world.use.moderating.refusing(GUILD, "b a d") == "Bad"
    assert await world.use.moderating.refusing(GUILD, "badge") is None
    assert await world.use.moderating.refusing(OTHER, "bad") is None


async def test_a_block_is_said_before_a_word_and_a_word_before_credits(world: World) -> None:
    await forbid(world, "bad")
    async with world.database.write() as tx:
        chosen = GuildSettings(allowance=Microcredits(0))
        await guilds.choose(tx, GUILD, chosen, world.clock())
    with pytest.raises(ForbiddenWordError):
        await world.use.requests.accept(make_request(prompt="bad"))
    await block(world)
    with pytest.raises(BlockedError):
        await world.use.requests.accept(make_request(prompt="bad"))


async def test_phrases_are_added_and_removed_in_any_spelling(world: World) -> None:
    await forbid(world, "Bad  Word")
    with pytest.raises(PhraseKnownError):
        await forbid(world, "ｂａｄ word")
    with pytest.raises(EmptyPhraseError):
        await forbid(world, "!!")
    with pytest.raises(PhraseUnknownError):
        await world.use.moderating.remove_phrase(OTHER, "bad word", by=MIA, key="elsewhere")
    assert [word.phrase for word in await world.use.moderating.phrases(GUILD)] == ["Bad  Word"]
    removed = await world.use.moderating.remove_phrase(GUILD, "bad-WORD", by=MIA, key="remove")
    assert removed is not None
    assert await world.use.moderating.phrases(GUILD) == []
    with pytest.raises(PhraseUnknownError):
        await world.use.moderating.remove_phrase(GUILD, "bad word", by=MIA, key="again")
    changes = {(entry.action, entry.before, entry.after) for entry in await log(world)}
    assert changes == {
        ("word_add", None, '"Bad  Word"'), ("word_remove", '"bad-WORD"', None),
    }  # fmt: skip


async def test_a_list_has_an_end(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moderating, "MOST_PHRASES", 2)
    await forbid(world, "one")
    await forbid(world, "two")
    with pytest.raises(TooManyPhrasesError):
        await forbid(world, "three")
    await forbid(world, "three", OTHER)
