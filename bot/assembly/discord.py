"""The side that Discord sees: the client, its commands, and who writes by themselves."""

from dataclasses import dataclass

from bot.assembly.ground import Ground
from bot.chat import failing as failing_chat
from bot.chat.actions import Actions
from bot.chat.asking import offer
from bot.chat.asking.answer import Answers
from bot.chat.asking.mentioned import Mentioned
from bot.chat.asking.remixes import Remixes
from bot.chat.asking.styling import Styles
from bot.chat.asking.suggesting import Suggestions
from bot.chat.client import ChatClient, use_api
from bot.chat.commands import CommandMentions
from bot.chat.delivery.bulletin import Bulletin
from bot.chat.delivery.courier import Courier
from bot.chat.delivery.greeter import Greeter
from bot.chat.delivery.herald import Herald
from bot.chat.delivery.postman import Postman
from bot.chat.delivery.redraw import Redrawer
from bot.chat.delivery.takedown import Remover
from bot.chat.figures.usage import UsageReports
from bot.chat.galleries.downloads import Downloads
from bot.chat.galleries.gallery import Galleries
from bot.chat.galleries.gallery_page import GalleryPages
from bot.chat.layouts import Drawer
from bot.chat.moderators.case_desk import CaseDesk
from bot.chat.moderators.case_pictures import CasePictures
from bot.chat.moderators.endings import Endings
from bot.chat.moderators.moderation import Moderation
from bot.chat.moderators.reports import Reports
from bot.chat.personal.helping import Help
from bot.chat.personal.preferences_panel import PreferencesPanel
from bot.chat.personal.privacy import Privacy
from bot.chat.pictures import LinkRenewer
from bot.chat.results.deleting import Deletions
from bot.chat.results.details import DetailsPage
from bot.chat.results.loading import PictureLoader
from bot.chat.results.originals import Originals
from bot.chat.results.result_menu import ResultMenus
from bot.chat.results.showcase import Showcase
from bot.chat.results.single_picture import SinglePictures
from bot.chat.rights import Moderators, Viewers
from bot.chat.setup.integrations import Integrations
from bot.chat.setup.panel import SetupPanel
from bot.chat.setup.preview import Preview
from bot.chat.translate import Catalogues
from bot.domain.clock import Clock
from bot.service.asking.offering import Offering
from bot.service.asking.remixing import Remixing
from bot.service.figures.exporting import Exporting
from bot.service.operator.synced import SyncedCommands
from bot.service.pictures.details import DetailsReader
from bot.service.pictures.gallery import Gallery
from bot.service.pictures.results import Results
from bot.service.pictures.sharing import Sharing
from bot.service.usecases import UseCases
from bot.settings import Shards
from cogs.arrivals import Arrivals
from cogs.credit_admin import CreditAdmin
from cogs.credits import Credits
from cogs.departures import Departures
from cogs.details import Details
from cogs.gallery import GalleryCommand
from cogs.help import HelpCommand
from cogs.imagine import Imagine
from cogs.jobs import Jobs
from cogs.mentions import Mentions
from cogs.moderate import Moderate
from cogs.preferences import PreferencesCommand
from cogs.privacy import PrivacyCommand
from cogs.remix import Remix
from cogs.report import Report
from cogs.setup import Setup
from cogs.usage import UsageCommands


@dataclass(frozen=True, slots=True)
class DiscordSide:
    """What speaks to Discord."""

    chat: ChatClient
    postman: Postman
    herald: Herald
    bulletin: Bulletin
    greeter: Greeter
    links: LinkRenewer
    remover: Remover
    desk: CaseDesk
    courier: Courier


def discord_side(ground: Ground, shards: Shards | None) -> DiscordSide:
    """The client with every command, and those who write into channels by themselves."""
    settings, database, use = ground.settings, ground.database, ground.use
    clock, studio = ground.clock, ground.studio
    use_api(settings.discord_api_url)
    mentions = CommandMentions()
    catalogues = Catalogues(mentions)
    chat = ChatClient(
        catalogues=catalogues,
        mentions=mentions,
        synced=SyncedCommands(database),
        acknowledgements=ground.metrics,
        languages=use.preferring,
        sync_guilds=settings.discord_sync_guilds,
        shard_ids=shards.ids if shards else None,
        shard_count=shards.count if shards else None,
        direct=settings.direct_credits > 0,
    )
    drawer, links = Drawer(catalogues), LinkRenewer(chat)
    postman = Postman(chat, drawer, clock, use.delivering.posting, ground.metrics)
    offering = Offering(database, clock)
    answers = Answers(use.requests, offering, links, drawer, catalogues, clock)
    suggestions = Suggestions(settings.ketchup_models, use.wallets, catalogues)
    styles = Styles(use.server_settings, catalogues)
    gallery = Gallery(database, studio, clock)
    downloads = Downloads(chat, links, gallery, studio)
    pages = GalleryPages(links, settings.ketchup_models)
    galleries = Galleries(gallery, pages, downloads, settings.ketchup_models, catalogues)
    privacy = Privacy(use.own_data, use.erasing, downloads, catalogues)
    remixing = Remixing(database, clock)
    mentioned = Mentioned(
        chat, chat, use.requests, postman, remixing, use.preferring, use.server_settings,
        catalogues,
    )  # fmt: skip
    remixes = Remixes(remixing, answers, suggestions, catalogues)
    moderators = Moderators(use.server_settings)
    actions = Actions(
        answers, use.requests, use.cancelling, use.cards, remixes, moderators, catalogues
    )
    remover = Remover(chat, Redrawer(drawer, catalogues), use.takedowns)
    menus = _result_menus(ground, chat, links, remixes, moderators, remover, catalogues)
    case_pictures = CasePictures(chat, studio, links)
    moderation, cases = _moderation(use, clock, moderators, remover, case_pictures, catalogues)
    panel = SetupPanel(use.server_settings, Preview(Integrations(chat, mentions)), catalogues)
    own = PreferencesPanel(
        use.preferring, settings.ketchup_models, styles, use.server_settings, catalogues
    )
    reports = UsageReports(
        use.usage, Exporting(database, settings.policy(), clock), ground.signing_in, moderators,
        studio, catalogues,
    )  # fmt: skip
    helping = Help(
        answers, use.wallets, use.preferring, settings.ketchup_models, moderators, catalogues
    )
    direct = settings.direct_credits > 0
    if ground.failpoints is not None:
        failing_chat.install(chat, ground.failpoints)
    chat.equip(
        actions,
        [
            Imagine(answers, suggestions, styles, direct=direct),
            Jobs(use.listing, actions, moderators, catalogues, direct=direct),
            Remix(remixes, chat.tree, direct=direct),
            Details(menus, chat.tree, direct=direct),
            GalleryCommand(galleries, direct=direct),
            PrivacyCommand(privacy, direct=direct),
            Credits(use.wallets, answers, catalogues, direct=direct),
            CreditAdmin(use.wallets, catalogues),
            Setup(panel),
            PreferencesCommand(own, direct=direct),
            HelpCommand(helping, direct=direct),
            UsageCommands(reports),
            Moderate(moderation, cases, moderators),
            Report(cases, chat.tree),
            Mentions(mentioned),
            Arrivals(use.welcoming, chat),
            Departures(use.requests, use.requests.guild_left),
        ],
        features={
            offer.FEATURE: answers,
            "result": menus,
            "preferences": own,
            "help": helping,
            "gallery": galleries,
            "privacy": privacy,
            "setup": panel,
            "moderate": moderation,
            "report": cases,
        },
    )
    return DiscordSide(
        chat,
        postman,
        Herald(chat, catalogues),
        Bulletin(chat, catalogues),
        Greeter(chat, catalogues),
        links,
        remover,
        CaseDesk(chat, case_pictures, catalogues),
        Courier(chat, catalogues),
    )


def _result_menus(
    ground: Ground,
    chat: ChatClient,
    links: LinkRenewer,
    remixes: Remixes,
    moderators: Moderators,
    remover: Remover,
    catalogues: Catalogues,
) -> ResultMenus:
    """What ``More`` and *Picture details* lead to."""
    database, use, clock, studio = ground.database, ground.use, ground.clock, ground.studio
    results = Results(database)
    loader = PictureLoader(chat, links, results)
    return ResultMenus(
        results,
        DetailsReader(database, clock, use.cards),
        DetailsPage(loader, studio),
        Originals(results),
        Deletions(use.deleting, remover),
        Showcase(chat, Sharing(database, clock, use.cards), loader, studio, catalogues),
        SinglePictures(loader, studio, remixes),
        Viewers(moderators),
        catalogues,
    )


def _moderation(
    use: UseCases,
    clock: Clock,
    moderators: Moderators,
    remover: Remover,
    pictures: CasePictures,
    catalogues: Catalogues,
) -> tuple[Moderation, Reports]:
    """What moderators do about members and pictures."""
    endings = Endings(use.server_settings, clock)
    return (
        Moderation(use.moderating, use.audit_log, moderators, endings, catalogues),
        Reports(use.reporting, use.casework, remover, pictures, moderators, endings, catalogues),
    )
