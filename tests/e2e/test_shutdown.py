"""Stopping: nothing new is taken, what is under way ends, what waits goes on after the start."""

import asyncio

from tests.e2e.scene import PATIENCE_S, Scene


async def test_a_stopped_bot_goes_on_where_it_was(scene: Scene) -> None:
    scene.ketchup.set_duration(1.5)
    await scene.start()
    await scene.imagine()
    await scene.says("Painting")
    await scene.stop()
    await scene.start()
    assert len(await scene.pictures()) == 1
    assert len(scene.ketchup.requests) == 1


async def test_members_are_told_while_the_bot_stops(scene: Scene) -> None:
    scene.ketchup.set_duration(30)
    app = await scene.start()
    await app.chat.finish_answers(0)
    sent = await scene.alice.command(scene.gallery, "imagine", prompt="too late")
    await sent.acknowledged(PATIENCE_S)
    await scene.says("restarting", viewer=scene.alice)
    assert await scene.all_jobs() == []


async def test_an_answer_under_way_is_waited_for(scene: Scene) -> None:
    app = await scene.start()
    sent = await scene.alice.command(scene.gallery, "imagine", prompt="just in time")
    while not app.chat._answering:
        await asyncio.sleep(0)
    await scene.stop()
    await sent.acknowledged(PATIENCE_S)
    await scene.start()
    assert len(await scene.pictures()) == 1


async def test_it_stops_also_while_its_session_is_being_replaced(scene: Scene) -> None:
    await scene.start()
    scene.discord.gateway.pause()  # the client connects anew and waits
    scene.discord.gateway.invalidate(resumable=False)
    while scene.discord.gateway.connections:
        await asyncio.sleep(0.01)
    async with asyncio.timeout(PATIENCE_S):
        await scene.stop()
    scene.discord.gateway.go_on()
