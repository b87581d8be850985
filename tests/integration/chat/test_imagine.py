"""/imagine from the keystroke to the waiting message, over real sockets."""

import asyncio
import io
import re

import pytest
from PIL import Image
from structlog.testing import capture_logs

from bot.domain.money import Microcredits
from bot.domain.request import Context
from bot.errors import DirectMessagesClosedError, NotEnoughCreditsError
from sandbox.discord import Action, Fault, Upload, answer, reset_after, reset_before
from sandbox.discord.faults import Effect, no_content
from tests.integration.chat.stage import PATIENCE_S, Wishes, is_ephemeral, is_v2, on_stage, text_of

IMPATIENT = Wishes(acknowledge_s=3.0)
_CALLBACK = r"/interactions/.*/callback"
POOR = NotEnoughCreditsError(
    count=3, price=Microcredits(1_500_000), balance=Microcredits(0), refill=1_795_000_000_000
)


def png() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(buffer, "PNG")
    return buffer.getvalue()


async def test_the_answer_is_the_waiting_message_itself() -> None:
    async with on_stage() as stage:
        job_id, message = await stage.job()
        assert is_v2(message)
        assert not is_ephemeral(message)
        assert '"a lighthouse at dawn"\n3rd in line' in text_of(message)
        assert str(stage.requests.confirmed[job_id]) == message["id"]
        assert stage.requests.said_place[job_id] == 3
        assert len(stage.observed.acknowledged) == 1


async def test_every_option_reaches_the_request() -> None:
    async with on_stage() as stage:
        sent = await stage.imagine(
            prompt="  a cat\u202e ", model="google/gemini-2.5-flash-image", aspect="16:9", count=3,
            image1=Upload("a.png", png(), "image/png"), image3=Upload("b.png", png(), "image/png"),
        )  # fmt: skip
        await sent.response(PATIENCE_S)
        (request,) = stage.requests.accepted
        assert (request.prompt, request.model) == ("a cat", "google/gemini-2.5-flash-image")
        assert (request.aspect, request.count, request.private) == ("16:9", 3, False)
        assert request.key == str(sent.id)
        assert [(one.name, one.media_type, one.width) for one in request.references] == [
            ("a.png", "image/png", 40), ("b.png", "image/png", 40),
        ]  # fmt: skip


async def test_the_place_says_where_and_who_and_how_to_answer() -> None:
    async with on_stage() as stage:
        sent = await stage.imagine()
        await sent.response(PATIENCE_S)
        place = stage.requests.accepted[0].place
        assert place.user_id == int(stage.alice.id)
        assert place.channel_id == int(stage.gallery.id)
        assert place.guild_id == int(stage.discord.guild("Lighthouse Club").id)
        assert (place.context, place.user_install) == (Context.GUILD, False)
        assert (place.locale, place.token) == ("en-US", sent.token)
        assert place.roles


@pytest.mark.parametrize(
    "unsaid",
    [
        ("channel",),
        ("channel", "guild", "guild_locale", "locale", "context", "app_permissions",
         "authorizing_integration_owners", "entitlements", "entitlement_sku_ids"),
    ],
)  # fmt: skip
async def test_an_interaction_may_leave_out_what_discord_calls_optional(
    unsaid: tuple[str, ...],
) -> None:
    async with on_stage() as stage:
        stage.discord.backend.interactions.unsaid = frozenset(unsaid)
        await stage.job()
        place = stage.requests.accepted[0].place
        assert place.channel_id == int(stage.gallery.id)
        assert place.guild_id == int(stage.discord.guild("Lighthouse Club").id)


async def test_an_answer_that_discord_takes_without_a_word_has_arrived() -> None:
    async with on_stage() as stage:
        stage.discord.fault(Fault("POST", _CALLBACK, no_content()))
        sent = await stage.imagine()
        await sent.response(PATIENCE_S)
        await stage.until(lambda: stage.requests.confirmed)
        assert list(stage.requests.confirmed.values()) == [None]
        assert len(stage.observed.acknowledged) == 1


async def test_a_private_request_is_answered_for_its_member_alone() -> None:
    async with on_stage() as stage:
        _, message = await stage.job(private=True)
        assert is_ephemeral(message)
        assert "Only you see this." in text_of(message)
        assert not stage.bob.sees(message)


async def test_a_japanese_member_of_an_ordinary_server_is_answered_in_japanese() -> None:
    async with on_stage() as stage:
        hanako = stage.discord.person("花子")
        sent = await stage.imagine(person=hanako, room=stage.discord.channel("ギャラリー"))
        assert "順番待ち（3番目）" in text_of(await sent.response(PATIENCE_S))


async def test_a_community_servers_language_is_that_of_public_text() -> None:
    async with on_stage() as stage:
        stage.discord.guild("Lighthouse Club").preferred_locale = "ja"
        assert "順番待ち" in text_of(await (await stage.imagine()).response(PATIENCE_S))
        private = await (await stage.imagine(private=True)).response(PATIENCE_S)
        assert "3rd in line" in text_of(private)


async def test_a_refusal_is_told_privately_in_the_members_language() -> None:
    async with on_stage() as stage:
        stage.requests.refusal = POOR
        refused = await (await stage.imagine()).response(PATIENCE_S)
        assert is_ephemeral(refused)
        assert refused["content"] == (
            "3 pictures need 1.5 credits; you have 0. Your allowance refills <t:1795000000:R>."
        )
        hanako = stage.discord.person("花子")
        sent = await stage.imagine(person=hanako, room=stage.discord.channel("ギャラリー"))
        assert "残りは0です" in (await sent.response(PATIENCE_S))["content"]


async def test_a_slow_database_is_bridged_by_thinking() -> None:
    async with on_stage() as stage:
        stage.requests.hurdle = pause = asyncio.Event()
        sent = await stage.imagine()
        await sent.acknowledged(PATIENCE_S)
        pause.set()
        message = await sent.response(PATIENCE_S)
        await stage.until(lambda: stage.requests.confirmed)
        assert "3rd in line" in text_of(message)
        assert [str(known) for known in stage.requests.confirmed.values()] == [message["id"]]
        assert len(stage.observed.acknowledged) == 1


async def test_a_refusal_after_thinking_leaves_nothing_public() -> None:
    async with on_stage() as stage:
        stage.requests.hurdle, stage.requests.refusal = asyncio.Event(), POOR
        sent = await stage.imagine()
        await sent.acknowledged(PATIENCE_S)
        stage.requests.hurdle.set()
        told = await sent.followup(PATIENCE_S)
        assert is_ephemeral(told)
        assert told["content"].startswith("3 pictures need")
        assert stage.gallery.messages() == []


async def test_a_bug_is_told_in_words_and_with_an_id_for_the_operator() -> None:
    async with on_stage() as stage:
        stage.requests.refusal = RuntimeError("a bug")
        told = await (await stage.imagine()).response(PATIENCE_S)
        assert is_ephemeral(told)
        assert told["content"].startswith(
            "Something went wrong on my side. Nothing was charged.\n-# 0"
        )


async def test_an_answer_of_which_discord_tells_nothing_is_an_answer() -> None:
    async with on_stage() as stage:
        stage.discord.fault(Fault("POST", _CALLBACK, no_content(), times=None))
        with capture_logs() as entries:
            sent = await stage.imagine()
            assert "3rd in line" in text_of(await sent.response(PATIENCE_S))
            await stage.until(lambda: stage.requests.confirmed)
            assert [*stage.requests.confirmed.values()] == [None]
            stage.requests.hurdle = pause = asyncio.Event()
            slow = await stage.imagine()
            await slow.acknowledged(PATIENCE_S)
            pause.set()
            assert "3rd in line" in text_of(await slow.response(PATIENCE_S))
            stage.requests.refusal = POOR
            told = await (await stage.imagine()).response(PATIENCE_S)
            assert told["content"].startswith("3 pictures need")
            assert len(stage.requests.accepted) == 2
        assert [entry for entry in entries if entry["log_level"] == "error"] == []


async def test_an_answer_that_discord_refused_releases_the_job() -> None:
    async with on_stage(IMPATIENT) as stage:
        refused = answer(404, {"message": "Unknown interaction", "code": 10062})
        stage.discord.fault(Fault("POST", _CALLBACK, refused))
        sent = await stage.imagine()
        await stage.until(lambda: stage.requests.discarded)
        assert list(stage.requests.jobs) == stage.requests.discarded
        assert stage.requests.confirmed == {}
        await sent.has_failed(PATIENCE_S)


@pytest.mark.parametrize("action", [reset_after(), reset_before(), answer(503)])
async def test_an_answer_of_unknown_fate_is_left_to_the_rescue(action: Action) -> None:
    async with on_stage(IMPATIENT) as stage:
        stage.discord.fault(Fault("POST", _CALLBACK, action, times=None))
        first = await stage.imagine()
        await stage.until(lambda: stage.requests.accepted)
        if action.effect is not Effect.RESET_AFTER:
            await first.has_failed(PATIENCE_S)
        stage.discord.faults.clear()
        later, _ = await stage.job(prompt="another")
        assert list(stage.requests.confirmed) == [later]
        assert stage.requests.discarded == []


async def test_an_answer_that_arrived_already_is_no_failure() -> None:
    async with on_stage() as stage:
        twice = answer(400, {"message": "already acknowledged", "code": 40060})
        stage.discord.fault(Fault("POST", _CALLBACK, twice))
        await stage.imagine()
        later, _ = await stage.job(prompt="another")
        assert list(stage.requests.confirmed) == [later]
        assert stage.requests.discarded == []


async def test_the_same_interaction_twice_is_one_job_and_one_answer() -> None:
    async with on_stage() as stage:
        _, message = await stage.job()
        stage.requests.news.clear()
        stage.discord.gateway.replay_interaction()
        async with asyncio.timeout(PATIENCE_S):
            await stage.requests.news.wait()
        assert len(stage.requests.accepted) == 1
        assert [m["id"] for m in stage.gallery.messages()] == [message["id"]]


async def test_prices_are_shown_before_the_click() -> None:
    async with on_stage() as stage:
        models = await stage.alice.autocomplete(
            stage.gallery, "imagine", focused="model", value="", prompt="x"
        )
        assert [one["name"] for one in models] == [
            "Nano Banana · about 1 credit", "Gemini 2.5 Flash · about 0.5 credits",
        ]  # fmt: skip
        found = await stage.alice.autocomplete(
            stage.gallery, "imagine", focused="model", value="FLASH", prompt="x"
        )
        assert [one["value"] for one in found] == ["google/gemini-2.5-flash-image"]
        counts = await stage.alice.autocomplete(
            stage.gallery, "imagine", focused="count", value="", prompt="x",
            model="google/gemini-2.5-flash-image",
        )  # fmt: skip
        assert [(one["name"], one["value"]) for one in counts] == [
            ("1 picture · about 0.5 credits", 1), ("2 pictures · about 1 credit", 2),
            ("3 pictures · about 1.5 credits", 3), ("4 pictures · about 2 credits", 4),
        ]  # fmt: skip
        typed = await stage.alice.autocomplete(
            stage.gallery, "imagine", focused="count", value="4", prompt="x"
        )
        assert [one["value"] for one in typed] == [4]


async def test_prices_are_suggested_in_japanese_too() -> None:
    async with on_stage() as stage:
        counts = await stage.discord.person("花子").autocomplete(
            stage.discord.channel("ギャラリー"), "画像生成", focused="count", value="", prompt="x"
        )
        assert counts[3]["name"] == "4枚・約4クレジット"


async def test_direct_messages_are_not_offered_and_refused_in_words_all_the_same() -> None:
    async with on_stage() as stage:
        with pytest.raises(LookupError):
            await stage.imagine(room=stage.alice.dm)
        stage.requests.refusal = DirectMessagesClosedError(imagine="imagine")
        sent = await stage.alice.command(
            stage.alice.dm, "imagine", offered_only=False, prompt="a cat"
        )
        told = await sent.response(PATIENCE_S)
        assert re.fullmatch(
            r"Pictures aren't made in direct messages here. Use </imagine:\d+> in a server.",
            told["content"],
        )


async def test_direct_messages_are_offered_where_they_have_credits() -> None:
    async with on_stage(Wishes(direct=True)) as stage:
        await (await stage.imagine(room=stage.alice.dm)).response(PATIENCE_S)
        place = stage.requests.accepted[0].place
        assert (place.guild_id, place.context) == (None, Context.BOT_DM)


async def test_a_server_does_not_pay_for_a_personal_install() -> None:
    async with on_stage(Wishes(direct=True)) as stage:
        otto = stage.discord.person("Otto")
        stage.discord.install_for(otto)
        await (await stage.imagine(person=otto, room=otto.dm)).response(PATIENCE_S)
        group = stage.discord.group("friends", otto, stage.alice)
        await (await stage.imagine(person=otto, room=group)).response(PATIENCE_S)
        place = stage.requests.accepted[1].place
        assert (place.guild_id, place.user_install) == (None, True)
        assert place.context is Context.PRIVATE_CHANNEL


async def test_a_deleted_message_is_reported() -> None:
    async with on_stage() as stage:
        _, message = await stage.job()
        await stage.discord.person("Mia").delete(message)
        await stage.until(lambda: stage.requests.deleted)
        assert [str(known) for known in stage.requests.deleted] == [message["id"]]


async def test_messages_deleted_in_bulk_are_reported() -> None:
    async with on_stage() as stage:
        _, message = await stage.job()
        ids, room = [message["id"], "17"], str(stage.gallery.id)
        event = {"ids": ids, "channel_id": room, "guild_id": str(stage.gallery.guild_id)}
        stage.discord.gateway.dispatch("MESSAGE_DELETE_BULK", event, guild_id=None, intent=None)
        await stage.until(lambda: len(stage.requests.deleted) == 2)
        assert {str(known) for known in stage.requests.deleted} == set(ids)


async def test_a_refusal_that_does_not_arrive_is_no_harm() -> None:
    async with on_stage(IMPATIENT) as stage:
        stage.requests.refusal = POOR
        stage.discord.fault(Fault("POST", _CALLBACK, reset_before()))
        await (await stage.imagine()).has_failed(PATIENCE_S)
        stage.requests.refusal = None
        await stage.job()
