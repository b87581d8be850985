"""What a person does on the page, by name."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sandbox.discord import Person, Room, SandboxDiscord
from sandbox.discord.model import Json, Snowflake
from sandbox.page.uploads import Uploads

SUGGESTION_SECONDS: Final = 3.5


@dataclass(frozen=True, slots=True)
class Deed:
    """One action: who does it, with what the page sent along."""

    discord: SandboxDiscord
    person: Person
    uploads: Uploads
    args: Mapping[str, Any]

    def text(self, name: str) -> str:
        value = self.args.get(name, "")
        if not isinstance(value, str):
            raise ValueError(f"{name} must be text")
        return value

    def id(self, name: str) -> Snowflake:
        if not self.text(name).isdecimal():
            raise ValueError(f"{name} must be an id")
        return Snowflake(int(self.text(name)))

    @property
    def room(self) -> Room:
        """The channel, if the person can open it."""
        wanted = self.id("channel")
        for room in self.person.rooms():
            if room.id == wanted:
                return room
        raise LookupError("you cannot open that channel")

    def values(self, name: str) -> dict[str, Any]:
        """An object of values, the uploaded files among them put in place."""
        given = self.args.get(name) or {}
        if not isinstance(given, dict):
            raise ValueError(f"{name} must be an object")
        return {key: self._placed(value) for key, value in given.items()}

    def _placed(self, value: Any) -> Any:
        """``{"upload": id}`` becomes the file itself, also in lists."""
        if isinstance(value, list):
            return [self._placed(item) for item in value]
        if isinstance(value, dict):
            return self.uploads.take(str(value.get("upload")))
        return value


async def say(deed: Deed) -> Json:
    """Write a message, with files, as a reply."""
    files = [deed.uploads.take(str(key)) for key in deed.args.get("files") or []]
    reply_to = deed.id("reply_to") if deed.args.get("reply_to") else None
    said = await deed.person.say(
        deed.room,
        deed.text("text"),
        files=files,
        reply_to=reply_to,
        ping=bool(deed.args.get("ping", True)),
    )
    return {"id": said["id"]}


async def edit(deed: Deed) -> Json:
    """Change one's own message."""
    await deed.person.edit(deed.id("message"), deed.text("text"))
    return {}


async def delete(deed: Deed) -> Json:
    """Delete a message, or dismiss an ephemeral one."""
    await deed.person.delete(deed.id("message"))
    return {}


async def react(deed: Deed) -> Json:
    """Add a reaction, or take one's own away again."""
    message = deed.id("message")
    if not deed.person.sees(message):
        raise LookupError("you see no such message")
    stored = deed.discord.world.messages[message]
    name = deed.text("emoji")
    mine = any(
        r.emoji_name == name and deed.person.id in r.user_ids and r.emoji_id is None
        for r in stored.reactions
    )
    if mine:
        deed.discord.backend.messages.unreact(stored, deed.person.id, name, None)
    else:
        await deed.person.react(message, name)
    return {}


async def command(deed: Deed) -> Json:
    """Send a slash command."""
    sent = await deed.person.command(deed.room, deed.text("name"), **deed.values("options"))
    return {"interaction": str(sent.id)}


async def autocomplete(deed: Deed) -> Json:
    """The bot's suggestions for the option that is being typed."""
    focused = deed.text("focused")
    others = {k: v for k, v in deed.values("options").items() if k != focused}
    choices = await deed.person.autocomplete(
        deed.room,
        deed.text("name"),
        focused=focused,
        value=deed.text("value"),
        timeout=SUGGESTION_SECONDS,
        **others,
    )
    return {"choices": choices}


async def message_menu(deed: Deed) -> Json:
    """Choose one of the bot's entries on a message."""
    sent = await deed.person.menu(deed.id("message"), deed.text("name"))
    return {"interaction": str(sent.id)}


async def person_menu(deed: Deed) -> Json:
    """Choose one of the bot's entries on a person."""
    target = Person(deed.discord.backend, deed.discord.world.user(deed.id("person")))
    sent = await deed.person.menu(target, deed.text("name"), deed.room)
    return {"interaction": str(sent.id)}


async def click(deed: Deed) -> Json:
    """Press a button."""
    sent = await deed.person.click(deed.id("message"), custom_id=deed.text("custom_id"))
    return {"interaction": str(sent.id)}


async def select(deed: Deed) -> Json:
    """Choose in a select."""
    values = [str(value) for value in deed.args.get("values") or []]
    sent = await deed.person.select(deed.id("message"), deed.text("custom_id"), values)
    return {"interaction": str(sent.id)}


async def submit(deed: Deed) -> Json:
    """Send a filled-in modal."""
    opened = deed.discord.interaction(deed.id("interaction"))
    sent = await deed.person.submit(opened, deed.values("values"))
    return {"interaction": str(sent.id)}


async def type_in(deed: Deed) -> Json:
    """Show the typing sign."""
    deed.person.type_in(deed.room)
    return {}


ACTIONS: Final[Mapping[str, Callable[[Deed], Awaitable[Json]]]] = {
    "say": say,
    "edit": edit,
    "delete": delete,
    "react": react,
    "command": command,
    "autocomplete": autocomplete,
    "message_menu": message_menu,
    "person_menu": person_menu,
    "click": click,
    "select": select,
    "submit": submit,
    "type": type_in,
}
