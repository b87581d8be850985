"""Filling in a slash command's options as a client does: typed, checked, resolved."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sandbox.discord import payloads, permissions
from sandbox.discord.backend import Backend
from sandbox.discord.compose import Upload
from sandbox.discord.model import Attachment, Channel, Command, Json, Snowflake

STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT = range(3, 12)


@dataclass(slots=True)
class Resolved:
    """The objects that an interaction's values point to, collected while it is put together."""

    backend: Backend
    channel: Channel
    viewer: Snowflake
    found: dict[str, Json] = field(default_factory=dict)

    def upload(self, upload: Upload) -> str:
        """Take the file in; the id that stands for it."""
        if not isinstance(upload, Upload):
            raise ValueError(f"expected an Upload, got {upload!r}")
        attachment: Attachment = self.backend.composer.stored(
            upload, self.channel.id, ephemeral=True
        )
        self.backend.world.uploads[attachment.id] = attachment
        self._add("attachments", attachment.id, self.backend.cdn.attachment(attachment))
        return str(attachment.id)

    def user(self, user_id: Snowflake) -> str:
        world = self.backend.world
        self._add("users", user_id, payloads.user(world.users[user_id]))
        guild = world.guild_of(self.channel)
        if guild is not None and (member := guild.members.get(user_id)) is not None:
            seen = payloads.member(world, member, with_user=False)
            granted = permissions.in_channel(world, user_id, self.channel)
            self._add("members", user_id, seen | {"permissions": str(granted)})
        return str(user_id)

    def place(self, channel_id: Snowflake) -> str:
        channel = self.backend.world.channels[channel_id]
        self._add(
            "channels",
            channel_id,
            payloads.partial_channel(self.backend.world, channel, self.viewer),
        )
        return str(channel_id)

    def role(self, role_id: Snowflake) -> str:
        guild = self.backend.world.guild_of(self.channel)
        if guild is None or role_id not in guild.roles:
            raise ValueError(f"there is no role {role_id} here")
        self._add("roles", role_id, payloads.role(guild.roles[role_id]))
        return str(role_id)

    def mentionable(self, some_id: Snowflake) -> str:
        return self.user(some_id) if some_id in self.backend.world.users else self.role(some_id)

    def message(self, payload: Json) -> str:
        message_id: str = payload["id"]
        self._add("messages", Snowflake(int(message_id)), payload)
        return message_id

    def _add(self, kind: str, key: Snowflake, payload: Json) -> None:
        self.found.setdefault(kind, {})[str(key)] = payload


def command_data(
    command: Command,
    path: Sequence[str],
    values: Mapping[str, Any],
    resolved: Resolved,
    focused: str | None = None,
) -> Json:
    """The ``data`` of the interaction. ``path`` names group and subcommand.

    ValueError for what no client allows.
    """
    data: Json = {"id": str(command.id), "name": command.name, "type": command.type}
    if command.guild_id is not None:
        data["guild_id"] = str(command.guild_id)
    holder, definition = data, command.payload
    for name in path:
        inner = _named(definition.get("options") or [], name)
        if inner is None or inner["type"] > 2:
            raise ValueError(f"/{command.name} has no subcommand {name!r}")
        step: Json = {"name": inner["name"], "type": inner["type"]}
        holder["options"] = [step]
        holder, definition = step, inner
    definitions = definition.get("options") or []
    if any(option["type"] <= 2 for option in definitions):
        names = ", ".join(option["name"] for option in definitions)
        raise ValueError(f"/{command.name} needs one of its subcommands: {names}")
    holder["options"] = _filled(definitions, values, resolved, focused)
    if resolved.found:
        data["resolved"] = resolved.found
    return data


def _named(options: Sequence[Json], name: str) -> Json | None:
    """The option with that name, in any language."""
    for option in options:
        if name == option["name"] or name in (option.get("name_localizations") or {}).values():
            return option
    return None


def _filled(
    definitions: Sequence[Json], values: Mapping[str, Any], resolved: Resolved, focused: str | None
) -> list[Json]:
    given: dict[str, Any] = {}
    for name, value in values.items():
        if (option := _named(definitions, name)) is None:
            raise ValueError(f"there is no option {name!r}")
        given[option["name"]] = value
    filled: list[Json] = []
    for option in definitions:
        name = option["name"]
        if name not in given:
            if option.get("required") and focused is None:
                raise ValueError(f"the option {name!r} is required")
            continue
        value = given[name]
        entry: Json = {"name": name, "type": option["type"]}
        if name == focused:
            entry |= {"value": str(value), "focused": True}
        else:
            entry["value"] = _typed(option, value, resolved)
        filled.append(entry)
    return filled


def _typed(option: Json, value: Any, resolved: Resolved) -> Any:
    kind: int = option["type"]
    readers: dict[int, Callable[[Any], Any]] = {
        STRING: _exactly(str),
        INTEGER: _exactly(int),
        BOOLEAN: _exactly(bool),
        NUMBER: _exactly(int, float),
        USER: lambda given: resolved.user(_id(given)),
        CHANNEL: lambda given: resolved.place(_id(given)),
        ROLE: lambda given: resolved.role(_id(given)),
        MENTIONABLE: lambda given: resolved.mentionable(_id(given)),
        ATTACHMENT: resolved.upload,
    }
    typed = readers[kind](value)
    _check_choice(option, typed)
    _check_bounds(option, typed)
    return typed


def _exactly(*types: type) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
            raise ValueError(f"{value!r} is not a {types[0].__name__}")
        return value

    return read


def _id(value: Any) -> Snowflake:
    """The id of a person, room or role, or the id itself."""
    return Snowflake(int(getattr(value, "id", value)))


def _check_choice(option: Json, value: Any) -> None:
    choices = option.get("choices")
    if choices and value not in [choice["value"] for choice in choices]:
        raise ValueError(f"{value!r} is none of the choices of {option['name']!r}")


def _check_bounds(option: Json, value: Any) -> None:
    if option["type"] == STRING:
        low, high, measure = option.get("min_length"), option.get("max_length") or 6000, len(value)
    elif option["type"] in (INTEGER, NUMBER):
        low, high, measure = option.get("min_value"), option.get("max_value"), value
    else:
        return
    if (low is not None and measure < low) or (high is not None and measure > high):
        raise ValueError(f"{value!r} is out of bounds for {option['name']!r}")
