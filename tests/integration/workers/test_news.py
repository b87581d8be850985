"""What moderators and reporters are told: once, later where Discord is away, and not for ever."""

from dataclasses import dataclass

import pytest
from structlog.testing import capture_logs

from bot.domain.guild_settings import GuildSettings
from bot.domain.ids import ChannelId, MessageId
from bot.domain.money import CREDIT, Microcredits
from bot.domain.notices import NoticeOutcome
from bot.domain.policy import DELIVERY_PATIENCE_MS
from bot.domain.reports import CaseAction, TellOutcome
from bot.service.delivery.cards import TryLater
from bot.storage.moderators import cases, guilds
from bot.storage.moderators.cases import Case
from tests.builders import BOB, GUILD, World
from tests.integration.workers.workshop import Workshop
from tests.service.test_reports import act, report, reports_of

AWAY = TryLater("503", after_s=60)
DAY_S = DELIVERY_PATIENCE_MS / 1000


async def joined(world: World) -> None:
    await world.use.welcoming.begin()
    world.clock.advance(1)
    await world.use.welcoming.arrived(GUILD, world.clock())


async def half_spent(world: World) -> None:
    async with world.database.write() as tx:
        await guilds.choose(tx, GUILD, GuildSettings(cap=Microcredits(CREDIT)), world.clock())
    await world.ask(count=2)


@pytest.mark.parametrize("worker", ["welcomes", "notices"])
async def test_a_server_is_told_once_also_where_discord_was_away(
    shop: Workshop, worker: str
) -> None:
    await (joined if worker == "welcomes" else half_spent)(shop.world)
    port = shop.greeter.greet if worker == "welcomes" else shop.bulletin.post
    port.side_effect = [AWAY, NoticeOutcome.SENT]
    for seconds in (0, 59, 2, 3600):
        shop.world.clock.advance(seconds)
        await shop.step(worker)
    assert port.await_count == 2
    assert port.await_args.args[0].guild_id == GUILD


@pytest.mark.parametrize("worker", ["welcomes", "notices"])
async def test_what_discord_does_not_take_for_a_day_is_given_up(
    shop: Workshop, worker: str
) -> None:
    await (joined if worker == "welcomes" else half_spent)(shop.world)
    port = shop.greeter.greet if worker == "welcomes" else shop.bulletin.post
    port.return_value = AWAY
    await shop.step(worker)
    shop.world.clock.advance(DAY_S + 2)
    with capture_logs() as logs:
        await shop.step(worker)
    assert [entry["event"].rpartition(" ")[2] for entry in logs] == ["up"]
    shop.world.clock.advance(3600)
    await shop.step(worker)
    assert port.await_count == 2


@dataclass(frozen=True)
class Placed:
    """A card in the moderators' channel."""

    channel_id: ChannelId
    message_id: MessageId


async def case_of(shop: Workshop) -> Case:
    """The case of a picture that Bob has reported, and wants to hear of."""
    card = await shop.world.picture()
    await report(shop.world, card.job_id, BOB, tell_reporter=True)
    return await case_in(shop, card.job_id)


async def case_in(shop: Workshop, job_id: object) -> Case:
    async with shop.world.database.read() as reader:
        found = await cases.read(reader, job_id)  # type: ignore[arg-type]
    assert found is not None
    return found


async def test_a_reported_picture_gets_a_card_that_is_known_afterwards(shop: Workshop) -> None:
    shop.desk.show.return_value = Placed(ChannelId(80), MessageId(600))
    case = await case_of(shop)
    await shop.step("reports")
    await shop.step("reports")
    assert shop.desk.show.await_count == 1
    shown = await case_in(shop, case.job_id)
    assert (shown.channel_id, shown.message_id, shown.shown) == (80, 600, shown.version)
    assert shown.posting_at is not None


async def test_a_card_without_a_place_is_not_tried_again(shop: Workshop) -> None:
    shop.desk.show.return_value = None
    case = await case_of(shop)
    await shop.step("reports")
    shop.world.clock.advance(3600)
    await shop.step("reports")
    assert shop.desk.show.await_count == 1
    assert (await case_in(shop, case.job_id)).message_id is None


async def test_a_card_that_discord_does_not_take_comes_later(shop: Workshop) -> None:
    shop.desk.show.side_effect = [AWAY, Placed(ChannelId(80), MessageId(600))]
    case = await case_of(shop)
    for seconds in (0, 59, 2):
        shop.world.clock.advance(seconds)
        await shop.step("reports")
    assert (await case_in(shop, case.job_id)).message_id == 600


async def test_the_first_card_of_a_decided_case_is_not_said_to_be_on_its_way(
    shop: Workshop,
) -> None:
    shop.desk.show.return_value, shop.courier.tell.return_value = None, TellOutcome.SENT
    case = await case_of(shop)
    await act(shop.world, case.job_id, CaseAction.DISMISS)
    shop.world.clock.advance(11)
    await shop.step("reports")
    shop.desk.show.assert_awaited_once()
    assert (await case_in(shop, case.job_id)).posting_at is None


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ([TellOutcome.SENT], TellOutcome.SENT),
        ([AWAY, TellOutcome.REFUSED], TellOutcome.REFUSED),
        ([AWAY, AWAY], TellOutcome.EXPIRED),
    ],
)
async def test_a_reporter_is_told_what_came_of_it(
    shop: Workshop, answers: list[TellOutcome | TryLater], told: TellOutcome
) -> None:
    shop.desk.show.return_value = None
    shop.courier.tell.side_effect = answers
    case = await case_of(shop)
    await act(shop.world, case.job_id, CaseAction.DELETE)
    await shop.step("reports")
    shop.world.clock.advance(DAY_S + 1)
    await shop.step("reports")
    (known,) = await reports_of(shop.world, case.job_id)
    assert (known.telling, shop.courier.tell.await_count) == (told, len(answers))
    (news,) = shop.courier.tell.await_args.args
    assert (news.reporter_id, news.removed) == (BOB, True)
