"""Every worker, in the order of a job's way."""

from typing import Protocol

from bot.domain.clock import Clock
from bot.images.studio import Studio
from bot.service.usecases import UseCases
from bot.storage import Database
from bot.workers.audit import AuditWorker
from bot.workers.deliver import DeliverWorker
from bot.workers.fetch import Fetcher, FetchWorker
from bot.workers.loop import Worker
from bot.workers.notices import NoticeWorker
from bot.workers.ports import (
    Bulletin,
    CaseDesk,
    Courier,
    Greeter,
    Herald,
    LinkRenewer,
    Measurements,
    Messenger,
    Remover,
)
from bot.workers.progress import ProgressWorker
from bot.workers.reports import ReportWorker
from bot.workers.rescue import RescueWorker
from bot.workers.retention import RetentionWorker
from bot.workers.submit import CallbackAddress, SubmitClient, SubmitWorker
from bot.workers.takedown import TakedownWorker
from bot.workers.track import QueryClient, TrackWorker
from bot.workers.welcomes import WelcomeWorker

_SUBMITS = 50
_QUERIES = 20
_FETCHES = 4
_DELIVERIES = 4
_EDITS = 4


class ImageApi(SubmitClient, QueryClient, Protocol):
    """Both halves of the API's client."""


def make_workers(
    use: UseCases,
    *,
    database: Database,
    api: ImageApi,
    fetcher: Fetcher,
    studio: Studio,
    messenger: Messenger,
    herald: Herald,
    bulletin: Bulletin,
    greeter: Greeter,
    remover: Remover,
    desk: CaseDesk,
    courier: Courier,
    links: LinkRenewer,
    callback_address: CallbackAddress,
    clock: Clock,
    measurements: Measurements,
) -> list[Worker]:
    """The loops of one process; how much each has under way at once is bounded here."""
    wakeups = use.wakeups
    deliver = DeliverWorker(
        use.delivering, messenger, herald, studio, clock, use.ended, wakeups, measurements,
        size=_DELIVERIES,
    )  # fmt: skip
    return [
        SubmitWorker(
            use.submitting, use.pausing, api, links, callback_address, use.tracking, clock,
            wakeups, measurements, size=_SUBMITS,
        ),
        TrackWorker(
            use.tracking, use.recording, use.pausing, api, clock, wakeups, measurements,
            size=_QUERIES,
        ),
        FetchWorker(use.fetching, fetcher, use.painted, wakeups, measurements, size=_FETCHES),
        deliver,
        ProgressWorker(
            use.delivering, use.requests, messenger, deliver, wakeups, measurements, size=_EDITS
        ),
        TakedownWorker(use.takedowns, remover, wakeups, measurements),
        RescueWorker(
            use.rescuing, use.tracking, use.requests, use.cards, messenger, wakeups, measurements
        ),
        NoticeWorker(use.noticing, bulletin, measurements),
        RetentionWorker(use.erasing, use.retention, measurements),
        WelcomeWorker(use.welcoming, greeter, measurements),
        ReportWorker(use.case_cards, use.telling, desk, courier, wakeups, measurements),
        AuditWorker(database, clock, measurements),
    ]  # fmt: skip
