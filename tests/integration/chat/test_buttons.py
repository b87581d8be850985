"""The buttons and the modal under a job's message, also after a restart."""

from dataclasses import replace

import pytest

from bot.chat.layouts import card_view
from bot.chat.translate import Catalogues
from bot.domain.ids import JobId, UserId
from bot.domain.stages import Failure, JobOutcome
from bot.errors import AlreadyFinishedError, NotYoursError
from bot.service.asking.cancelling import CancelResult
from sandbox.discord import Person, SandboxDiscord, Upload
from tests.integration.chat.stage import (
    PATIENCE_S,
    Json,
    Stage,
    is_ephemeral,
    on_stage,
    openapi_file,
    text_of,
)
from tests.integration.chat.test_imagine import png
from tests.unit.chat.cards import make_ended

ENGLISH = Catalogues().of("en-US")


async def failed(stage: Stage, job_id: JobId, message: Json) -> Json:
    """The job's message as it is after a failure."""
    card = replace(make_ended(JobOutcome.FAILED, failure=Failure.DECLINED), job_id=job_id)
    return await stage.show(message, card_view(card, ENGLISH))


async def press(person: Person, message: Json, label: str) -> Json:
    """The answer to a pressed button."""
    return await (await person.click(message, label=label)).response(PATIENCE_S)


def user(person: Person) -> UserId:
    return UserId(int(person.id))


async def test_cancel_in_time_is_confirmed_privately() -> None:
    async with on_stage() as stage:
        job_id, message = await stage.job()
        told = await press(stage.alice, message, "Cancel")
        assert is_ephemeral(told)
        assert told["content"] == "Cancelled. Nothing was charged."
        assert stage.cancelling.asked == [(job_id, user(stage.alice), None)]


async def test_moderators_may_cancel_and_others_are_told_who_may() -> None:
    async with on_stage() as stage:
        _, message = await stage.job()
        mia = stage.discord.person("Mia")
        await press(mia, message, "Cancel")
        stage.cancelling.result = NotYoursError(name=f"<@{stage.alice.id}>")
        told = await press(stage.bob, message, "Cancel")
        club = int(stage.discord.guild("Lighthouse Club").id)
        assert [asked[1:] for asked in stage.cancelling.asked] == [
            (user(mia), club), (user(stage.bob), None),
        ]  # fmt: skip
        assert told["content"] == f"Only <@{stage.alice.id}> or a moderator can do that."
        assert is_ephemeral(told)


async def test_a_finished_job_cannot_be_cancelled_any_more() -> None:
    async with on_stage() as stage:
        _, message = await stage.job()
        stage.cancelling.result = AlreadyFinishedError()
        told = await press(stage.alice, message, "Cancel")
        assert told["content"].startswith("That one is already finished")


async def test_a_late_cancel_names_the_cost_and_offers_to_post_anyway() -> None:
    async with on_stage() as stage:
        job_id, message = await stage.job()
        stage.cancelling.result = CancelResult.LATE
        told = await press(stage.alice, message, "Cancel")
        assert is_ephemeral(told)
        assert text_of(told) == (
            "Painting has begun, so 0.5 credits are used either way.\nKeep in gallery\nPost anyway"
        )
        after = await press(stage.alice, told, "Post anyway")
        assert text_of(after) == "It will be posted as soon as it's ready."
        assert after["id"] == told["id"]
        assert stage.cancelling.posted == [(job_id, user(stage.alice))]


async def test_a_late_cancel_may_leave_the_picture_in_the_gallery() -> None:
    async with on_stage() as stage:
        _, message = await stage.job()
        stage.cancelling.result = CancelResult.LATE
        told = await press(stage.alice, message, "Cancel")
        after = await press(stage.alice, told, "Keep in gallery")
        assert text_of(after) == "Kept: you will find it in `/gallery`."
        assert stage.cancelling.posted == []


async def test_a_moderator_decides_nothing_more_about_a_members_picture() -> None:
    async with on_stage() as stage:
        _, message = await stage.job()
        stage.cancelling.result = CancelResult.LATE
        told = await press(stage.discord.person("Mia"), message, "Cancel")
        assert text_of(told) == "Painting has begun, so 0.5 credits are used either way."


async def test_try_again_asks_for_the_same_and_who_clicks_pays() -> None:
    async with on_stage() as stage:
        sent = await stage.imagine(count=2, aspect="1:1")
        message = await sent.response(PATIENCE_S)
        await stage.until(lambda: stage.requests.confirmed)
        broken = await failed(stage, next(iter(stage.requests.jobs)), message)
        click = await stage.bob.click(broken, label="Try again")
        again = await click.response(PATIENCE_S)
        assert again["id"] != message["id"]
        assert "2 pictures" in text_of(again)
        first, second = stage.requests.accepted
        assert (second.prompt, second.count, second.aspect) == (first.prompt, 2, "1:1")
        assert second.place.user_id == user(stage.bob)
        assert second.key == str(click.id)
        assert second.place.token == click.token
        await stage.until(lambda: len(stage.requests.confirmed) == 2)
        assert str(list(stage.requests.confirmed.values())[1]) == again["id"]


async def test_try_again_starts_with_fresh_links() -> None:
    async with on_stage() as stage:
        job_id, message = await stage.job(image1=Upload("a.png", png(), "image/png"))
        broken = await failed(stage, job_id, message)
        await press(stage.alice, broken, "Try again")
        old, new = stage.requests.accepted
        assert new.references[0].url == old.references[0].url + "&fresh=1"


async def test_try_again_says_which_reference_is_gone() -> None:
    async with on_stage() as stage:
        job_id, message = await stage.job(image1=Upload("a.png", png(), "image/png"))
        stage.links.gone.add("a.png")
        told = await press(stage.alice, await failed(stage, job_id, message), "Try again")
        assert is_ephemeral(told)
        assert told["content"].startswith("a.png isn't there any more")
        assert len(stage.requests.accepted) == 1


async def test_edit_prompt_opens_the_old_prompt_and_asks_with_the_new_one() -> None:
    async with on_stage() as stage:
        job_id, message = await stage.job()
        click = await stage.alice.click(await failed(stage, job_id, message), label="Edit prompt")
        modal = await click.opened_modal(PATIENCE_S)
        assert modal["title"] == "Edit prompt"
        field = modal["components"][0]["component"]
        assert field["value"] == "a lighthouse at dawn"
        sent = await stage.alice.submit(click, {"prompt": " a cat at dusk\u202e "})
        answer = await sent.response(PATIENCE_S)
        assert '"a cat at dusk"' in text_of(answer)
        assert stage.requests.accepted[1].prompt == "a cat at dusk"
        assert stage.requests.accepted[1].key == str(sent.id)


async def test_buttons_and_open_modals_outlive_a_restart() -> None:
    async with SandboxDiscord(openapi=openapi_file()) as discord:
        async with on_stage(running=discord) as before:
            job_id, message = await before.job()
            broken = await failed(before, job_id, message)
            opened = await before.alice.click(broken, label="Edit prompt")
            await opened.opened_modal(PATIENCE_S)
        async with on_stage(running=discord) as after:
            after.requests.jobs.update(before.requests.jobs)
            sent = await after.alice.submit(opened, {"prompt": "a cat"})
            assert '"a cat"' in text_of(await sent.response(PATIENCE_S))
            again = await press(after.alice, broken, "Try again")
            assert '"a lighthouse at dawn"' in text_of(again)


@pytest.mark.parametrize("label", ["Try again", "Edit prompt"])
async def test_a_job_that_is_gone_is_said_to_be_gone(label: str) -> None:
    async with on_stage() as stage:
        job_id, message = await stage.job()
        broken = await failed(stage, job_id, message)
        stage.requests.jobs.clear()
        told = await press(stage.alice, broken, label)
        assert told["content"] == "I can't find that picture any more."


async def test_others_do_not_get_at_a_private_request_by_its_id() -> None:
    async with on_stage() as stage:
        job_id, message = await stage.job()
        broken = await failed(stage, job_id, message)
        stage.requests.jobs[job_id] = replace(stage.requests.jobs[job_id], private=True)
        told = await press(stage.bob, broken, "Edit prompt")
        assert told["content"].startswith(f"Only <@{stage.alice.id}>")


async def test_japanese_buttons_and_answers() -> None:
    async with on_stage() as stage:
        hanako = stage.discord.person("花子")
        sent = await stage.imagine(person=hanako, room=stage.discord.channel("ギャラリー"))
        message = await sent.response(PATIENCE_S)
        told = await press(hanako, message, "キャンセル")
        assert told["content"] == "キャンセルしました。クレジットは消費していません。"
