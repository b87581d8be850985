"""The demo's open report: made through the protocol, as members would, once the bot is there."""

from __future__ import annotations

from typing import Final

from sandbox.demo_world import REPORTED_AUTHOR
from sandbox.discord import Interaction, NotRespondedError, Person, SandboxDiscord
from sandbox.discord.model import Json

_PROMPT: Final = "example: Bob asleep at his desk, as a renaissance portrait"
_PATIENCE_S: Final = 120.0


async def report(discord: SandboxDiscord) -> bool:
    """An example member makes a picture, and Bob reports it.

    False if that came to nothing: the bot was stopped meanwhile, or made to fail behind the scenes.
    """
    try:
        await _report(discord)
    except (TimeoutError, NotRespondedError, LookupError):
        return False
    return True


async def _report(discord: SandboxDiscord) -> None:
    gallery, bob = discord.channel("gallery"), discord.person("Bob")
    user = next(one for one in discord.world.users.values() if one.name == REPORTED_AUTHOR)
    asked = await Person(discord.backend, user).command(gallery, "imagine", prompt=_PROMPT)
    waiting = await asked.response()
    done = await gallery.wait_for(
        lambda one: one["id"] == waiting["id"] and bool(discord.pictures(one)), _PATIENCE_S
    )
    form = await bob.menu(done, "Report picture")
    await _fill_in(bob, form, await form.opened_modal())


async def _fill_in(bob: Person, form: Interaction, modal: Json) -> None:
    reason, details = (_part(part)["custom_id"] for part in modal["components"][:2])
    values = {reason: ["person"], details: "That is me, and nobody asked."}
    await (await bob.submit(form, values)).response()


def _part(label: Json) -> Json:
    part: Json = label["component"]
    return part
