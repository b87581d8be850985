"""What end-to-end tests do with a result and its menu."""

from bot.domain.guild_settings import GuildSettings
from bot.domain.ids import GuildId
from bot.storage.moderators import guilds
from sandbox.discord import Permission, Person, Room, stage
from sandbox.discord.model import Json
from tests.e2e.scene import PATIENCE_S, Scene, text_of


async def choose(scene: Scene, **settings: object) -> None:
    """What `/setup` writes."""
    assert scene.app is not None
    async with scene.app.database.write() as tx:
        made = GuildSettings.model_validate(settings)
        await guilds.choose(tx, club(scene), made, scene.clock())


def club(scene: Scene) -> GuildId:
    return GuildId(scene.gallery.guild_id or 0)


def showcase(scene: Scene) -> Room:
    """#muted, where the bot may write for once: the seeded showcase is a forum."""
    room = scene.discord.channel("muted")
    stage.allow_bot(room, Permission.SEND_MESSAGES)
    return room


def labels(part: object) -> list[str]:
    """The names of the buttons."""
    if isinstance(part, list):
        return [label for value in part for label in labels(value)]
    if not isinstance(part, dict):
        return []
    own = [str(part["label"])] if part.get("type") == 2 and "label" in part else []
    return [*own, *(label for value in part.values() for label in labels(value))]


def control(part: object, action: str) -> str:
    """The id of the control with this action."""
    found: list[str] = []

    def look(value: object) -> None:
        if isinstance(value, list):
            for one in value:
                look(one)
        elif isinstance(value, dict):
            custom_id = value.get("custom_id")
            if isinstance(custom_id, str) and custom_id.startswith(f"result.{action}:"):
                found.append(custom_id)
            for one in value.values():
                look(one)

    look(part)
    return found[0]


async def made(scene: Scene, **options: object) -> Json:
    """Alice's result in #gallery."""
    before = len(scene.posted())
    await scene.imagine(**options)
    await scene.gallery.wait_for(lambda _: len(scene.posted()) > before, PATIENCE_S)
    await scene.ended()
    return scene.posted()[-1]


async def more(person: Person, message: Json) -> Json:
    """The private menu."""
    return await (await person.click(message, label="More")).response(PATIENCE_S)


async def chosen(scene: Scene, person: Person, message: Json, number: int) -> Json:
    """The menu of one of several pictures."""
    menu = await more(person, message)
    part = next(one for one in selects(menu) if one["custom_id"].startswith("result.pick:"))
    value = part["options"][number]["value"]
    await person.select(menu, part["custom_id"], [value])
    return await changed(scene, person, menu, "Remix")


def selects(part: object) -> list[Json]:
    """Every select of a message."""
    if isinstance(part, list):
        return [one for value in part for one in selects(value)]
    if not isinstance(part, dict):
        return []
    own = [part] if part.get("type") == 3 else []
    return [*own, *(one for value in part.values() for one in selects(value))]


async def changed(scene: Scene, person: Person, message: Json, words: str) -> Json:
    """A message once it shows these words, as this person sees it."""
    return await scene.gallery.wait_for(
        lambda one: one["id"] == message["id"] and words in text_of(one),
        PATIENCE_S,
        viewer=person.id,
    )


async def deleted(scene: Scene, person: Person, menu: Json) -> Json:
    """Delete, and the one question answered."""
    await person.click(menu, label="Delete")
    sure = await changed(scene, person, menu, "for good?")
    await person.click(sure, label="Delete")
    return await changed(scene, person, menu, "Deleted")


def buttons(part: object) -> list[Json]:
    """Every button of a message."""
    if isinstance(part, list):
        return [one for value in part for one in buttons(value)]
    if not isinstance(part, dict):
        return []
    own = [part] if part.get("type") == 2 else []
    return [*own, *(one for value in part.values() for one in buttons(value))]
