"""Using the bot as a person does: commands, menus, buttons, selects, modals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.discord import components
from sandbox.discord.backend import Backend
from sandbox.discord.components import SELECTS, Kind
from sandbox.discord.forms import selected, submission
from sandbox.discord.interactions import AUTOCOMPLETE, COMMAND, COMPONENT, MODAL_SUBMIT
from sandbox.discord.model import (
    Channel,
    Command,
    InteractionRecord,
    Json,
    Message,
    Snowflake,
    User,
)
from sandbox.discord.offers import WITH_BOT, context_of, is_offered
from sandbox.discord.options import Resolved, command_data
from sandbox.discord.permissions import Permission, in_channel
from sandbox.discord.rooms import Room, message_id
from sandbox.discord.sent import Interaction

MessageLike = Json | Snowflake | int | str
USER_MENU, MESSAGE_MENU = 2, 3


@dataclass(frozen=True, slots=True)
class BotUser:
    """Somebody who uses the bot."""

    backend: Backend
    user: User

    @property
    def id(self) -> Snowflake:
        return self.user.id

    @property
    def name(self) -> str:
        return self.user.name

    @property
    def locale(self) -> str:
        return self.user.locale

    def sees(self, message: MessageLike) -> bool:
        """Whether the message exists and is shown to this person."""
        found = self.backend.world.messages.get(message_id(message))
        if found is None or found.ephemeral_for not in (None, self.id):
            return False
        channel = self.backend.world.channels[found.channel_id]
        return bool(in_channel(self.backend.world, self.id, channel) & Permission.VIEW_CHANNEL)

    def commands(self, room: Room, kind: int = 1) -> list[Command]:
        """The commands (menus: kind 2 user, 3 message) that the client offers this person there."""
        known = [c for c in self.backend.world.commands.values() if c.type == kind]
        own = {c.name for c in known if c.guild_id is not None and c.guild_id == room.guild_id}
        return [
            c
            for c in known
            if (c.guild_id == room.guild_id and c.guild_id is not None)
            or (c.guild_id is None and c.name not in own)
            if is_offered(self.backend.world, c, self.id, room.channel)
        ]

    async def command(
        self, room: Room, name: str, /, *, offered_only: bool = True, **options: Any
    ) -> Interaction:
        """Send a slash command, e.g. ``command(gallery, "usage overview", days=7)``.

        Files are `Upload`s. LookupError if the client does not offer the command there
        (``offered_only=False`` sends a registered one all the same), ValueError for options that
        the client would refuse.
        """
        command, path = self._find(room, name, offered_only=offered_only)
        resolved = Resolved(self.backend, room.channel, self.id)
        data = command_data(command, path, options, resolved)
        return self._send(COMMAND, room.channel, data, command)

    async def autocomplete(
        self,
        room: Room,
        name: str,
        /,
        *,
        focused: str,
        value: str,
        timeout: float = 10.0,
        **others: Any,
    ) -> list[Json]:
        """The bot's suggestions while the person types ``value`` into the option ``focused``."""
        command, path = self._find(room, name, offered_only=True)
        resolved = Resolved(self.backend, room.channel, self.id)
        data = command_data(command, path, {**others, focused: value}, resolved, focused)
        return await self._send(AUTOCOMPLETE, room.channel, data, command).choices(timeout)

    async def menu(
        self, target: MessageLike | BotUser, name: str, /, room: Room | None = None
    ) -> Interaction:
        """Choose an entry under Apps on a message, or (with the room where it happens) on a
        person.
        """
        if isinstance(target, BotUser):
            if room is None:
                raise ValueError("say in which room the person was clicked")
            command, _ = self._find(room, name, offered_only=True, kind=USER_MENU)
            resolved = Resolved(self.backend, room.channel, self.id)
            chosen, message = resolved.user(target.id), None
        else:
            message = self._reachable(target)
            room = Room(self.backend, message.channel_id)
            command, _ = self._find(room, name, offered_only=True, kind=MESSAGE_MENU)
            resolved = Resolved(self.backend, room.channel, self.id)
            chosen = resolved.message(self.backend.appearance.message(message))
        data: Json = {
            "id": str(command.id),
            "name": command.name,
            "type": command.type,
            "target_id": chosen,
        }
        if command.guild_id is not None:
            data["guild_id"] = str(command.guild_id)
        data["resolved"] = resolved.found
        return self._send(COMMAND, room.channel, data, command)

    async def click(
        self, message: MessageLike, *, label: str | None = None, custom_id: str | None = None
    ) -> Interaction:
        """Press a button.

        LookupError if there is none, ValueError if it is disabled or only a link.
        """
        pressed = self._reachable(message)
        button = self._part(pressed, custom_id=custom_id, label=label)
        if button["type"] != Kind.BUTTON or "custom_id" not in button:
            raise ValueError("this cannot be pressed")
        data = {
            "component_type": int(Kind.BUTTON),
            "custom_id": button["custom_id"],
            "id": button["id"],
        }
        return self._use(pressed, data)

    async def select(
        self, message: MessageLike, custom_id: str, values: Sequence[Any]
    ) -> Interaction:
        """Choose in a select: values of a string select, or people, rooms and roles."""
        used = self._reachable(message)
        part = self._part(used, custom_id=custom_id)
        if part["type"] not in SELECTS:
            raise ValueError(f"{custom_id} is not a select")
        resolved = Resolved(self.backend, self.backend.world.channels[used.channel_id], self.id)
        data: Json = {"component_type": part["type"], "custom_id": custom_id, "id": part["id"]}
        data["values"] = selected(part, list(values), resolved)
        if resolved.found:
            data["resolved"] = resolved.found
        return self._use(used, data)

    async def submit(self, opened: Interaction, values: Mapping[str, Any]) -> Interaction:
        """Fill in and send the modal that this interaction opened: text, lists of values,
        `Upload`s, booleans.
        """
        if opened.modal is None or opened.record.user_id != self.id:
            raise LookupError("this interaction opened no modal for this person")
        before = opened.record
        channel = self.backend.world.channels[before.channel_id]
        data = submission(opened.modal, values, Resolved(self.backend, channel, self.id))
        record = self._record(MODAL_SUBMIT, channel, data, before.owners, before.context)
        record.source_message_id, record.opened_by = before.source_message_id, before.id
        seen = self.backend.world.messages.get(record.source_message_id or Snowflake(0))
        self.backend.interactions.send(record, seen=seen)
        return Interaction(self.backend, record)

    def _part(
        self, message: Message, *, custom_id: str | None = None, label: str | None = None
    ) -> Json:
        part = components.find(message.components, custom_id=custom_id, label=label)
        if part is None:
            raise LookupError(f"the message has no {label or custom_id!r}")
        if part.get("disabled"):
            raise ValueError(f"{label or custom_id!r} is disabled")
        return part

    def _find(
        self, room: Room, name: str, *, offered_only: bool, kind: int = 1
    ) -> tuple[Command, list[str]]:
        """The command, and for slash commands the names of group and subcommand."""
        first, *path = name.removeprefix("/").split() if kind == 1 else [name]
        known = self.commands(room, kind)
        if not offered_only:
            known += [c for c in self.backend.world.commands.values() if c.type == kind]
        for command in known:
            if first in (command.name, *(command.payload.get("name_localizations") or {}).values()):
                return command, path
        raise LookupError(f"{self.name} is not offered {name!r} in {room.name}")

    def _use(self, message: Message, data: Json) -> Interaction:
        channel = self.backend.world.channels[message.channel_id]
        owners = (
            message.origin.owners if message.origin is not None else self._owners(channel, None)
        )
        record = self._record(
            COMPONENT, channel, data, owners, context_of(self.backend.world, channel)
        )
        record.source_message_id = message.id
        self.backend.interactions.send(record, seen=message)
        return Interaction(self.backend, record)

    def _send(self, kind: int, channel: Channel, data: Json, command: Command) -> Interaction:
        owners = self._owners(channel, command)
        record = self._record(kind, channel, data, owners, context_of(self.backend.world, channel))
        self.backend.interactions.send(record)
        return Interaction(self.backend, record)

    def _record(
        self, kind: int, channel: Channel, data: Json, owners: dict[str, str], context: int
    ) -> InteractionRecord:
        return InteractionRecord(
            id=self.backend.ids.next(),
            token=self.backend.interactions.fresh_token(),
            type=kind,
            user_id=self.id,
            channel_id=channel.id,
            guild_id=channel.guild_id,
            created_at=self.backend.clock.now_ms(),
            context=context,
            owners=dict(owners),
            data=data,
        )

    def _owners(self, channel: Channel, command: Command | None) -> dict[str, str]:
        """Whose installation allows this: the server's ("0"), the person's own ("1"), or both."""
        world = self.backend.world
        guild = world.guild_of(channel)
        kinds = (command.payload.get("integration_types") if command is not None else None) or [
            0,
            1,
        ]
        owners: dict[str, str] = {}
        if 0 in kinds and guild is not None and guild.bot_present:
            owners["0"] = str(guild.id)
        elif 0 in kinds and context_of(self.backend.world, channel) == WITH_BOT:
            owners["0"] = "0"
        if 1 in kinds and self.id in world.user_installs:
            owners["1"] = str(self.id)
        return owners

    def _reachable(self, message: MessageLike) -> Message:
        if not self.sees(message):
            raise LookupError(f"{self.name} sees no message {message_id(message)}")
        return self.backend.world.messages[message_id(message)]
