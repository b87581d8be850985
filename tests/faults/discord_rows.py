"""What Discord can do to the bot, one row each."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Final

from sandbox.discord import (
    Action,
    Fault,
    Permission,
    answer,
    hang_after,
    rate_limited,
    reset_after,
    reset_before,
    stage,
)
from sandbox.discord.model import Json
from tests.e2e.scene import text_of
from tests.faults.bench import REACH_S, Bench
from tests.faults.row import Experiment, Row, ending, told

_EDIT: Final = r"/webhooks/\d+/[^/]+/messages/@original"
_ANSWER: Final = r"/interactions/\d+/[^/]+/callback"
_RESCUED_S: Final = 14.0
_ONCE: Final = "one message with one picture"


def _edit_struck(action: Callable[[], Action], times: int = 1) -> Experiment:
    """The request that shows the picture is struck."""

    async def run(bench: Bench) -> str:
        begun = time.monotonic()
        await _painting(bench)
        bench.playground.discord.fault(Fault("PATCH", _EDIT, action(), times=times))
        await bench.ended()
        return ending(bench, time.monotonic() - begun)

    return run


def _answer_struck(action: Callable[[], Action]) -> Experiment:
    """The answer to the command is struck; ten seconds later the bot asks Discord for it."""

    async def run(bench: Bench) -> str:
        begun = time.monotonic()
        bench.playground.discord.fault(Fault("POST", _ANSWER, action()))
        await bench.alice.command(bench.gallery, "imagine", prompt=bench.prompt())
        await asyncio.sleep(_RESCUED_S)
        await bench.ended()
        seen = len(bench.playground.ketchup.requests)
        how = ending(bench, time.monotonic() - begun) if bench.jobs() else "no job"
        return f"{how}; {seen} requests to the API"

    return run


async def _painting(bench: Bench) -> Json:
    """A job that is being painted: the next edit of its message is the last one."""
    bench.playground.ketchup.set_duration(2)
    sent = await bench.imagine()
    message = await sent.response(REACH_S)
    return await bench.shown(lambda m: m["id"] == message["id"] and "Painting" in text_of(m))


def _while_painting(act: Callable[[Bench, Json], None]) -> Experiment:
    async def run(bench: Bench) -> str:
        begun = time.monotonic()
        act(bench, await _painting(bench))
        await bench.ended()
        return ending(bench, time.monotonic() - begun)

    return run


def _gone(bench: Bench, message: Json) -> None:
    bench.playground.discord.backend.messages.delete(bench.gallery.stored(message))


def _delete_channel(bench: Bench, _: Json) -> None:
    stage.delete_channel(bench.gallery)


def _mute(permission: Permission) -> Callable[[Bench, Json], None]:
    def act(bench: Bench, _: Json) -> None:
        stage.deny_bot(bench.gallery, permission)

    return act


async def _replayed(bench: Bench) -> str:
    measured = await told(bench)
    bench.playground.discord.gateway.replay_interaction()
    await asyncio.sleep(1)
    await bench.ended()
    return f"{measured}; {bench.jobs()} job"


async def _dropped(bench: Bench) -> str:
    begun = time.monotonic()
    await _painting(bench)
    await bench.playground.discord.gateway.drop()
    await bench.ended()
    return ending(bench, time.monotonic() - begun)


async def _token_ends(bench: Bench) -> str:
    begun = time.monotonic()
    await _painting(bench)
    bench.playground.clock.advance(16 * 60)
    await bench.ended()
    return ending(bench, time.monotonic() - begun)


def _gateway(act: Callable[[Bench], None]) -> Experiment:
    async def run(bench: Bench) -> str:
        await told(bench)
        act(bench)
        await asyncio.sleep(0.5)
        await bench.playground.discord.gateway.connected(REACH_S)
        return await told(bench, "afterwards")

    return run


async def _silent_gateway(bench: Bench) -> str:
    """Nothing is dispatched for a while; what was asked meanwhile is lost, jobs are not."""
    begun = time.monotonic()
    await _painting(bench)
    bench.playground.discord.gateway.pause()
    await bench.ended()
    bench.playground.discord.gateway.go_on()
    return ending(bench, time.monotonic() - begun)


ROWS: Final = (
    Row("Discord: 500 to the last edit", "`answer(500)`", _ONCE,
        _edit_struck(lambda: answer(500)), "pictures"),
    Row("Discord: 503 to the last edit, three times", "`answer(503)`", _ONCE,
        _edit_struck(lambda: answer(503), 3), "pictures"),
    Row("Discord: 429 of the route", "`rate_limited(1)`", _ONCE,
        _edit_struck(rate_limited), "pictures"),
    Row("Discord: 429 for everything", "`rate_limited(is_global=True)`", _ONCE,
        _edit_struck(lambda: rate_limited(1.0, is_global=True)), "pictures"),
    Row("Discord: connection cut before the edit", "`reset_before()`", _ONCE,
        _edit_struck(reset_before), "pictures"),
    Row("Discord: connection cut after the edit", "`reset_after()`", _ONCE,
        _edit_struck(reset_after), "pictures"),
    Row("Discord: the edit takes effect and is never answered", "`hang_after()`", _ONCE,
        _edit_struck(hang_after), "pictures"),
    Row("Discord: the answer to the command is lost", "`reset_after()`",
        "the rescue finds the answer; one message", _answer_struck(reset_after)),
    Row("Discord: the answer to the command never arrives", "`reset_before()`",
        "nothing is sent to the API for a job that nobody sees",
        _answer_struck(reset_before)),
    Row("Discord: 500 to the answer to the command", "`answer(500)`",
        "one message, or no job at all", _answer_struck(lambda: answer(500))),
    Row("Discord: the channel is deleted while it paints", "`stage.delete_channel`",
        "the picture is in the gallery",
        _while_painting(_delete_channel), "pictures", shown=False),
    Row("Discord: the job's message is deleted", "message deleted while it paints",
        "never posted again; the picture is in the gallery", _while_painting(_gone)),
    Row("Discord: the right to attach files is lost", "`deny ATTACH_FILES`",
        "the picture is not lost", _while_painting(_mute(Permission.ATTACH_FILES)), "pictures",
        shown=False),
    Row("Discord: the right to see the channel is lost", "`deny VIEW_CHANNEL`",
        "the picture is not lost", _while_painting(_mute(Permission.VIEW_CHANNEL)), "pictures",
        shown=False),
    Row("Discord: the interaction's token ends", "clock forward by 16 minutes",
        "the channel's route brings the picture", _token_ends, "pictures"),
    Row("gateway: an interaction comes twice", "`replay_interaction()`", "one job", _replayed,
        "pictures"),
    Row("gateway: the connection drops", "`drop()`", "the job goes on", _dropped, "pictures"),
    Row("gateway: asked to reconnect", "`reconnect()`", "commands work afterwards",
        _gateway(lambda b: b.playground.discord.gateway.reconnect()), "pictures"),
    Row("gateway: the session is invalid", "`invalidate()`", "commands work afterwards",
        _gateway(lambda b: b.playground.discord.gateway.invalidate()), "pictures"),
    Row("gateway: the session is invalid but can be resumed", "`invalidate(resumable=True)`",
        "commands work afterwards",
        _gateway(lambda b: b.playground.discord.gateway.invalidate(resumable=True)), "pictures"),
    Row("gateway: silent while it paints", "`pause()`", "the job goes on without it",
        _silent_gateway, "pictures"),
)  # fmt: skip
