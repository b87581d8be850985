"""What a fresh demo finds: a few messages, pictures to remix, and members with a past."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

from sandbox.demo_usage import ExampleServer
from sandbox.discord import SandboxDiscord, Upload
from sandbox.discord.model import Member, Snowflake, User
from sandbox.ketchup.paint import Commission, Look, paint

CLUB: Final = "Lighthouse Club"
TOWER: Final = "灯台クラブ"
REPORTED_AUTHOR: Final = "Example Eve"
_BOBS: Final = Commission("a red lighthouse on a cliff at sunset", aspect="3:2", base=896)
_HANAKOS: Final = Commission("雪の夜の灯台", Look.CRISP, aspect="4:3", base=896)
_EXAMPLES: Final = ("Example Ada", "Example Ben", "Example Cleo", "Example Dev", REPORTED_AUTHOR)
_EXAMPLES_JA: Final = ("サンプル葵", "サンプル蓮", "サンプル凛")
_PROMPTS: Final = (
    "a lighthouse in the fog", "an otter reading the newspaper", "a lantern festival by the sea",
    "a paper boat on a starry lake", "a lighthouse keeper's cat, watercolour",
    "a storm over the harbour, oil painting", "a tiny greenhouse on the moon",
)  # fmt: skip
_PROMPTS_JA: Final = (
    "霧の中の灯台",
    "新聞を読むカワウソ",
    "海辺の灯籠流し",
    "月面の小さな温室",
    "灯台守の猫、水彩画",
)


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


def settle(discord: SandboxDiscord) -> list[ExampleServer]:
    """Add the example members; both servers with what their past is made of."""
    return [
        ExampleServer(
            id=discord.guild(CLUB).id,
            channel_id=discord.channel("gallery").id,
            log_channel_id=discord.channel("mods").id,
            members=_join(discord, CLUB, _EXAMPLES),
            prompts=_PROMPTS,
            locale="en-US",
            zone="UTC",
        ),
        ExampleServer(
            id=discord.guild(TOWER).id,
            channel_id=discord.channel("ギャラリー").id,
            log_channel_id=discord.channel("運営").id,
            members=_join(discord, TOWER, _EXAMPLES_JA, "ja"),
            prompts=_PROMPTS_JA,
            locale="ja",
            zone="Asia/Tokyo",
        ),
    ]


def _join(
    discord: SandboxDiscord, server: str, names: Sequence[str], locale: str = "en-US"
) -> list[Snowflake]:
    """Members without direct messages: the page shows them, and nobody plays them."""
    backend, guild = discord.backend, discord.guild(server)
    known = []
    for name in names:
        user = User(backend.ids.next(), name, name.lower().replace(" ", "-"), locale=locale)
        discord.world.users[user.id] = user
        guild.members[user.id] = Member(user.id, backend.clock.now_ms())
        known.append(user.id)
    return known
