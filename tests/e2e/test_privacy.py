"""`/privacy`: everybody gets their own data, and gets rid of it."""

import io
import json
import zipfile
from typing import Any

import pytest

from bot.chat.galleries import archives
from sandbox.discord import Person
from sandbox.discord.model import Json
from tests.e2e.scene import PATIENCE_S, Scene, text_of


async def exported(scene: Scene, person: Person | None = None) -> dict[str, bytes]:
    """The files of the person's export."""
    who = person or scene.alice
    sent = await who.command(scene.gallery, "privacy export")
    answer = await sent.response(PATIENCE_S)
    assert answer["flags"] & 64
    return unpacked(scene, answer)


def unpacked(scene: Scene, message: Json) -> dict[str, bytes]:
    """What is in a message's archives."""
    files: dict[str, bytes] = {}
    for file in scene.gallery.stored(message).attachments:
        with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
            files |= {name: archive.read(name) for name in archive.namelist()}
    return files


async def asked(scene: Scene, label: str, *, japanese: bool = False) -> Json:
    """The answer to Alice's choice after `/privacy delete`."""
    if japanese:
        scene.alice.user.locale = "ja"
    sent = await scene.alice.command(scene.gallery, "privacy delete")
    question = await sent.response(PATIENCE_S)
    assert question["flags"] & 64
    await scene.alice.click(question, label=label)
    return await scene.gallery.wait_for(
        lambda message: message["id"] == question["id"] and label not in text_of(message),
        60.0,
        viewer=scene.alice.id,
    )


def jobs_in(files: dict[str, bytes]) -> list[dict[str, Any]]:
    """The jobs of an export, newest first."""
    names = [name for name in files if name.startswith("jobs/")]
    return [job for name in names for job in json.loads(files[name])]


async def test_an_export_holds_everything_of_oneself_and_nothing_of_others(scene: Scene) -> None:
    await scene.start()
    await scene.imagine(prompt="a lighthouse")
    await scene.ended()
    await scene.imagine(prompt="a secret", private=True)
    await scene.ended()
    await scene.imagine(prompt="what Bob wants", person=scene.discord.person("Bob"))
    await scene.ended()
    files = await exported(scene)
    about = json.loads(files["about-you.json"])
    assert about["user_id"] == str(scene.alice.id)
    assert {line["kind"] for line in about["movements"]} == {"refill", "hold", "capture"}
    assert [job["prompt"] for job in jobs_in(files)] == ["a secret", "a lighthouse"]
    assert "token" not in jobs_in(files)[0]
    pictures = [data for name, data in files.items() if name.startswith("pictures/")]
    assert len(pictures) == 2
    assert all(data.startswith(b"\x89PNG") for data in pictures)
    assert not any(b"what Bob wants" in data for data in files.values())


async def test_an_export_that_is_too_large_comes_in_parts(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    await scene.start()
    for number in range(3):
        await scene.imagine(prompt=f"picture {number}")
        await scene.ended()
    sizes = [attachment.size for message in scene.posted() for attachment in scene.shown(message)]
    monkeypatch.setattr(archives, "ARCHIVE_BYTES", max(sizes) + 8000)
    monkeypatch.setattr("bot.chat.galleries.downloads.ARCHIVE_BYTES", max(sizes) + 8000)
    sent = await scene.alice.command(scene.gallery, "privacy export")
    answer = await sent.response(PATIENCE_S)
    files = unpacked(scene, answer)
    while "Next archive" in text_of(answer):
        sent = await scene.alice.click(answer, label="Next archive")
        answer = await sent.response(PATIENCE_S)
        files |= unpacked(scene, answer)
    assert "about-you.json" in files
    assert sorted(name[20:] for name in files if name.startswith("pictures/")) == [
        f"picture-{n}.png" for n in range(3)
    ]


async def test_nothing_is_deleted_without_a_click(scene: Scene) -> None:
    await scene.start()
    await scene.imagine()
    await scene.ended()
    answer = await asked(scene, "Keep everything")
    assert "Nothing was deleted" in text_of(answer)
    assert [job.prompt for job in await scene.all_jobs()] == ["a lighthouse at dawn"]


async def test_data_is_deleted_and_posts_stay(scene: Scene) -> None:
    await scene.start()
    await scene.imagine()
    await scene.ended()
    answer = await asked(scene, "Delete, leave my posts")
    assert "Your data is deleted." in text_of(answer)
    assert len(scene.posted()) == 1
    (job,) = await scene.all_jobs()
    assert job.user_id < 0
    assert job.prompt == ""
    sent = await scene.alice.command(scene.gallery, "gallery")
    assert "No pictures yet" in text_of(await sent.response(PATIENCE_S))
    files = await exported(scene)
    assert jobs_in(files) == []


async def test_posts_are_deleted_too(scene: Scene) -> None:
    await scene.start()
    await scene.imagine()
    await scene.ended()
    answer = await asked(scene, "投稿も含めて削除", japanese=True)
    assert "データを削除しました。" in text_of(answer)
    assert scene.posted() == []


async def test_what_is_being_painted_is_not_posted(scene: Scene) -> None:
    scene.ketchup.set_duration(1.5)
    await scene.start()
    await scene.imagine()
    await scene.says("Painting")
    answer = await asked(scene, "Delete, also my posts")
    assert "Your data is deleted." in text_of(answer)
    assert scene.posted() == []
    assert [job.prompt for job in await scene.all_jobs()] == [""]


async def test_buttons_on_a_post_that_stays_say_that_it_is_gone(scene: Scene) -> None:
    await scene.start()
    await scene.imagine()
    await scene.ended()
    await asked(scene, "Delete, leave my posts")
    (message,) = scene.posted()
    sent = await scene.discord.person("Bob").click(message, label="Again")
    answer = await sent.response(PATIENCE_S)
    assert "can't find that picture" in text_of(answer)
