"""Gives waiting tasks to the image API, each at most once."""

import asyncio
from collections.abc import Callable
from typing import Final, Protocol, assert_never

import structlog

from bot.domain.clock import Clock
from bot.domain.ids import Millis, TaskId
from bot.domain.request import Reference
from bot.domain.stages import Failure
from bot.errors import ClaimLostError, ReferenceGoneError
from bot.ketchup.outcomes import (
    Accepted,
    KeyCheck,
    KeyVerdict,
    Lost,
    Refused,
    Rejected,
    ServerFailed,
    SubmitOutcome,
    Throttled,
    Unsent,
)
from bot.ketchup.wire import ImageRequest
from bot.service.work.pausing import Pausing
from bot.service.work.submitting import Submission, Submitting
from bot.service.work.wakeups import Wakeups
from bot.workers.leases import new_claim
from bot.workers.loop import Worker
from bot.workers.ports import LinkRenewer, Measurements

PROBE_EVERY_MS: Final = 10_000
_RENEW_LINKS_S: Final = 15.0
_LINKS_AGAIN_MS: Final = 5_000
_THROTTLED_S: Final = 5.0
_SLEPT_MS: Final = 4_000
"""Between the committed intent and the POST nothing takes so long, unless the process slept."""


class SubmitClient(Protocol):
    """The part of the API's client that this worker uses."""

    async def submit(self, request: ImageRequest, timeout_s: float = ...) -> SubmitOutcome: ...

    async def check_key(self, timeout_s: float = ...) -> KeyCheck: ...


class QueryBudget(Protocol):
    """How often the account may ask."""

    async def reserve(self) -> Millis: ...


CallbackAddress = Callable[[TaskId], str | None]
"""The signed address of a task's callback; None without ``PUBLIC_URL``."""


class SubmitWorker(Worker):
    """Whose turn it is → renew links → commit the intent → POST → record what came of it."""

    name = "submit"

    def __init__(
        self,
        submitting: Submitting,
        pausing: Pausing,
        client: SubmitClient,
        links: LinkRenewer,
        callback_address: CallbackAddress,
        budget: QueryBudget,
        clock: Clock,
        wakeups: Wakeups,
        measurements: Measurements,
        *,
        size: int,
    ) -> None:
        super().__init__(wakeups.submit, size, measurements)
        self._submitting = submitting
        self._pausing = pausing
        self._client = client
        self._links = links
        self._callback_address = callback_address
        self._budget = budget
        self._clock = clock
        self._probe_at = Millis(0)
        self._reserved_at: Millis | None = None
        self._log = structlog.get_logger("bot.workers.submit")

    async def step(self) -> float | None:
        if self.crew.free <= 0:
            return None
        found = await self._submitting.claim(new_claim(), self.crew.free)
        if not found and await self._pausing.paused():
            return await self._try_key()
        self._reserved_at = None
        for submission in found:
            self.crew.start(self._submit(submission), self.wake)
        return None

    async def _try_key(self) -> float | None:
        """Every ten seconds, ask for a task that cannot exist: is the key accepted again?

        It counts as a query of the account; the seconds until its moment.
        """
        if self._clock() < self._probe_at:
            return None
        if self._reserved_at is None:
            self._reserved_at = await self._budget.reserve()
        if (wait_ms := self._reserved_at - self._clock()) > 0:
            return wait_ms / 1000
        self._reserved_at = None
        self._probe_at = Millis(self._clock() + PROBE_EVERY_MS)
        check = await self._client.check_key(timeout_s=PROBE_EVERY_MS / 1000)
        if check.verdict is KeyVerdict.GOOD:
            self._log.info("the API key is accepted again, one task goes first")
            await self._pausing.key_works()
        return None

    async def _submit(self, submission: Submission) -> None:
        try:
            references = await self._ready(submission)
        except ReferenceGoneError as error:
            await self._submitting.failed(submission, Failure.REFERENCE, error.name)
            return
        except ClaimLostError:
            return
        if references is None:
            return
        request = ImageRequest(
            model=submission.model,
            prompt=submission.prompt,
            images=tuple(reference.url for reference in references),
            callback_url=self._callback_address(submission.task_id),
            aspect_ratio=submission.aspect,
        )
        await self._record(submission, await self._client.submit(request))

    async def _ready(self, submission: Submission) -> tuple[Reference, ...] | None:
        """The references with links that work, the intent committed; None when handed back."""
        if submission.begun:
            if self._clock() - submission.begun_at > _SLEPT_MS:
                await self._submitting.handed_back(submission)
                return None
            return submission.references
        try:
            async with asyncio.timeout(_RENEW_LINKS_S):
                references = await self._links.renew(submission.references)
        except TimeoutError:
            later = Millis(self._clock() + _LINKS_AGAIN_MS)
            await self._submitting.handed_back(submission, later)
            return None
        await self._submitting.begin(submission)
        return references

    async def _record(self, submission: Submission, outcome: SubmitOutcome) -> None:
        log = self._log.bind(job=submission.job_id, task=submission.task_id)
        match outcome:
            case Accepted(provider_id, request_id):
                await self._submitting.accepted(submission, provider_id)
                log.info("submitted", provider_id=provider_id, request_id=request_id)
            case Rejected(reason):
                await self._submitting.failed(submission, Failure.REJECTED, reason)
                log.info("rejected by the API")
            case Refused(status, reason):
                await self._submitting.handed_back(submission)
                if await self._pausing.refused(status, reason):
                    log.error(
                        "the API refuses the key: submitting is paused",
                        status=status,
                        reason=reason,
                    )
            case Throttled(retry_after_s):
                pause_s = _THROTTLED_S if retry_after_s is None else max(retry_after_s, 0.1)
                until = Millis(self._clock() + int(pause_s * 1000))
                await self._pausing.throttled(until)
                await self._submitting.handed_back(submission, until)
                log.warning("the API asks for a pause", seconds=pause_s)
            case Unsent(detail):
                await self._submitting.unsent(submission, detail)
                log.warning(
                    "not sent, will be tried again", attempt=submission.attempts, cause=detail
                )
            case ServerFailed(status, detail):
                await self._submitting.unsent(submission, f"HTTP {status}: {detail}")
                log.warning("the API failed", attempt=submission.attempts, status=status)
            case Lost(detail):
                await self._submitting.lost(submission, detail)
                log.warning("the answer was lost: only a callback can tell", cause=detail)
            case _:
                assert_never(outcome)
