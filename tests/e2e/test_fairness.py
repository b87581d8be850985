"""One slot at the API, and a member with many requests before twenty with one each."""

from bot.domain.guild_settings import GuildSettings
from bot.domain.ids import GuildId
from bot.domain.money import Microcredits
from bot.storage.moderators import guilds
from sandbox.discord import Person, stage
from sandbox.discord.model import Channel, ChannelType, User
from tests.e2e.scene import Scene

MANY, MEMBERS = 50, 20


def newcomer(scene: Scene, number: int) -> Person:
    """A further member of the server."""
    backend = scene.discord.backend
    user = User(backend.ids.next(), f"Member {number}", f"member{number}")
    backend.world.users[user.id] = user
    dm = Channel(
        backend.ids.next(), ChannelType.DM, "", recipients=[user.id, backend.world.bot_id],
        created_at=scene.discord.clock.now_ms(),
    )  # fmt: skip
    backend.world.channels[dm.id] = dm
    person = scene.discord.person(user.name)
    stage.join(person, scene.discord.guild("Lighthouse Club"))
    return person


async def test_everyones_first_is_painted_before_anyones_second(scene: Scene) -> None:
    scene.ketchup.keys = set()
    app = await scene.start(ketchup_max_in_flight=1)
    guild_id = GuildId(scene.discord.guild("Lighthouse Club").id)
    wide = GuildSettings(waiting_per_member=MANY, allowance=Microcredits(MANY * 1_000_000))
    async with app.database.write() as tx:
        await guilds.choose(tx, guild_id, wide, scene.clock())
    for number in range(MANY):
        await scene.imagine(prompt=f"Alice {number}")
    for number in range(MEMBERS):
        await scene.imagine(person=newcomer(scene, number), prompt=f"member {number}")
    refused = len(scene.ketchup.requests)
    scene.ketchup.set_duration(0.01)
    scene.ketchup.keys = {scene.ketchup.key}
    done = MEMBERS + 4
    await scene.ketchup.events.until(lambda: len(scene.ketchup.requests) >= refused + done, 120)
    prompts = [str(r.json["prompt"]) for r in scene.ketchup.requests[refused:]]  # type: ignore[index]
    assert sum(prompt.startswith("Alice") for prompt in prompts[: MEMBERS + 1]) == 1
    assert {f"member {number}" for number in range(MEMBERS)} <= set(prompts[: MEMBERS + 1])
