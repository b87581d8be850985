"""From a request's body to a message, and from an edit's body to the changed message."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.discord.appearance import shown_attachments
from sandbox.discord.cdn import Cdn, picture_size
from sandbox.discord.components import copied, numbered
from sandbox.discord.errors import empty_message, invalid
from sandbox.discord.limits import files as file_limits
from sandbox.discord.limits.messages import check_body, check_types
from sandbox.discord.mentions import mentioned, text_of
from sandbox.discord.model import (
    COMPONENTS_V2,
    EPHEMERAL,
    LOADING,
    SUPPRESS_EMBEDS,
    Attachment,
    Json,
    Message,
    Snowflake,
)
from sandbox.discord.world import Snowflakes, World

SUPPRESS_NOTIFICATIONS = 1 << 12
_SETTABLE = COMPONENTS_V2 | SUPPRESS_EMBEDS | SUPPRESS_NOTIFICATIONS | EPHEMERAL
_UNKNOWN_TYPE = "application/octet-stream"
_UNSAFE = re.compile(r"[^A-Za-z0-9_.\-]")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that somebody gives away. Without a content type the name's ending decides."""

    filename: str
    data: bytes
    content_type: str | None = None


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """A file of a multipart request, from the field ``files[index]``."""

    index: int
    upload: Upload


def safe_filename(name: str) -> str:
    """The name as Discord stores it: spaces become underscores, all but ASCII word characters
    goes.
    """
    stem, dot, ending = name.replace(" ", "_").rpartition(".")
    if not dot:
        stem, ending = ending, ""
    stem = _UNSAFE.sub("", stem) or "unknown"
    return f"{stem}.{_UNSAFE.sub('', ending)}" if dot else stem


class Composer:
    """Applies request bodies to messages, strictly."""

    def __init__(self, world: World, ids: Snowflakes, cdn: Cdn) -> None:
        self._world = world
        self._ids = ids
        self._cdn = cdn

    def stored(
        self,
        upload: Upload,
        channel_id: Snowflake,
        *,
        filename: str | None = None,
        description: str | None = None,
        ephemeral: bool = False,
    ) -> Attachment:
        """The file with an id, its content type and, for pictures, its size."""
        name = safe_filename(filename or upload.filename)
        guessed = mimetypes.guess_type(name)[0] or _UNKNOWN_TYPE
        declared = upload.content_type if upload.content_type != _UNKNOWN_TYPE else None
        width, height = picture_size(upload.data) or (None, None)
        return Attachment(
            id=self._ids.next(),
            filename=name,
            content_type=declared or guessed,
            data=upload.data,
            channel_id=channel_id,
            width=width,
            height=height,
            description=description,
            ephemeral=ephemeral,
        )

    def apply(
        self, message: Message, body: Json, files: Sequence[UploadedFile], *, is_new: bool
    ) -> None:
        """Change the message as the body says. Either all of it is applied, or a DiscordError
        leaves it as it was.
        """
        check_types(body)
        guild = None if message.guild_id is None else self._world.guilds.get(message.guild_id)
        kept, described = self._kept(message, body, files)
        file_limits.check([len(f.upload.data) for f in files], guild, kept=len(kept))
        fresh = self._fresh(message, files, described)
        names = {a.filename for a in (*kept, *fresh)} | {f.upload.filename for f in files}
        check_body(body, was_v2=message.is_v2, files=names)
        changed = _Fields.of(message, body, is_new=is_new)
        changed.attachments = [*kept, *fresh]
        if changed.is_empty:
            raise empty_message()
        changed.write_to(message)
        _unify_names(message, files)
        found = mentioned(self._world, guild, text_of(message), body.get("allowed_mentions"))
        message.mentions, message.mention_roles = found.users, found.roles
        message.mention_everyone = found.everyone

    def _kept(
        self, message: Message, body: Json, files: Sequence[UploadedFile]
    ) -> tuple[list[Attachment], dict[int, Json]]:
        """The old attachments that stay, and what the body says of the new files."""
        listed = body.get("attachments")
        if listed is None:
            return list(message.attachments), {}
        old = {a.id: a for a in message.attachments}
        new = {f.index for f in files}
        kept: list[Attachment] = []
        described: dict[int, Json] = {}
        for index, entry in enumerate(listed):
            number = _number(entry.get("id"), ("attachments", index, "id"))
            if number in new:
                described[number] = entry
            elif (attachment := old.get(Snowflake(number))) is not None:
                kept.append(attachment)
            else:
                message_text = "The referenced attachment was not found"
                raise invalid(("attachments", index, "id"), "ATTACHMENT_NOT_FOUND", message_text)
        return kept, described

    def _fresh(
        self, message: Message, files: Sequence[UploadedFile], described: dict[int, Json]
    ) -> list[Attachment]:
        return [
            self.stored(
                file.upload,
                message.channel_id,
                filename=(entry := described.get(file.index, {})).get("filename"),
                description=entry.get("description"),
                ephemeral=message.ephemeral_for is not None,
            )
            for file in files
        ]

    def shown(self, message: Message) -> list[Attachment]:
        """The files that people see: in Components V2 only those that a component shows."""
        if not message.is_v2:
            return list(message.attachments)
        ids = shown_attachments(self._cdn, message)
        return [a for a in message.attachments if a.id in ids]


@dataclass(slots=True)
class _Fields:
    """What an edit will leave, worked out before anything is changed."""

    content: str
    embeds: list[Json]
    components: list[Json]
    flags: int
    attachments: list[Attachment]

    @classmethod
    def of(cls, message: Message, body: Json, *, is_new: bool) -> _Fields:
        flags = message.flags & ~LOADING
        if body.get("flags") is not None:
            asked = int(body["flags"]) & _SETTABLE
            fixed = flags & ~(SUPPRESS_EMBEDS if not is_new else 0)
            flags = fixed | (asked if is_new else asked & ~EPHEMERAL)
        fields = cls(
            content=_given(body, "content", message.content) or "",
            embeds=_given(body, "embeds", message.embeds) or [],
            components=message.components,
            flags=flags,
            attachments=[],
        )
        if "components" in body:
            fields.components = numbered(body["components"] or [])
        if flags & COMPONENTS_V2 and (fields.content or fields.embeds):
            name = "content" if fields.content else "embeds"
            text = f"The '{name}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
            raise invalid((name,), "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", text)
        return fields

    @property
    def is_empty(self) -> bool:
        if self.flags & COMPONENTS_V2:
            return not self.components
        return not (self.content.strip() or self.embeds or self.attachments or self.components)

    def write_to(self, message: Message) -> None:
        message.content = self.content.strip()
        message.embeds = self.embeds
        message.components = self.components
        message.flags = self.flags
        message.attachments = self.attachments


def _given(body: Json, name: str, before: Any) -> Any:
    return body.get(name, before)


def _number(value: Any, at: tuple[str | int, ...]) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        raise invalid(at, "NUMBER_TYPE_COERCE", f'Value "{value}" is not snowflake.') from None


def _unify_names(message: Message, files: Sequence[UploadedFile]) -> None:
    """Let ``attachment://my file.png`` find the stored ``my_file.png``."""
    renamed = {
        f"attachment://{f.upload.filename}": f"attachment://{safe_filename(f.upload.filename)}"
        for f in files
        if f.upload.filename != safe_filename(f.upload.filename)
    }
    if not renamed:
        return

    def rename(part: Json) -> Json:
        url = part.get("url")
        return part | {"url": renamed[url]} if isinstance(url, str) and url in renamed else part

    message.components = copied(message.components, rename)
    message.embeds = copied(message.embeds, rename)
