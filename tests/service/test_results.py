"""A result as its viewers may see it: the menu, its details and family, the showcase."""

import pytest

from bot.domain.guild_settings import GuildSettings
from bot.domain.ids import ChannelId, GuildId, JobId, MessageId, PictureId, UserId
from bot.domain.money import Microcredits
from bot.domain.preferences import Preferences
from bot.domain.request import Context
from bot.errors import (
    BlockedError,
    JobGoneError,
    NoResultError,
    NoShowcaseError,
    NotYoursError,
    PrivateResultError,
    RemixingClosedError,
    StillUnderWayError,
)
from bot.service.asking.remixing import Remixing
from bot.service.pictures.details import DetailsReader
from bot.service.pictures.results import Results
from bot.service.pictures.sharing import Sharing
from bot.service.pictures.viewer import Viewer
from bot.storage.moderators import guilds
from bot.storage.people import preferences
from tests.builders import ALICE, BOB, GUILD, World, make_place, make_reference, make_request

HERE = ChannelId(77)
MIA, OUTSIDER = UserId(3), UserId(4)


def viewer(user: UserId, *, moderator: bool = False, guild: GuildId | None = GUILD) -> Viewer:
    return Viewer(user, guild, HERE, moderator)


ALICE_HERE, BOB_HERE = viewer(ALICE), viewer(BOB)
MODERATOR = viewer(MIA, moderator=True)
ELSEWHERE = viewer(OUTSIDER, moderator=True, guild=GuildId(501))


async def showcase(world: World, channel: int | None = 88) -> None:
    async with world.database.write() as tx:
        chosen = GuildSettings(showcase_channel=channel)
        await guilds.choose(tx, GUILD, chosen, world.clock())


async def test_a_public_result_shows_each_viewer_what_they_may_do(world: World) -> None:
    card = await world.picture(count=2)
    results = Results(world.database)
    own = await results.result(card.job_id, ALICE_HERE)
    assert (own.owned, own.in_charge, own.shareable) == (True, True, False)
    assert [one.number for one in own.pictures] == [1, 2]
    assert own.pictures[0].source == "https://results.example/1.png"
    assert own.pictures[0].home == (HERE, 9)
    others = await results.result(card.job_id, BOB_HERE)
    assert (others.owned, others.in_charge, others.prompt) == (False, False, card.prompt)
    await showcase(world)
    assert (await results.result(card.job_id, MODERATOR)).shareable
    assert not (await results.result(card.job_id, BOB_HERE)).shareable


async def test_another_servers_result_cannot_be_reached_by_its_id(world: World) -> None:
    card = await world.picture()
    results, details = Results(world.database), details_of(world)
    for read in (
        results.result(card.job_id, ELSEWHERE),
        results.result(JobId("unknown"), ALICE_HERE),
        details.of_job(card.job_id, ELSEWHERE),
        details.of_message(MessageId(9), ELSEWHERE),
        sharing_of(world).begin(card.job_id, ELSEWHERE),
    ):
        with pytest.raises(JobGoneError):
            await read


async def test_a_private_result_is_for_its_owner_and_moderators(world: World) -> None:
    card = await world.picture(private=True)
    results = Results(world.database)
    with pytest.raises(NotYoursError):
        await results.result(card.job_id, BOB_HERE)
    assert (await results.result(card.job_id, MODERATOR)).prompt == card.prompt
    (picture,) = (await results.result(card.job_id, ALICE_HERE)).pictures
    assert await results.data([picture.id]) == {picture.id: b"picture"}


def details_of(world: World) -> DetailsReader:
    return DetailsReader(world.database, world.clock, world.use.cards)


async def test_the_family_goes_from_the_oldest_ancestor_to_the_remixes(world: World) -> None:
    source = make_reference(channel_id=HERE, message_id=MessageId(4242))
    first = await world.picture(references=(source,))
    second = await world.picture(BOB, parent=first.job_id)
    third = await world.picture(parent=second.job_id)
    fourth = await world.picture(BOB, parent=second.job_id)
    found = await details_of(world).of_job(second.job_id, ALICE_HERE)
    assert [(one.parent, one.owner_id, one.is_this) for one in found.family] == [
        (None, ALICE, False), (0, BOB, True), (1, ALICE, False), (1, BOB, False),
    ]  # fmt: skip
    assert [where.message_id for where in found.sources] == [4242]
    assert third.job_id != fourth.job_id


async def test_a_long_line_is_cut_at_its_old_end(world: World) -> None:
    card = await world.picture()
    for _ in range(7):
        card = await world.picture(parent=card.job_id)
    found = await details_of(world).of_job(card.job_id, ALICE_HERE)
    assert len(found.family) == 6
    assert found.family[-1].is_this
    assert found.sources == ()


async def test_private_relatives_are_hidden_from_others(world: World) -> None:
    secret = await world.picture(private=True)
    public = await world.picture(parent=secret.job_id)
    hidden, this = (await details_of(world).of_job(public.job_id, BOB_HERE)).family
    assert (hidden.hidden, hidden.owner_id, hidden.picture, hidden.where) == (
        True, None, None, None,
    )  # fmt: skip
    assert this.is_this
    shown, _ = (await details_of(world).of_job(public.job_id, MODERATOR)).family
    assert (shown.hidden, shown.owner_id, shown.where) == (False, ALICE, None)
    assert shown.picture is not None


async def test_the_services_own_words_are_for_the_requester_alone(world: World) -> None:
    from tests.service.test_deleting import failed

    card = await failed(world)
    details = details_of(world)
    own = await details.of_job(card.job_id, ALICE_HERE)
    assert (own.prompt, own.reason) == (card.prompt, "not allowed")
    others = await details.of_job(card.job_id, BOB_HERE)
    assert (others.prompt, others.reason) == (None, None)
    moderators = await details.of_job(card.job_id, MODERATOR)
    assert (moderators.prompt, moderators.reason) == (card.prompt, None)


async def test_a_message_that_shows_no_job_has_no_details(world: World) -> None:
    with pytest.raises(NoResultError):
        await details_of(world).of_message(MessageId(31337), ALICE_HERE)


def sharing_of(world: World) -> Sharing:
    return Sharing(world.database, world.clock, world.use.cards)


async def test_a_result_is_shared_once_and_known_by_its_message(world: World) -> None:
    await showcase(world)
    card = await world.picture(count=2)
    sharing = sharing_of(world)
    began = await sharing.begin(card.job_id, ALICE_HERE)
    assert (began.channel_id, began.message_id, len(began.pictures)) == (88, None, 2)
    world.clock.advance(60)
    again = await sharing.begin(card.job_id, MODERATOR)
    assert (again.message_id, again.began_at) == (None, began.began_at)
    shown = {one.id: 70 + one.number for one in began.pictures}
    await sharing.posted(card.job_id, MessageId(4000), shown)
    await showcase(world, 99)
    known = await sharing.begin(card.job_id, ALICE_HERE)
    assert (known.channel_id, known.message_id) == (88, 4000)
    found = await details_of(world).of_message(MessageId(4000), BOB_HERE)
    assert found.card.job_id == card.job_id
    draft = await Remixing(world.database, world.clock).begin(BOB, MessageId(4000), (), None, GUILD)
    assert draft.parent == card.job_id


async def test_what_was_certainly_not_posted_may_go_elsewhere(world: World) -> None:
    await showcase(world)
    card = await world.picture()
    sharing = sharing_of(world)
    await sharing.begin(card.job_id, ALICE_HERE)
    await sharing.refused(card.job_id)
    await showcase(world, 99)
    assert (await sharing.begin(card.job_id, ALICE_HERE)).channel_id == 99


async def test_what_may_not_be_shared_is_not(world: World) -> None:
    card = await world.picture()
    sharing = sharing_of(world)
    with pytest.raises(NoShowcaseError):
        await sharing.begin(card.job_id, ALICE_HERE)
    await showcase(world)
    with pytest.raises(NotYoursError):
        await sharing.begin(card.job_id, BOB_HERE)
    private = await world.picture(private=True)
    with pytest.raises(PrivateResultError):
        await sharing.begin(private.job_id, ALICE_HERE)
    waiting = await world.ask()
    with pytest.raises(StillUnderWayError):
        await sharing.begin(waiting.job_id, ALICE_HERE)


async def test_whoever_is_blocked_shares_nothing(world: World) -> None:
    await showcase(world)
    card = await world.picture()
    await world.use.moderating.block(
        GUILD, ALICE, by=MODERATOR.user_id, until=None, reason="Spam", key="b"
    )
    with pytest.raises(BlockedError):
        await sharing_of(world).begin(card.job_id, ALICE_HERE)
    assert (await sharing_of(world).begin(card.job_id, MODERATOR)).message_id is None


async def test_what_is_deleted_leaves_both_messages(world: World) -> None:
    await showcase(world)
    card = await world.picture(count=2)
    sharing = sharing_of(world)
    first, second = (await sharing.begin(card.job_id, ALICE_HERE)).pictures
    await sharing.posted(card.job_id, MessageId(4000), {first.id: 71, second.id: 72})
    await world.use.deleting.delete(
        card.job_id, [first.id], by=ALICE, moderator=False, guild_id=GUILD
    )
    takedown = await world.use.takedowns.claim_one(card.job_id)
    assert takedown is not None
    assert {target.message_id: set(target.attachments) for target in takedown.targets} == {
        9: {2},
        4000: {72},
    }


async def test_who_does_not_want_to_be_remixed_is_not(world: World) -> None:
    card = await world.picture()
    async with world.database.write() as tx:
        await preferences.lock(tx, ALICE)
        await preferences.choose(tx, ALICE, Preferences(allow_remixing=False))
    remixing = Remixing(world.database, world.clock)
    for begun in (
        remixing.begin(BOB, MessageId(9), (make_reference(),)),
        remixing.begin_from(BOB, card.job_id, (make_reference(),)),
        remixing.begin(BOB, MessageId(555), (make_reference(),), ALICE),
        world.use.requests.accept(make_request(BOB, parent=card.job_id)),
    ):
        with pytest.raises(RemixingClosedError) as refused:
            await begun
        assert refused.value.values == {"name": f"<@{ALICE}>"}
    assert (await remixing.begin(ALICE, MessageId(9), (make_reference(),))).is_own
    assert await world.use.requests.accept(make_request(parent=card.job_id)) is not None


async def test_a_result_of_a_direct_message_is_for_its_channel_alone(world: World) -> None:
    direct = await world.again(direct_credits=Microcredits(1_000_000))
    place = make_place(guild_id=None, context=Context.PRIVATE_CHANNEL)
    card = await direct.picture(place=place)
    results = Results(world.database)
    here, elsewhere = (Viewer(BOB, None, channel) for channel in (HERE, ChannelId(78)))
    assert (await results.result(card.job_id, here)).prompt == card.prompt
    for stranger in (elsewhere, Viewer(MIA, GUILD, ChannelId(78), moderator=True)):
        with pytest.raises(JobGoneError):
            await results.result(card.job_id, stranger)


async def test_one_picture_of_a_result_is_found_by_its_id(world: World) -> None:
    card = await world.picture(count=2)
    result = await Results(world.database).result(card.job_id, ALICE_HERE)
    assert [result.picture(one.id) for one in result.pictures] == list(result.pictures)
    assert result.picture(PictureId("unknown")) is None
    assert result.picture(None) is None


async def test_a_family_begins_where_nothing_earlier_is_known(world: World) -> None:
    card = await world.picture(parent=JobId("0" * 26))
    found = await details_of(world).of_job(card.job_id, ALICE_HERE)
    assert [(one.parent, one.is_this) for one in found.family] == [(None, True)]
    assert found.sources == ()


async def test_a_form_finds_its_pictures_for_an_hour_and_for_whoever_opened_it(
    world: World,
) -> None:
    card = await world.picture()
    remixing = Remixing(world.database, world.clock)
    begun = await remixing.begin(BOB, MessageId(9), (make_reference(),), None, GUILD)
    kept = await remixing.draft(begun.id, BOB)
    assert kept is not None
    assert (kept.references, kept.parent) == ((make_reference(),), card.job_id)
    assert await remixing.draft(begun.id, ALICE) is None
    world.clock.advance(3600)
    assert await remixing.draft(begun.id, BOB) is None


async def test_a_strangers_picture_has_no_origin_and_may_be_remixed(world: World) -> None:
    card = await world.picture()
    remixing = Remixing(world.database, world.clock)
    assert await remixing.origin(MessageId(9)) == card.job_id
    assert await remixing.origin(MessageId(555)) is None
    begun = await remixing.begin(BOB, MessageId(555), (make_reference(),))  # of a webhook
    assert (begun.parent, begun.prompt, begun.is_own) == (None, None, False)


async def test_whether_somebody_may_be_remixed_is_known_before_there_is_a_form(
    world: World,
) -> None:
    remixing = Remixing(world.database, world.clock)
    await remixing.require_open(ALICE, BOB)
    await world.use.preferring.change(ALICE, allow_remixing=False)
    await remixing.require_open(ALICE, ALICE)
    with pytest.raises(RemixingClosedError):
        await remixing.require_open(ALICE, BOB)
