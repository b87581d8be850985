"""Commands are sent to Discord only when they changed, and only where they are wanted."""

import pytest
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.chat.commands import GLOBAL
from sandbox.discord import Fault, SandboxDiscord, answer
from tests.integration.chat.services import Synced
from tests.integration.chat.stage import PATIENCE_S, Stage, Wishes, on_stage, openapi_file


def puts(discord_: SandboxDiscord) -> list[str]:
    """Where commands were sent, in order."""
    return [
        request.path.split("/", 3)[-1]
        for request in discord_.requests
        if request.method == "PUT" and request.path.endswith("/commands")
    ]


def club(discord_: SandboxDiscord) -> int:
    return int(discord_.guild("Lighthouse Club").id)


async def refused(stage: Stage) -> str:
    """A refusal that names a command."""
    from bot.errors import DirectMessagesClosedError

    stage.requests.refusal = DirectMessagesClosedError(imagine="imagine")
    content: str = (await (await stage.imagine()).response(PATIENCE_S))["content"]
    return content


async def test_a_second_start_sends_nothing_and_still_knows_the_ids() -> None:
    async with SandboxDiscord(openapi=openapi_file()) as discord_:
        wishes = Wishes()
        async with on_stage(wishes, discord_) as stage:
            first = await refused(stage)
        async with on_stage(wishes, discord_) as stage:
            second = await refused(stage)
        assert puts(discord_) == ["commands"]
        (command,) = discord_.world.commands.values()
        assert f"</imagine:{command.id}>" in first
        assert second == first


@app_commands.guild_only()
class Group(commands.GroupCog, group_name=locale_str("a-group")):
    """Stays where it is among the commands when a cog is loaded anew."""


async def test_a_client_that_is_opened_anew_knows_that_nothing_has_changed() -> None:
    async with (
        SandboxDiscord(openapi=openapi_file()) as discord_,
        on_stage(Wishes(more_cogs=[Group()]), discord_) as stage,
    ):
        await stage.client.close()
        await stage.client.wait_for("ready", timeout=PATIENCE_S)
        assert puts(discord_) == ["commands"]


async def test_commands_that_somebody_else_has_removed_are_sent_again() -> None:
    async with SandboxDiscord(openapi=openapi_file()) as discord_:
        synced = Synced()
        async with on_stage(Wishes(synced=synced), discord_):
            pass
        discord_.world.commands.clear()
        async with on_stage(Wishes(synced=synced), discord_) as stage:
            (command,) = discord_.world.commands.values()
            assert f"</imagine:{command.id}>" in await refused(stage)
        assert puts(discord_) == ["commands", "commands"]


async def test_where_discord_does_not_say_which_commands_there_are_they_are_left_alone() -> None:
    async with SandboxDiscord(openapi=openapi_file()) as discord_:
        synced = Synced()
        async with on_stage(Wishes(synced=synced), discord_):
            pass
        discord_.fault(Fault("GET", "/commands$", answer(403)))
        async with on_stage(Wishes(synced=synced), discord_):
            pass
        assert puts(discord_) == ["commands"]


async def test_changed_commands_are_sent_again() -> None:
    async with SandboxDiscord(openapi=openapi_file()) as discord_:
        synced = Synced()
        async with on_stage(Wishes(synced=synced), discord_):
            pass
        async with on_stage(Wishes(synced=synced, direct=True), discord_):
            pass
        assert puts(discord_) == ["commands", "commands"]


async def test_commands_of_development_are_in_the_named_servers_only() -> None:
    async with SandboxDiscord(openapi=openapi_file()) as discord_:
        guild_id = club(discord_)
        async with on_stage(Wishes(sync_guilds=[guild_id]), discord_) as stage:
            assert puts(discord_) == [f"guilds/{guild_id}/commands"]
            hanako = stage.discord.person("花子")
            with pytest.raises(LookupError):
                await stage.imagine(person=hanako, room=discord_.channel("ギャラリー"))
            assert f"</imagine:{next(iter(discord_.world.commands))}>" in await refused(stage)


async def test_a_change_of_scope_leaves_no_command_behind() -> None:
    async with SandboxDiscord(openapi=openapi_file()) as discord_:
        synced, guild_id = Synced(), club(discord_)
        async with on_stage(Wishes(synced=synced, sync_guilds=[guild_id]), discord_):
            pass
        async with on_stage(Wishes(synced=synced), discord_):
            assert {c.guild_id for c in discord_.world.commands.values()} == {None}
        async with on_stage(Wishes(synced=synced, sync_guilds=[guild_id]), discord_):
            found = {str(c.guild_id) for c in discord_.world.commands.values()}
            assert found == {str(guild_id)}


async def test_a_server_that_was_left_does_not_stop_the_start() -> None:
    async with SandboxDiscord(openapi=openapi_file()) as discord_:
        synced, guild_id = Synced(), club(discord_)
        async with on_stage(Wishes(synced=synced, sync_guilds=[guild_id]), discord_):
            pass
        gone = answer(403, {"message": "Missing Access", "code": 50001})
        discord_.fault(Fault("PUT", f"/guilds/{guild_id}/commands", gone))
        async with on_stage(Wishes(synced=synced), discord_):
            assert GLOBAL in synced.texts


async def test_commands_that_discord_does_not_take_stop_the_start() -> None:
    async with SandboxDiscord(openapi=openapi_file()) as discord_:
        discord_.fault(Fault("PUT", "/commands", answer(400, {"message": "no", "code": 50035})))
        synced = Synced()
        with pytest.raises(app_commands.CommandSyncFailure):
            async with on_stage(Wishes(synced=synced), discord_):
                pass
        assert GLOBAL not in synced.texts
