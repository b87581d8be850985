"""Offers of one picture to somebody whose credits do not reach for as many as they asked for."""

from dataclasses import replace

from bot.domain.ids import ChannelId, JobId, MessageId, new_id
from bot.domain.request import GenerationRequest, Reference
from bot.service.asking.offering import LIVES_MS, Offering
from tests.builders import ALICE, BOB, World, make_place, make_reference, make_request


def of_a_message() -> Reference:
    return make_reference(channel_id=ChannelId(5), message_id=MessageId(6))


def made_offering(world: World) -> Offering:
    return Offering(world.database, world.clock)


async def test_an_offer_makes_the_same_with_one_picture_where_it_is_taken_up(world: World) -> None:
    asked = make_request(
        count=4, aspect="16:9", style="anime", private=True, own_defaults=True,
        references=(make_reference(), of_a_message()), parent=JobId(new_id()),
    )  # fmt: skip
    offering, elsewhere = made_offering(world), make_place(channel_id=ChannelId(78))
    offer_id = await offering.keep(asked)
    taken = await offering.taken(offer_id, elsewhere, "click")
    assert taken == replace(asked, key="click", place=elsewhere, count=1)


async def test_an_offer_is_its_members_alone_and_over_after_an_hour(world: World) -> None:
    offering = made_offering(world)
    offer_id = await offering.keep(make_request(count=2))

    async def taken(user: int = ALICE) -> GenerationRequest | None:
        return await offering.taken(offer_id, make_place(user_id=user), "click")

    assert await taken(BOB) is None
    assert await offering.taken(new_id(), make_place(), "click") is None
    world.clock.advance(LIVES_MS / 1000 - 1)
    assert await taken() is not None
    world.clock.advance(1)
    assert await taken() is None
