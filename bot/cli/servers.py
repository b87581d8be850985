"""List the servers that use the bot, bound what one may spend, or leave one."""

import argparse
import asyncio
from typing import Final

from rich.table import Table

from bot.cli.printing import console, say
from bot.domain.clock import steady_clock
from bot.domain.ids import GuildId
from bot.domain.money import CREDIT, format_credits, parse_credits
from bot.logs import configure_logs
from bot.settings import Settings, load_settings

NAME: Final = "servers"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``list``, ``cap`` and ``leave``."""
    below = parser.add_subparsers(title="what to do", metavar="ACTION", required=True)
    listed = below.add_parser("list", help="every server, with its cap and this month's spending")
    listed.set_defaults(action=list_servers)
    capped = below.add_parser("cap", help="bound what a server may spend a month")
    capped.add_argument("server", type=guild_id, help="the server's id")
    capped.add_argument(
        "credits", type=credits_or_default, help='credits a month, or "default" for NEW_SERVER_CAP'
    )
    capped.set_defaults(action=cap_server)
    left = below.add_parser("leave", help="make the bot leave a server")
    left.add_argument("server", type=guild_id, help="the server's id")
    left.set_defaults(action=leave_server)


def command(options: argparse.Namespace) -> int:
    """Do it, also beside a running bot."""
    settings = load_settings()
    configure_logs("WARNING", settings.log_format, settings.secrets())
    return int(asyncio.run(options.action(settings, options)))


def guild_id(text: str) -> GuildId:
    """A server's id."""
    if not (text.isascii() and text.isdecimal()):
        raise argparse.ArgumentTypeError("must be a server's id, such as 81384788765712384")
    return GuildId(int(text))


def credits_or_default(text: str) -> int | None:
    """An amount of credits; None for "default"."""
    if text == "default":
        return None
    try:
        return parse_credits(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{error}; such as 250 or 0.5") from None


async def list_servers(settings: Settings, _options: argparse.Namespace) -> int:
    """Print a row for each, the biggest spender first."""
    from bot.service.operator.servers import Servers
    from bot.storage.engine.inspecting import open_as_it_is

    async with open_as_it_is(settings.database_url) as database:
        found = await Servers(database, settings.policy(), steady_clock()).all()
    if not found:
        say("No server has used the bot yet.")
        return 0
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("Server", "This month", "Cap", "Set by"):
        table.add_column(name, no_wrap=True)
    for server in found:
        chosen = server.chosen_cap is not None and server.chosen_cap < server.cap
        cap = server.chosen_cap if chosen and server.chosen_cap is not None else server.cap
        setter = "moderators" if chosen else "operator" if server.own_cap else "NEW_SERVER_CAP"
        state = "" if server.left_at is None else " (left)"
        table.add_row(
            f"{server.guild_id}{state}", format_credits(server.committed), format_credits(cap),
            setter,
        )  # fmt: skip
    console().print(table)
    return 0


async def cap_server(settings: Settings, options: argparse.Namespace) -> int:
    """Keep the operator's bound; nothing done in Discord can exceed it."""
    from bot.service.operator.servers import Servers
    from bot.storage.engine.inspecting import open_as_it_is

    async with open_as_it_is(settings.database_url) as database:
        servers = Servers(database, settings.policy(), steady_clock())
        await servers.cap(options.server, options.credits)
    amount = options.credits if options.credits is not None else settings.new_server_cap
    unit = "credit" if amount == CREDIT else "credits"
    say(f"Server {options.server} may spend {format_credits(amount)} {unit} a month.")
    return 0


async def leave_server(settings: Settings, options: argparse.Namespace) -> int:
    """Leave through Discord; a running bot then ends what waits there."""
    from bot.chat.connection import leave_server as leave

    token = settings.discord_token.get_secret_value()
    await leave(settings.discord_api_url, token, options.server)
    say(f"The bot has left server {options.server}.")
    return 0
