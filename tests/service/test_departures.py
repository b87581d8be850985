"""Servers that throw the bot out."""

from bot.domain.stages import JobOutcome, JobStage
from tests.builders import GUILD, World


async def test_what_waits_is_cancelled_and_what_is_painted_is_kept(world: World) -> None:
    running = await world.ask()
    (submission,) = await world.submit()
    waiting = await world.ask()
    await world.use.requests.guild_left(GUILD)
    await world.painted(submission.task_id)
    await world.fetch()
    ended = {due.job_id: due.card.outcome for due in await world.deliver()}
    assert ended == {running.job_id: JobOutcome.PICTURES, waiting.job_id: JobOutcome.CANCELLED}
    assert (await world.job(running.job_id)).message_deleted
    assert (await world.job(waiting.job_id)).stage is JobStage.DONE
    assert await world.balance() == "9.5"
