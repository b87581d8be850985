"""All use cases on one database, built together because they share clock, policy and wake-ups."""

from dataclasses import dataclass
from random import Random
from typing import Self

from bot.domain.clock import Clock
from bot.domain.policy import Policy
from bot.service.auditing import AuditLog
from bot.service.cancelling import Cancelling
from bot.service.case_cards import CaseCards
from bot.service.case_files import CaseFiles
from bot.service.casework import Casework
from bot.service.deleting import Deleting
from bot.service.delivering import Delivering, Due
from bot.service.durations import KnownDurations
from bot.service.erasing import Erasing
from bot.service.fetching import Fetching
from bot.service.handover import Handover
from bot.service.listing import Listing
from bot.service.moderating import Moderating
from bot.service.noticing import Noticing
from bot.service.own_data import OwnData
from bot.service.pausing import Pausing
from bot.service.preferring import Preferring
from bot.service.reading import CardReader
from bot.service.recording import Recording
from bot.service.reporting import Reporting
from bot.service.requests import Requests
from bot.service.rescuing import Rescuing
from bot.service.restoring import Restoring
from bot.service.restrictions import Restrictions
from bot.service.retention import Retention
from bot.service.server_settings import ServerSettings
from bot.service.servers import Servers
from bot.service.submitting import Submitting
from bot.service.takedowns import Takedowns
from bot.service.telling import Telling
from bot.service.tracking import Tracking
from bot.service.usage import Usage
from bot.service.wakeups import Wakeups
from bot.service.wallet import Wallets
from bot.service.welcoming import Welcoming
from bot.storage import Database
from bot.storage.pictures import Pending


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
