"""All use cases on one database, built together because they share clock, policy and wake-ups."""

from dataclasses import dataclass
from random import Random
from typing import Self

from bot.domain.clock import Clock
from bot.domain.policy import Policy
from bot.service.asking.cancelling import Cancelling
from bot.service.asking.requests import Requests
from bot.service.asking.restrictions import Restrictions
from bot.service.delivery.delivering import Delivering, Due
from bot.service.delivery.reading import CardReader
from bot.service.delivery.takedowns import Takedowns
from bot.service.figures.usage import Usage
from bot.service.moderators.auditing import AuditLog
from bot.service.moderators.case_cards import CaseCards
from bot.service.moderators.case_files import CaseFiles
from bot.service.moderators.casework import Casework
from bot.service.moderators.moderating import Moderating
from bot.service.moderators.noticing import Noticing
from bot.service.moderators.reporting import Reporting
from bot.service.moderators.server_settings import ServerSettings
from bot.service.moderators.telling import Telling
from bot.service.moderators.welcoming import Welcoming
from bot.service.money.wallet import Wallets
from bot.service.operator.restoring import Restoring
from bot.service.operator.retention import Retention
from bot.service.operator.servers import Servers
from bot.service.personal.erasing import Erasing
from bot.service.personal.own_data import OwnData
from bot.service.personal.preferring import Preferring
from bot.service.pictures.deleting import Deleting
from bot.service.pictures.listing import Listing
from bot.service.work.durations import KnownDurations
from bot.service.work.fetching import Fetching
from bot.service.work.handover import Handover
from bot.service.work.pausing import Pausing
from bot.service.work.recording import Recording
from bot.service.work.rescuing import Rescuing
from bot.service.work.submitting import Submitting
from bot.service.work.tracking import Tracking
from bot.service.work.wakeups import Wakeups
from bot.storage import Database
from bot.storage.work.pictures import Pending


@dataclass(frozen=True, slots=True)
class UseCases:
    """What the bot can do. Made by :meth:`on`."""

    cards: CardReader
    requests: Requests
    cancelling: Cancelling
    submitting: Submitting
    pausing: Pausing
    recording: Recording
    tracking: Tracking
    fetching: Fetching
    delivering: Delivering
    deleting: Deleting
    takedowns: Takedowns
    rescuing: Rescuing
    erasing: Erasing
    own_data: OwnData
    retention: Retention
    restoring: Restoring
    wallets: Wallets
    listing: Listing
    servers: Servers
    server_settings: ServerSettings
    noticing: Noticing
    welcoming: Welcoming
    preferring: Preferring
    restrictions: Restrictions
    moderating: Moderating
    usage: Usage
    reporting: Reporting
    casework: Casework
    case_cards: CaseCards
    telling: Telling
    audit_log: AuditLog
    wakeups: Wakeups
    painted: Handover[Pending]
    """Pictures that are to be fetched."""
    ended: Handover[Due]
    """Jobs whose end is to be shown."""

    @classmethod
    async def on(
        cls, database: Database, policy: Policy, clock: Clock, random: Random | None = None
    ) -> Self:
        """The use cases on an open database, with what was learned before."""
        wakeups, durations = Wakeups(), KnownDurations()
        await durations.load(database)
        files = CaseFiles(policy)
        cards = CardReader(database, policy, clock, durations)
        noticing = Noticing(database, policy, clock)
        painted, ended = Handover[Pending](), Handover[Due]()
        delivering = Delivering(database, policy, clock, wakeups, cards)
        return cls(
            cards=cards,
            requests=Requests(database, policy, clock, wakeups, cards, noticing),
            cancelling=Cancelling(database, clock, wakeups),
            submitting=Submitting(
                database,
                policy,
                clock,
                wakeups,
                durations,
                random or Random(),  # noqa: S311
            ),
            pausing=Pausing(database, clock, wakeups),
            recording=Recording(database, clock, wakeups, durations, painted),
            tracking=Tracking(database, policy, clock, wakeups, durations),
            fetching=Fetching(database, clock, wakeups, delivering, ended),
            delivering=delivering,
            deleting=Deleting(database, clock, wakeups),
            takedowns=Takedowns(database, clock, cards),
            rescuing=Rescuing(database, clock),
            erasing=Erasing(database, clock, wakeups),
            own_data=OwnData(database, clock),
            retention=Retention(database, clock),
            restoring=Restoring(database, clock),
            wallets=Wallets(database, policy, clock),
            listing=Listing(database),
            servers=Servers(database, policy, clock),
            server_settings=ServerSettings(database, policy, clock),
            noticing=noticing,
            welcoming=Welcoming(database, policy, clock),
            preferring=Preferring(database, clock),
            restrictions=Restrictions(database, clock),
            moderating=Moderating(database, clock, wakeups),
            usage=Usage(database, policy, clock),
            reporting=Reporting(database, clock, wakeups),
            casework=Casework(database, clock, wakeups, files),
            case_cards=CaseCards(database, clock, files),
            telling=Telling(database, clock),
            audit_log=AuditLog(database),
            wakeups=wakeups,
            painted=painted,
            ended=ended,
        )
