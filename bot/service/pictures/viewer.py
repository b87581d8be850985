"""Who looks at a job, and what of it is for their eyes."""

from dataclasses import dataclass
from typing import Final

from bot.domain.ids import ChannelId, GuildId, UserId
from bot.domain.stages import Failure, TaskOutcome
from bot.errors import JobGoneError, NotYoursError
from bot.storage.work.jobs import Job
from bot.storage.work.tasks import Task

OBJECTED: Final = frozenset({Failure.DECLINED, Failure.REJECTED, Failure.WORDS})
"""The image service may have objected to the words: nobody else gets to see them."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person where they act; ``moderator`` holds for the jobs of ``guild_id`` alone."""

    user_id: UserId
    guild_id: GuildId | None
    channel_id: ChannelId
    moderator: bool = False

    def owns(self, job: Job) -> bool:
        """It was their request."""
        return job.user_id == self.user_id

    def in_charge(self, job: Job) -> bool:
        """The owner, or a moderator of the server where it was made."""
        return self.owns(job) or (self.moderator and self._is_here(job))

    def require_sight(self, job: Job | None) -> Job:
        """The job, if this person may know of it.

        Raises:
            JobGoneError: there is none, or it is none of theirs: another server's.
            NotYoursError: it is private.
        """
        if job is None or not (self.owns(job) or self._is_here(job)):
            raise JobGoneError
        if not self.sees(job):
            raise NotYoursError(name=f"<@{job.user_id}>")
        return job

    def sees(self, job: Job) -> bool:
        """Whether the job is for their eyes: public and of this place, or theirs to look after."""
        return self.in_charge(job) or (not job.private and self._is_here(job))

    def reads_prompt(self, job: Job, tasks: list[Task]) -> bool:
        """Whether the words are for them: not those of a private job, nor those that the image
        service objected to."""
        if self.in_charge(job):
            return True
        made = any(task.outcome is TaskOutcome.PICTURES for task in tasks)
        objected = not made and any(task.failure in OBJECTED for task in tasks)
        return not job.private and not objected

    def _is_here(self, job: Job) -> bool:
        if job.guild_id is None:  # a direct message, a group chat, or a personal installation
            return job.channel_id == self.channel_id
        return job.guild_id == self.guild_id
