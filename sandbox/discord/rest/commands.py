"""Application commands, global and of single servers."""

from __future__ import annotations

from sandbox.discord import payloads
from sandbox.discord.door import Answer, Call, Endpoint
from sandbox.discord.errors import DiscordError, invalid, missing_access
from sandbox.discord.limits.commands import CHAT_INPUT, check_command, check_commands
from sandbox.discord.model import Command, Json, Snowflake

GLOBAL = "/applications/{application_id}/commands"
OF_GUILD = "/applications/{application_id}/guilds/{guild_id}/commands"


def _scope(call: Call) -> Snowflake | None:
    """The server that the commands belong to (None: global).

    Refuses another app's id and foreign servers.
    """
    if call.id("application_id") != call.backend.world.application_id:
        raise DiscordError(
            403, 20012, "You are not authorized to perform this action on this application"
        )
    if "guild_id" not in call.match:
        return None
    guild = call.backend.world.guilds.get(call.id("guild_id"))
    if guild is None or not guild.bot_present:
        raise missing_access()
    return guild.id


def _registered(call: Call, scope: Snowflake | None) -> list[Command]:
    return [c for c in call.backend.world.commands.values() if c.guild_id == scope]


def _one(call: Call) -> Command:
    command = call.backend.world.commands.get(call.id("command_id"))
    if command is None or command.guild_id != _scope(call):
        raise DiscordError(404, 10063, "Unknown application command")
    return command


def _completed(body: Json, scope: Snowflake | None) -> Json:
    """The command with Discord's defaults filled in."""
    payload: Json = {
        "type": CHAT_INPUT,
        "description": "",
        "name_localizations": None,
        "description_localizations": None,
        "default_member_permissions": None,
        "nsfw": False,
    }
    if scope is None:
        payload |= {"dm_permission": True, "contexts": None, "integration_types": [0]}
    payload |= {k: v for k, v in body.items() if k != "id" and (v is not None or k in payload)}
    payload["type"] = payload["type"] or CHAT_INPUT
    if payload["default_member_permissions"] is not None:
        payload["default_member_permissions"] = str(payload["default_member_permissions"])
    return payload


def _store(call: Call, body: Json, scope: Snowflake | None) -> Command:
    """Register or replace the command of that name and type; it keeps its id."""
    fresh = call.backend.ids.next()
    payload = _completed(body, scope)
    before = next(
        (
            c
            for c in _registered(call, scope)
            if (c.name, c.type) == (payload["name"], payload["type"])
        ),
        None,
    )
    if before is not None and before.payload == payload:
        return before
    command = Command(before.id if before else fresh, scope, fresh, payload)
    call.backend.world.commands[command.id] = command
    return command


async def listed(call: Call) -> Answer:
    localized = call.flag("with_localizations")
    found = _registered(call, _scope(call))
    return [payloads.command(call.backend.world, c, localizations=localized) for c in found]


async def overwrite(call: Call) -> Answer:
    """Replace all commands of the scope."""
    scope = _scope(call)
    bodies = call.json
    if not isinstance(bodies, list) or not all(isinstance(body, dict) for body in bodies):
        raise invalid((), "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
    check_commands(bodies)
    kept = [_store(call, body, scope) for body in bodies]
    for command in _registered(call, scope):
        if command not in kept:
            del call.backend.world.commands[command.id]
    call.backend.commands_changed(scope)
    return [payloads.command(call.backend.world, command) for command in kept]


async def create(call: Call) -> Answer:
    scope = _scope(call)
    check_command(call.body)
    others = [c.payload for c in _registered(call, scope) if c.name != call.body["name"]]
    check_commands([*others, call.body])
    command = _store(call, call.body, scope)
    call.backend.commands_changed(scope)
    return payloads.command(call.backend.world, command)


async def fetched(call: Call) -> Answer:
    return payloads.command(call.backend.world, _one(call))


async def edit(call: Call) -> Answer:
    command = _one(call)
    changed = command.payload | call.body
    check_command(changed)
    command.payload, command.version = (
        _completed(changed, command.guild_id),
        call.backend.ids.next(),
    )
    call.backend.commands_changed(command.guild_id)
    return payloads.command(call.backend.world, command)


async def delete(call: Call) -> Answer:
    command = _one(call)
    del call.backend.world.commands[command.id]
    call.backend.commands_changed(command.guild_id)
    return None


def _rules(call: Call) -> dict[Snowflake, list[Json]]:
    """The server's Integrations settings, by command (or by the application's id for all)."""
    found: dict[Snowflake, list[Json]] = {}
    for rule in call.guild.command_rules:
        found.setdefault(rule.command_id, []).append(
            {"id": str(rule.target_id), "type": rule.kind, "permission": rule.allowed}
        )
    return found


def _with_ids(call: Call, command_id: Snowflake, rules: list[Json]) -> Json:
    return {
        "id": str(command_id),
        "application_id": str(call.backend.world.application_id),
        "guild_id": str(call.guild.id),
        "permissions": rules,
    }


async def permissions(call: Call) -> Answer:
    """What the server has changed about who may use the commands; nothing, to begin with."""
    _scope(call)
    return [_with_ids(call, command_id, rules) for command_id, rules in _rules(call).items()]


async def permissions_of_one(call: Call) -> Answer:
    command_id = call.id("command_id")
    if command_id != call.backend.world.application_id:
        _known(call, command_id)
    rules = _rules(call).get(command_id)
    if rules is None:
        raise DiscordError(404, 10066, "Unknown application command permissions")
    return _with_ids(call, command_id, rules)


def _known(call: Call, command_id: Snowflake) -> None:
    command = call.backend.world.commands.get(command_id)
    if command is None or command.guild_id not in (None, _scope(call)):
        raise DiscordError(404, 10063, "Unknown application command")


ENDPOINTS = (
    Endpoint("GET", f"{OF_GUILD}/permissions", permissions),
    Endpoint("GET", f"{OF_GUILD}/{{command_id}}/permissions", permissions_of_one),
    *(
        Endpoint(method, path + suffix, handler)
        for path in (GLOBAL, OF_GUILD)
        for method, suffix, handler in (
            ("GET", "", listed),
            ("PUT", "", overwrite),
            ("POST", "", create),
            ("GET", "/{command_id}", fetched),
            ("PATCH", "/{command_id}", edit),
            ("DELETE", "/{command_id}", delete),
        )
    ),
)
