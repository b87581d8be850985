"""The world that a fresh sandbox starts with: two servers and six people."""

from __future__ import annotations

from sandbox.clock import Clock
from sandbox.discord.model import (
    Channel,
    ChannelType,
    Guild,
    Member,
    Overwrite,
    Role,
    Snowflake,
    User,
)
from sandbox.discord.permissions import EVERYONE, Permission
from sandbox.discord.world import Snowflakes, World

P = Permission
MODERATOR = P.MANAGE_GUILD | P.MANAGE_MESSAGES | P.MANAGE_THREADS | P.PIN_MESSAGES
BOT = EVERYONE | P.MANAGE_THREADS | P.MENTION_EVERYONE
COMMUNITY = ["COMMUNITY", "NEWS", "WELCOME_SCREEN_ENABLED"]


def seeded(clock: Clock) -> World:
    """Two servers, "Lighthouse Club" and 「灯台クラブ」, and a DM for every person.

    Both belong to Olivia, who has no further part, so that the moderators are no more than that.
    """
    ids = Snowflakes(clock)
    bot = User(ids.next(), "Ketchup", "ketchup", bot=True)
    owner = User(ids.next(), "Olivia", "olivia")
    world = World(application_id=bot.id, bot_id=bot.id, owner_id=owner.id)
    world.users = {bot.id: bot, owner.id: owner}
    seed = _Seed(world, ids, clock.now_ms())
    alice, bob, mia, _ = (seed.person(name) for name in ("Alice", "Bob", "Mia", "Otto"))
    hanako, taro = seed.person("花子", "hanako", "ja"), seed.person("太郎", "taro", "ja")
    club = seed.guild("Lighthouse Club", owner, "en-US", COMMUNITY)
    seed.join(club, [alice, bob], mia, "Moderators")
    seed.channels(club, "gallery", "adult", "muted", "mods", "showcase", "Tips for lighthouses")
    tower = seed.guild("灯台クラブ", owner, "ja", [])
    seed.join(tower, [hanako], taro, "モデレーター")
    seed.channels(tower, "ギャラリー", "大人", "読み取り専用", "運営", "作品", "灯台のコツ")
    return world


class _Seed:
    def __init__(self, world: World, ids: Snowflakes, now: int) -> None:
        self._world, self._ids, self._now = world, ids, now

    def person(self, name: str, username: str | None = None, locale: str = "en-US") -> User:
        user = User(self._ids.next(), name, username or name.lower(), locale=locale)
        self._world.users[user.id] = user
        dm = Channel(
            self._ids.next(),
            ChannelType.DM,
            name,
            recipients=[user.id, self._world.bot_id],
            created_at=self._now,
        )
        self._world.channels[dm.id] = dm
        return user

    def guild(self, name: str, owner: User, locale: str, features: list[str]) -> Guild:
        guild = Guild(
            self._ids.next(), name, owner.id, preferred_locale=locale, features=list(features)
        )
        bot_id = self._world.bot_id
        bot_role = Role(self._ids.next(), "Ketchup", int(BOT), 1, bot_id=bot_id)
        guild.roles = {
            guild.id: Role(guild.id, "@everyone", int(EVERYONE), 0),
            bot_role.id: bot_role,
        }
        guild.members = {
            bot_id: Member(bot_id, self._now, [bot_role.id]),
            owner.id: Member(owner.id, self._now),
        }
        self._world.guilds[guild.id] = guild
        return guild

    def join(self, guild: Guild, members: list[User], moderator: User, role_name: str) -> None:
        role = Role(self._ids.next(), role_name, int(MODERATOR), 2, color=0xE67E22)
        guild.roles[role.id] = role
        for member in members:
            guild.members[member.id] = Member(member.id, self._now)
        guild.members[moderator.id] = Member(moderator.id, self._now, [role.id])

    def channels(self, guild: Guild, *names: str) -> None:
        """Ordinary, age-restricted, read-only for the bot, moderators' log, forum, and a thread
        in the first.
        """
        gallery, adult, muted, mods, forum, thread = names
        everyone, moderators, bot = guild.id, max(guild.roles), self._world.bot_id
        home = self._channel(guild, gallery, 0)
        self._channel(guild, adult, 1).nsfw = True
        self._channel(guild, muted, 2).overwrites = [
            Overwrite(bot, 1, 0, int(P.SEND_MESSAGES | P.SEND_MESSAGES_IN_THREADS))
        ]
        log = self._channel(guild, mods, 3)
        log.overwrites = [
            Overwrite(everyone, 0, 0, int(P.VIEW_CHANNEL)),
            Overwrite(moderators, 0, int(P.VIEW_CHANNEL), 0),
            Overwrite(bot, 1, int(P.VIEW_CHANNEL), 0),
        ]
        if COMMUNITY[0] in guild.features:
            guild.public_updates_channel_id = log.id
        self._channel(guild, forum, 4).type = ChannelType.FORUM
        inside = self._channel(guild, thread, 0)
        inside.type, inside.parent_id = ChannelType.PUBLIC_THREAD, home.id
        inside.owner_id = guild.owner_id

    def _channel(self, guild: Guild, name: str, position: int) -> Channel:
        channel_id: Snowflake = self._ids.next()
        channel = Channel(
            channel_id, ChannelType.TEXT, name, guild.id, position=position, created_at=self._now
        )
        self._world.channels[channel_id] = channel
        return channel
