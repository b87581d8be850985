"""What a fresh demo finds: a few messages, and a picture of Bob's to remix."""

from __future__ import annotations

import asyncio
from typing import Final

from sandbox.discord import SandboxDiscord, Upload
from sandbox.ketchup.paint import Commission, Look, paint

_BOBS: Final = Commission("a red lighthouse on a cliff at sunset", aspect="3:2", base=896)
_HANAKOS: Final = Commission("雪の夜の灯台", Look.CRISP, aspect="4:3", base=896)


async def furnish(discord: SandboxDiscord) -> None:
    """Let the people of both servers say what they say before anybody comes."""
    bobs, hanakos = await asyncio.gather(
        asyncio.to_thread(paint, _BOBS), asyncio.to_thread(paint, _HANAKOS)
    )
    gallery, home = discord.channel("gallery"), discord.channel("ギャラリー")
    bob, mia = discord.person("Bob"), discord.person("Mia")
    await mia.say(gallery, "Welcome to the **Lighthouse Club**! Show us what you make.")
    posted = await bob.say(
        gallery,
        "Made this on the cliff last night. Feel free to remix it!",
        files=[Upload("lighthouse.png", bobs, "image/png")],
    )
    await mia.react(posted, "❤️")
    await discord.person("花子").say(
        home, "雪の夜の灯台です。リミックス歓迎！", files=[Upload("yuki.png", hanakos, "image/png")]
    )
