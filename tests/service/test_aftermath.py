"""What is told beside a picture's message: noted in the same transaction, and once."""

from typing import Any

import pytest

from bot.domain.catalogue import Catalogue
from bot.domain.guild_settings import GuildSettings
from bot.domain.ids import MessageId, Millis, UserId
from bot.domain.money import Microcredits
from bot.domain.periods import Refill
from bot.domain.policy import Policy
from bot.domain.preferences import CallBack
from bot.domain.request import Context
from bot.service.delivery.aftermath import Aftermath, Hint
from bot.service.delivery.cards import Card, Deleted, Shown, Unpostable
from bot.storage import Database
from bot.storage.moderators import guilds
from tests.builders import ALICE, GUILD, World, make_place, make_world

TEN = Microcredits(10_000_000)
GONE = Unpostable("the token is over")


async def choose(world: World, **settings: Any) -> None:
    """What the server's moderators have set."""
    async with world.database.write() as tx:
        await guilds.choose(tx, GUILD, GuildSettings(**settings), world.clock())


async def painted(world: World, seconds: float = 10, **request: Any) -> Card:
    """A job whose pictures are there and not delivered yet."""
    card = await world.ask(**request)
    for submission in await world.submit():
        world.clock.advance(seconds)
        await world.painted(submission.task_id)
    await world.fetch()
    return card


async def end(
    world: World, delivery: Deleted | Unpostable | None = None, *, empty: bool = False
) -> Aftermath:
    """The delivery of the only job that is due; shown unless said otherwise."""
    (due,) = await world.use.delivering.claim_ends("deliver", 10)
    files = [] if empty else await world.use.delivering.files(due)
    ids = tuple(range(1, len(files) + 1))
    shown = delivery or Shown(MessageId(9), due.card.channel_id, ids, "token")
    return await world.use.delivering.ended(due, shown, files)


@pytest.mark.parametrize(
    ("own", "server_after_s", "took_s", "wanted"),
    [
        (CallBack.SERVER, 120, 110, False),
        (CallBack.SERVER, 120, 130, True),
        (CallBack.SERVER, 10, 20, True),
        (CallBack.SERVER, None, 500, False),
        (CallBack.ALWAYS, None, 1, True),
        (CallBack.NEVER, 0, 500, False),
    ],
)
async def test_a_mention_is_the_members_choice_then_the_servers(
    sqlite_world: World, own: CallBack, server_after_s: int | None, took_s: float, wanted: bool
) -> None:
    await choose(sqlite_world, mention_after_s=server_after_s)
    await sqlite_world.use.preferring.change(ALICE, call_back=own.value)
    await painted(sqlite_world, took_s)
    assert (await end(sqlite_world)).call_back is wanted


async def test_a_card_promises_a_mention_only_when_it_is_certain(sqlite_world: World) -> None:
    """The usual time has passed long ago; the server's limit for mentions comes later."""
    await choose(sqlite_world, mention_after_s=300)
    card = await sqlite_world.ask()
    await sqlite_world.submit()
    promises = []
    for seconds in (250, 100):
        sqlite_world.clock.advance(seconds)
        now = await sqlite_world.use.cards.card(card.job_id)
        assert now is not None
        promises.append((now.late, now.calls_back))
    assert promises == [(True, False), (True, True)]
    await sqlite_world.use.preferring.change(ALICE, call_back="never")
    now = await sqlite_world.use.cards.card(card.job_id)
    assert now is not None
    assert not now.calls_back


async def test_nobody_is_mentioned_for_what_they_do_not_see(sqlite_world: World) -> None:
    await sqlite_world.use.preferring.change(ALICE, call_back="always")
    await painted(sqlite_world)
    assert not (await end(sqlite_world, Deleted())).call_back
    await painted(sqlite_world, private=True)
    assert not (await end(sqlite_world)).call_back


async def test_the_first_picture_is_hinted_at_once_on_both_databases(world: World) -> None:
    await choose(world, refill=Refill.DAY)
    await painted(world)
    after = await end(world)
    assert after.hint == Hint(Microcredits(500_000), TEN, Refill.DAY)
    await painted(world)
    assert (await end(world)).hint is None


async def test_where_the_bot_was_not_invited_nothing_is_told(database: Database) -> None:
    """It can neither write there by itself nor hear its name."""
    world = await make_world(database, policy=Policy(Catalogue(), direct_credits=TEN))
    await world.use.preferring.change(ALICE, call_back="always")
    abroad = make_place(guild_id=None, context=Context.PRIVATE_CHANNEL, user_install=True)
    await painted(world, place=abroad)
    assert await end(world) == Aftermath()
    await painted(world, place=make_place(guild_id=None, context=Context.BOT_DM))
    after = await end(world)
    assert after.call_back
    assert after.hint == Hint(Microcredits(500_000), TEN, Refill.MONTH)


async def test_failures_private_pictures_and_expired_tokens_get_no_hint(
    sqlite_world: World,
) -> None:
    await painted(sqlite_world, private=True)
    assert (await end(sqlite_world)).hint is None
    await painted(sqlite_world)
    assert (await end(sqlite_world, empty=True)).hint is None
    await painted(sqlite_world, seconds=16 * 60 - 400)  # shown by the channel's route
    sqlite_world.clock.advance(400)
    assert (await end(sqlite_world)).hint is None
    await painted(sqlite_world)  # the first one is over
    assert (await end(sqlite_world)).hint is None


async def test_a_first_picture_by_mention_needs_no_hint_and_is_the_first(
    sqlite_world: World,
) -> None:
    await painted(sqlite_world, place=make_place(token=None, token_expires_at=None))
    assert (await end(sqlite_world)).hint is None
    await painted(sqlite_world)
    assert (await end(sqlite_world)).hint is None


async def test_without_a_limit_the_hint_names_no_allowance(sqlite_world: World) -> None:
    await choose(sqlite_world, refill=Refill.UNLIMITED)
    await painted(sqlite_world)
    hint = (await end(sqlite_world)).hint
    assert hint is not None
    assert hint.allowance is None


@pytest.mark.parametrize("allowed", [True, False])
async def test_private_pictures_come_directly_only_if_allowed_and_once(
    world: World, allowed: bool
) -> None:
    await world.use.preferring.change(ALICE, direct_messages=allowed)
    card = await painted(world, private=True)
    assert (await end(world, GONE)).direct is allowed
    await world.alter(
        f"UPDATE jobs SET stage = 'delivering', due_at = 0 WHERE id = '{card.job_id}'"
    )
    assert not (await end(world, GONE)).direct


async def test_public_pictures_never_come_directly(sqlite_world: World) -> None:
    await sqlite_world.use.preferring.change(UserId(ALICE), direct_messages=True)
    await painted(sqlite_world)
    assert await end(sqlite_world, GONE) == Aftermath()
    await painted(sqlite_world, private=True)
    assert not (await end(sqlite_world, Deleted())).direct


async def test_a_hint_names_no_allowance_of_a_period_that_is_over(sqlite_world: World) -> None:
    """Asked for just before midnight, shown just after it; what was granted counts for itself."""
    world = sqlite_world
    await choose(world, refill=Refill.DAY, time_zone="UTC")
    await world.wallets.grant(GUILD, ALICE, TEN, by=ALICE, key="g", reason="thanks")
    day_ms = 86_400_000
    world.clock.now = Millis((world.clock() // day_ms + 1) * day_ms - 5_000)
    place = make_place(token_expires_at=Millis(world.clock() + 900_000))
    await painted(world, seconds=10, place=place)
    assert (await end(world)).hint == Hint(Microcredits(500_000), None, Refill.DAY)
