"""What fits into one message."""

from unittest.mock import Mock

import discord
from discord import ui
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.delivery.parcels import MESSAGE_BYTES, MESSAGE_FILES, Parcel, file_stem, packed
from bot.chat.delivery.postman import Postman
from bot.chat.delivery.sending import DeliveryObserver, nonce_of
from bot.domain.ids import GuildId, JobId, Millis, PictureId, new_id
from bot.service.delivery.cards import PictureFile

JOB = JobId("01KARS9Z8R4RRFFQ69G5FAV3ZZ")


def make_file(position: int, size: int = 3, media_type: str = "image/png") -> PictureFile:
    return PictureFile(PictureId(f"p{position}"), position, bytes(size), media_type, 1, 1)


@given(
    st.lists(st.integers(0, 12 * 1024 * 1024), max_size=14),
    st.integers(0, 12 * 1024 * 1024),
)
def test_every_file_is_either_in_the_message_or_named_as_left_out(
    sizes: list[int], limit: int
) -> None:
    data = bytes(12 * 1024 * 1024)
    files = [
        PictureFile(PictureId(f"p{index}"), index, memoryview(data)[:size], "image/png", 1, 1)  # type: ignore[arg-type]
        for index, size in enumerate(sizes)
    ]
    parcel = packed(JOB, files, limit)

    taken = [file.picture_id for _, file in parcel.files]
    assert sorted((*taken, *parcel.left_out)) == sorted(file.picture_id for file in files)
    assert parcel.size <= MESSAGE_BYTES
    assert len(taken) <= MESSAGE_FILES
    assert all(len(file.data) <= limit for _, file in parcel.files)
    assert len(set(parcel.names)) == len(taken)


def test_names_tell_the_job_the_place_and_the_kind() -> None:
    files = [
        make_file(0),
        make_file(1, media_type="image/jpeg"),
        make_file(3, media_type="image/webp"),
    ]
    assert packed(JOB, files, 10).names == (
        f"{file_stem(JOB)}1.png",
        f"{file_stem(JOB)}2.jpg",
        f"{file_stem(JOB)}4.webp",
    )


def test_the_names_begin_with_the_end_of_the_jobs_id() -> None:
    assert file_stem(JOB) == "ketchup-69g5fav3zz-"


def test_uploads_carry_the_alt_texts_of_the_gallery() -> None:
    parcel = packed(JOB, [make_file(0), make_file(1)], 10)
    view = ui.LayoutView(timeout=None)
    shown = discord.MediaGalleryItem(f"attachment://{parcel.names[0]}", description="a boat")
    view.add_item(ui.Container(ui.MediaGallery(shown)))

    with parcel.uploads(view) as uploads:
        assert [upload.filename for upload in uploads] == list(parcel.names)
        assert [upload.description for upload in uploads] == ["a boat", None]


def test_uploads_leave_no_picture_in_memory_when_they_are_over() -> None:
    parcel = packed(JOB, [make_file(0)], 10)

    with parcel.uploads(ui.LayoutView(timeout=None)) as uploads:
        (buffer,) = (upload.fp for upload in uploads)
        assert buffer.read() == parcel.files[0][1].data

    assert buffer.closed


def test_an_empty_parcel_is_neither_large_nor_shrunk() -> None:
    assert (Parcel().names, Parcel().size, Parcel().shrunk) == ((), 0, False)


def test_a_nonce_is_as_long_as_discord_allows_and_differs_by_job() -> None:
    jobs = [JobId(new_id()) for _ in range(100)]
    assert {len(nonce_of(job)) for job in jobs} == {25}
    assert len({nonce_of(job) for job in jobs}) == 100


def test_boosts_raise_the_upload_limit_where_the_server_is_known() -> None:
    guild = Mock(spec=discord.Guild, filesize_limit=50 * 1024 * 1024)
    client = Mock(spec=discord.Client)
    client.get_guild.side_effect = {5: guild}.get

    async def record(_: JobId) -> None: ...

    postman = Postman(client, Mock(), lambda: Millis(0), record, Mock(spec=DeliveryObserver))

    assert postman.upload_limit(GuildId(5)) == 50 * 1024 * 1024
    assert postman.upload_limit(GuildId(6)) == 10 * 1024 * 1024
