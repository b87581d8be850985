"""The dashboard as an application of its own, mounted under ``/dashboard``."""

from dataclasses import dataclass

from aiohttp import web

from bot.domain.catalogue import Catalogue
from bot.domain.clock import Clock
from bot.service.dashboard.access import Access
from bot.service.dashboard.browsing import Browsing
from bot.service.dashboard.oversight import Oversight
from bot.service.dashboard.queue import Queue
from bot.service.dashboard.signing_in import SigningIn
from bot.service.dashboard.viewing import Viewing
from bot.service.figures.exporting import Exporting
from bot.service.figures.usage import Usage
from bot.service.moderators.auditing import AuditLog
from bot.service.moderators.casework import Casework
from bot.service.moderators.moderating import Moderating
from bot.service.moderators.server_settings import ServerSettings
from bot.service.money.bookkeeping import Bookkeeping
from bot.service.money.wallet import Wallets
from bot.web.dashboard.attempts import Attempts
from bot.web.dashboard.audit import AuditPages
from bot.web.dashboard.cookie import SessionCookie
from bot.web.dashboard.credits import CreditPages
from bot.web.dashboard.frame import Frame, OpenReports
from bot.web.dashboard.jobs import JobPages
from bot.web.dashboard.live import LiveQueue
from bot.web.dashboard.members import MemberPages
from bot.web.dashboard.overview import OverviewPage
from bot.web.dashboard.pictures import PicturePages
from bot.web.dashboard.ports import Directory, Languages
from bot.web.dashboard.rendering import Assets, set_up
from bot.web.dashboard.reports import ReportPages
from bot.web.dashboard.settings import SettingsPages
from bot.web.dashboard.shielding import Shield
from bot.web.dashboard.sign_in import SignInPages
from bot.web.dashboard.visits import Door


@dataclass(frozen=True, slots=True)
class DashboardDeps:
    """What the dashboard uses. Links and the cookie go by ``public_url``, never by a header."""

    public_url: str
    signing_in: SigningIn
    browsing: Browsing
    access: Access
    settings: ServerSettings
    languages: Languages
    directory: Directory
    oversight: Oversight
    auditing: AuditLog
    queue: Queue
    viewing: Viewing
    reports: OpenReports
    catalogue: Catalogue
    clock: Clock
    usage: Usage
    bookkeeping: Bookkeeping
    wallets: Wallets
    moderating: Moderating
    casework: Casework
    exporting: Exporting


def make_dashboard(deps: DashboardDeps) -> web.Application:
    """Every page; what is not one is not found."""
    door = Door(
        deps.browsing, deps.access, deps.settings, deps.languages, SessionCookie(deps.public_url)
    )
    assets = Assets()
    app = web.Application(middlewares=[Shield(door).middleware])
    set_up(app, assets)
    entrance = SignInPages(
        deps.signing_in, deps.browsing, deps.access, door, deps.languages, Attempts()
    )
    frame = Frame(deps.access, deps.reports)
    live = LiveQueue(door, deps.browsing, deps.access, deps.queue, deps.directory)
    app.on_shutdown.append(live.close)
    jobs = JobPages(
        door, frame, deps.oversight, deps.directory, deps.exporting, deps.catalogue, deps.clock
    )
    audit = AuditPages(door, frame, deps.auditing, deps.directory, deps.clock)
    app.router.add_get("", entrance.home)
    app.router.add_get("/", entrance.home)
    app.router.add_get("/static/{name}", assets.serve)
    app.router.add_get("/sign-in/{secret}", entrance.ask)
    app.router.add_post("/sign-in/{secret}", entrance.enter)
    app.router.add_post("/sign-out", entrance.leave)
    app.router.add_post("/language", entrance.speak)
    overview = OverviewPage(door, frame, deps.usage, live, deps.directory, deps.clock)
    members = MemberPages(
        door, frame, deps.usage, deps.bookkeeping, deps.moderating, deps.directory, deps.clock
    )
    credit = CreditPages(
        door, frame, deps.usage, deps.bookkeeping, deps.wallets, deps.directory, deps.clock
    )
    settings = SettingsPages(door, frame, deps.settings, deps.directory)
    app.router.add_get("/{guild}", overview.show)
    app.router.add_get("/{guild}/chart.svg", overview.chart)
    app.router.add_get("/{guild}/members", members.all)
    app.router.add_get("/{guild}/members/{user}", members.one)
    app.router.add_get("/{guild}/members/{user}/chart.svg", members.chart)
    app.router.add_post("/{guild}/members/{user}/block", members.block)
    app.router.add_post("/{guild}/members/{user}/unblock", members.unblock)
    app.router.add_get("/{guild}/credits", credit.show)
    app.router.add_get("/{guild}/credits.csv", credit.export)
    app.router.add_post("/{guild}/credits/grant", credit.grant)
    app.router.add_post("/{guild}/credits/revoke", credit.revoke)
    reports = ReportPages(door, frame, deps.casework, deps.oversight, deps.directory, deps.clock)
    app.router.add_get("/{guild}/reports", reports.show)
    app.router.add_post("/{guild}/reports/{job}", reports.act)
    app.router.add_get("/{guild}/settings", settings.show)
    app.router.add_post("/{guild}/settings", settings.save)
    app.router.add_get("/{guild}/live", live.stream)
    app.router.add_get("/{guild}/jobs", jobs.all)
    app.router.add_get("/{guild}/jobs.csv", jobs.export)
    app.router.add_get("/{guild}/jobs/{job}", jobs.one)
    app.router.add_post("/{guild}/jobs/{job}/show", jobs.show)
    app.router.add_get(
        "/{guild}/pictures/{picture}", PicturePages(door, deps.oversight, deps.viewing).one
    )
    app.router.add_get("/{guild}/audit", audit.show)
    app.router.add_get("/{guild}/audit.csv", audit.export)
    return app
