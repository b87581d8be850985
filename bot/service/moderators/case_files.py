"""What moderators see of a reported picture: the picture, the request, the reports."""

from dataclasses import dataclass

from bot.domain.ids import ChannelId, JobId, MessageId
from bot.domain.policy import Policy
from bot.images.decode import PictureInfo
from bot.service.asking.asked import references_of
from bot.service.money import funds
from bot.storage.engine.database import Reader
from bot.storage.moderators import reports
from bot.storage.moderators.cases import Case
from bot.storage.moderators.reports import Report
from bot.storage.work import jobs, pictures, tasks


@dataclass(frozen=True, slots=True)
class CasePicture:
    """A reported picture: its bytes where we have them, else where its message has it."""

    name: str
    data: bytes | None
    info: PictureInfo
    message_id: MessageId | None
    attachment_id: int | None


@dataclass(frozen=True, slots=True)
class CaseFile:
    """Everything about a case; ``charged`` in micro-credits.

    Where the owner erased the job, its prompt is None and only the reports are left.
    """

    case: Case
    reports: tuple[Report, ...]
    language: str | None
    """What the server's moderators chose."""
    log_channel: int | None
    prompt: str | None = None
    model: str | None = None
    private: bool = False
    channel_id: ChannelId | None = None
    message_id: MessageId | None = None
    references: tuple[str, ...] = ()
    charged: int = 0
    pictures: tuple[CasePicture, ...] = ()

    @property
    def job_id(self) -> JobId:
        return self.case.job_id


class CaseFiles:
    """Reading changes nothing."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy

    async def read(self, reader: Reader, case: Case, *, pictures: bool) -> CaseFile:
        """The case with its request and reports; with pictures only where they shall be seen."""
        settings = await funds.settings_of(reader, case.guild_id, self._policy)
        known = tuple(await reports.of_job(reader, case.job_id))
        job = await jobs.get_one(reader, case.job_id)
        charged = sum(task.charged for task in await tasks.of_job(reader, job.id))
        return CaseFile(
            case=case,
            reports=known,
            language=settings.language,
            log_channel=settings.log_channel,
            prompt=job.prompt or None,  # an erased one is empty
            model=self._policy.catalogue.label(job.model),
            private=job.private,
            channel_id=job.channel_id,
            message_id=None if job.message_deleted else job.message_id,
            references=tuple(one.name for one in references_of(job)),
            charged=charged,
            pictures=await self._pictures(reader, job.id) if pictures else (),
        )

    async def _pictures(self, reader: Reader, job_id: JobId) -> tuple[CasePicture, ...]:
        found = []
        for number, kept in enumerate(await pictures.of_job(reader, job_id), 1):
            info = PictureInfo(kept.media_type, kept.width, kept.height, animated=False)
            data = await pictures.data(reader, kept.id)
            found.append(
                CasePicture(f"reported-{number}", data, info, kept.message_id, kept.attachment_id)
            )
        return tuple(found)
