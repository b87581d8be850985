"""Who may do what: a row for every command and every control; what has none fails here.

Everything is called directly, past whatever a client would show: by a member without rights, and
by somebody who manages another server and names this one's jobs and people.
"""

import ast
import asyncio
import inspect
import sqlite3
import sys
import textwrap
from collections.abc import AsyncIterator
from dataclasses import dataclass
from enum import Enum, auto
from itertools import count
from typing import Any
from unittest.mock import create_autospec

import discord
import pytest
from discord import app_commands

from bot.app import Application
from bot.chat.buttons import Action
from bot.chat.responding import received
from bot.chat.setup.acts import Act
from bot.domain.ids import GuildId, JobId, UserId
from bot.domain.reports import CaseAction, ReportReason
from bot.errors import MayNotError, NotModeratorError, UserError
from bot.service.moderators.reporting import Complaint
from tests.e2e.scene import Scene

PATIENCE_S = 20.0


class Right(Enum):
    """What somebody needs."""

    NONE = auto()
    """Everybody, about themselves alone."""
    SERVER = auto()
    """Members of the server whose job it is."""
    OWN = auto()
    """The job's owner; moderators where it takes something away."""
    MODERATOR = auto()
    MANAGE_SERVER = auto()


COMMANDS = {
    "imagine": Right.NONE, "jobs": Right.NONE, "cancel": Right.OWN, "gallery": Right.NONE,
    "credits": Right.NONE, "preferences": Right.NONE, "help": Right.NONE,
    "privacy export": Right.NONE, "privacy delete": Right.NONE,
    "usage overview": Right.MODERATOR, "usage member": Right.MODERATOR,
    "usage export": Right.MODERATOR, "usage dashboard": Right.MODERATOR,
    "moderate block": Right.MODERATOR, "moderate unblock": Right.MODERATOR,
    "moderate words": Right.MODERATOR, "moderate reports": Right.MODERATOR,
    "moderate audit": Right.MODERATOR,
    "credit-admin grant": Right.MANAGE_SERVER, "credit-admin revoke": Right.MANAGE_SERVER,
    "credit-admin allowance": Right.MANAGE_SERVER, "setup": Right.MANAGE_SERVER,
    "Remix picture": Right.SERVER, "Picture details": Right.SERVER,
    "Report picture": Right.SERVER,
}  # fmt: skip
CONTROLS = {
    "result": {
        "more": Right.SERVER, "pick": Right.SERVER, "back": Right.SERVER,
        "details": Right.SERVER, "original": Right.SERVER, "remix": Right.SERVER,
        "share": Right.OWN, "ask": Right.OWN, "delete": Right.OWN, "delete-sure": Right.OWN,
    },
    "preferences": dict.fromkeys(("ask", "set", "typed"), Right.NONE),
    "help": dict.fromkeys(("send", "try"), Right.NONE), "offer": {"one": Right.NONE},
    "gallery": dict.fromkeys(("older", "newer", "narrow", "find", "all", "archive"), Right.NONE),
    "privacy": dict.fromkeys(("erase", "keep", "next"), Right.NONE),
    "setup": dict.fromkeys(
        ("open", "permissions", "page", "set", "ask", "typed", "style-add", "style-edit",
         "style-typed", "style-remove"), Right.MANAGE_SERVER,
    ),
    "moderate": dict.fromkeys(("unblock", "older", "newer"), Right.MODERATOR),
    "report": {
        "open": Right.SERVER, "send": Right.SERVER, "look": Right.MODERATOR,
        **dict.fromkeys(("delete", "refund", "block", "dismiss"), Right.MODERATOR),
    },
}  # fmt: skip
BUTTONS = {
    Action.CANCEL: Right.OWN, Action.POST_ANYWAY: Right.OWN, Action.TRY_AGAIN: Right.OWN,
    Action.EDIT_PROMPT: Right.OWN, Action.REMIX: Right.NONE, Action.AGAIN: Right.SERVER,
    Action.AGAIN_SURE: Right.SERVER, Action.KEEP: Right.NONE,
}  # fmt: skip


def actions_of(feature: Any) -> set[str]:
    """The actions that a feature's ``perform`` tells apart, read from its source."""
    module = sys.modules[type(feature).__module__]
    tree = ast.parse(textwrap.dedent(inspect.getsource(type(feature).perform)))
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.MatchValue) and isinstance(node.value, ast.Constant):
            found.add(str(node.value.value))
        elif isinstance(node, ast.Compare) and ast.unparse(node.left) == "action":
            for compared in node.comparators:
                name = ast.unparse(compared)
                found.add(str(getattr(module, name, name.strip("'\""))))
    return found


@dataclass
class Stage:
    """A running bot, a finished job of Alice's in the club with an open report, Bob blocked."""

    scene: Scene
    app: Application
    club: GuildId
    job_id: JobId
    bob: UserId

    async def state(self) -> list[list[tuple[Any, ...]]]:
        """All that strangers could change in the club; not what workers keep up beside them."""
        with sqlite3.connect(self.scene.folder / "ketchup.db") as reader:
            return [
                sorted(reader.execute(f"SELECT {columns} FROM {table}").fetchall(), key=str)
                for table, columns in _WATCHED.items()
            ]


_WATCHED = {
    "blocks": "*", "reports": "*", "words": "*", "guilds": "*", "shares": "*", "audit_log": "*",
    "cases": "job_id, guild_id, outcome, closed_by", "takedowns": "job_id",
    "pictures": "id, job_id, deleted_at", "jobs": "id, guild_id, stage, outcome, private",
}  # fmt: skip


def somebody(stage: Stage, guild_id: int, user_id: int, **rights: bool) -> Any:
    """An interaction of theirs, as discord.py would hand it on."""
    made = create_autospec(discord.Interaction, instance=True)
    made.client, made.guild_id, made.channel_id = stage.app.chat, guild_id, 77
    made.id, made.token = next(_ids), "a token"
    made.permissions = discord.Permissions(**rights)
    made.user = create_autospec(discord.Member, instance=True, id=user_id, roles=[])
    made.user.id, made.user.roles = user_id, []
    made.locale = made.guild_locale = discord.Locale.american_english
    made.type, made.extras, made.message = discord.InteractionType.component, {}, None
    made.data = {"values": [], "components": []}
    made.guild = made.channel = None
    made.context = create_autospec(discord.app_commands.AppCommandContext, instance=True)
    made.is_user_integration.return_value = False
    made.is_guild_integration.return_value = True
    made.response = create_autospec(discord.InteractionResponse, instance=True)
    made.response.is_done.return_value = False
    made.followup = create_autospec(discord.Webhook, instance=True)
    received(made)
    return made


_ids = count(10**18)
MALLORY, OTHER_SERVER = 4242, 777_000


@pytest.fixture
async def stage(scene: Scene) -> AsyncIterator[Stage]:
    app = await scene.start()
    await scene.imagine()
    await scene.pictures()
    (job,) = await scene.ended()
    club, bob = GuildId(job.guild_id or 0), UserId(int(scene.discord.person("Bob").id))
    mia = UserId(int(scene.discord.person("Mia").id))
    await app.use.reporting.report(
        club,
        job.id,
        bob,
        Complaint(ReportReason.OTHER, "look", tell_reporter=False, locale="en"),
        key="report",
    )
    await app.use.moderating.block(club, bob, by=mia, until=None, reason="why", key="block")
    yield Stage(scene, app, club, job.id, bob)
    await scene.stop()


async def outcome(work: Any) -> BaseException | None:
    """How it ended; whatever the mock's answers break comes after the rights."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            await work
    except app_commands.CommandInvokeError as error:
        return error.original
    except Exception as error:
        return error
    return None


def commands_of(app: Application) -> dict[str, Any]:
    kinds = (discord.AppCommandType.chat_input, discord.AppCommandType.message)
    return {
        command.qualified_name: command
        for kind in kinds
        for command in app.chat.tree.walk_commands(type=kind)
        if not isinstance(command, app_commands.Group)
    }


def call(command: Any, interaction: Any, stage: Stage) -> Any:
    """The command with something for each option that it needs."""
    named = create_autospec(discord.Member, instance=True)
    named.id, named.bot = int(stage.bob), False
    values: dict[discord.AppCommandOptionType, Any] = {
        discord.AppCommandOptionType.string: "x",
        discord.AppCommandOptionType.integer: 1,
        discord.AppCommandOptionType.number: 1.0,
        discord.AppCommandOptionType.user: named,
    }
    given = {
        p.name: p.choices[0].value if p.choices else values.get(p.type, named)
        for p in command.parameters
        if p.required
    }
    return command._do_call(interaction, given)


async def test_every_command_and_control_has_a_row(stage: Stage) -> None:
    assert set(commands_of(stage.app)) == set(COMMANDS)
    features = stage.app.chat._features
    assert set(features) == set(CONTROLS)
    read = {name: actions_of(feature) for name, feature in features.items()}
    assert set(BUTTONS) == set(Action)
    read["setup"] |= {str(act) for act in Act}
    read["report"] |= {str(action) for action in CaseAction}
    assert {name: set(rows) for name, rows in CONTROLS.items()} == read


async def test_members_are_refused_what_is_not_theirs(stage: Stage) -> None:
    before, wrong = await stage.state(), list[str]()
    expected = {Right.MODERATOR: NotModeratorError, Right.MANAGE_SERVER: MayNotError}
    for name, command in commands_of(stage.app).items():
        if COMMANDS[name] in expected:
            member = somebody(stage, stage.club, stage.bob)
            error = await outcome(call(command, member, stage))
            if not isinstance(error, expected[COMMANDS[name]]):
                wrong.append(f"{name}: {error!r}")
    for feature, rows in CONTROLS.items():
        perform = stage.app.chat._features[feature].perform
        for action, right in rows.items():
            if right in {Right.NONE, Right.SERVER}:
                continue
            member = somebody(stage, stage.club, stage.bob)
            error = await outcome(perform(member, action, subject(feature, stage)))
            if not isinstance(error, UserError):
                wrong.append(f"{feature}.{action}: {error!r}")
    assert wrong == []
    assert await stage.state() == before


async def test_moderators_lack_only_what_takes_manage_server(stage: Stage) -> None:
    wrong = list[str]()
    for name, command in commands_of(stage.app).items():
        if COMMANDS[name] is Right.MANAGE_SERVER:
            moderator = somebody(stage, stage.club, 4, manage_messages=True)
            manager = somebody(stage, stage.club, 5, manage_guild=True)
            if not isinstance(await outcome(call(command, moderator, stage)), MayNotError):
                wrong.append(name)
            if isinstance(await outcome(call(command, manager, stage)), MayNotError):
                wrong.append(f"{name}, for a manager")
        elif COMMANDS[name] is Right.MODERATOR:
            moderator = somebody(stage, stage.club, 4, manage_messages=True)
            if isinstance(await outcome(call(command, moderator, stage)), NotModeratorError):
                wrong.append(f"{name}, for a moderator")
    for action in CONTROLS["setup"]:
        moderator = somebody(stage, stage.club, 4, manage_messages=True)
        work = stage.app.chat._features["setup"].perform(moderator, action, "")
        if not isinstance(await outcome(work), MayNotError):
            wrong.append(f"setup.{action}")
    assert wrong == []


def subject(feature: str, stage: Stage) -> str:
    """What a control of this server names."""
    return str(stage.bob) if feature == "moderate" else str(stage.job_id)


async def test_who_manages_another_server_reaches_nothing_of_this_one(stage: Stage) -> None:
    before, reached = await stage.state(), list[str]()
    for feature, rows in CONTROLS.items():
        for action, right in rows.items():
            for kind in (discord.InteractionType.component, discord.InteractionType.modal_submit):
                if right is Right.NONE:
                    continue
                mallory = somebody(stage, OTHER_SERVER, MALLORY, manage_guild=True)
                mallory.type = kind
                work = stage.app.chat._features[feature].perform(
                    mallory, action, subject(feature, stage)
                )
                await outcome(work)
                answered = str(mallory.mock_calls)
                if "lighthouse at dawn" in answered:
                    reached.append(f"{feature}.{action}")
    for action, right in BUTTONS.items():
        if right is Right.NONE:
            continue
        mallory = somebody(stage, OTHER_SERVER, MALLORY, manage_guild=True)
        actions = stage.app.chat._actions
        assert actions is not None
        error = await outcome(actions.perform(mallory, action, stage.job_id))
        if not isinstance(error, UserError):
            reached.append(f"{action}: {error!r}")
    assert reached == []
    after = await stage.state()
    club = str(int(stage.club))
    assert [row for rows in after for row in rows if club in map(str, row)] == [
        row for rows in before for row in rows if club in map(str, row)
    ]
