"""``/moderate`` without its reports: blocks, forbidden words, the audit log. Also the feature
``moderate`` of their buttons."""

from enum import StrEnum
from typing import Final

from bot.chat.layouts import note_view
from bot.chat.moderators.audit_view import PAGE, audit_view, read_subject
from bot.chat.moderators.endings import Endings
from bot.chat.moderators.moderation_views import (
    SHOWN_BLOCKS,
    blocked_sentence,
    blocks_view,
    words_view,
)
from bot.chat.responding import Interaction, patiently, replace, show
from bot.chat.rights import Moderators
from bot.chat.text import quoted
from bot.chat.translate import Catalogues, Texts
from bot.domain.ids import GuildId, UserId
from bot.domain.words import first_found
from bot.errors import PhraseMissingError
from bot.service.moderators.audit_words import action_name
from bot.service.moderators.auditing import AuditLog, Sought
from bot.service.moderators.moderating import Moderating

_SUGGESTED: Final = 25


class WordsAction(StrEnum):
    """What ``/moderate words`` does with a phrase."""

    ADD = "add"
    REMOVE = "remove"
    TEST = "test"


class Moderation:
    """Rights are checked on every use."""

    def __init__(
        self,
        moderating: Moderating,
        log: AuditLog,
        moderators: Moderators,
        endings: Endings,
        catalogues: Catalogues,
    ) -> None:
        self._moderating = moderating
        self._log = log
        self._moderators = moderators
        self.endings = endings
        self._catalogues = catalogues

    async def block(
        self, interaction: Interaction, user_id: UserId, until: str | None, reason: str | None
    ) -> None:
        """Block a member, and say what it came to."""
        guild_id = await self._moderators.require(interaction)
        end = await self.endings.read(guild_id, until)
        work = self._moderating.block(
            guild_id, user_id, by=UserId(interaction.user.id), until=end, reason=reason,
            key=str(interaction.id),
        )  # fmt: skip
        made = await patiently(interaction, work, private=True)
        if made is not None:
            await show(interaction, note_view(blocked_sentence(made, self.texts(interaction))))

    async def unblock(self, interaction: Interaction, user_id: UserId | None) -> None:
        """Lift a member's block; without a member, list who is blocked."""
        guild_id = await self._moderators.require(interaction)
        if user_id is None:
            work = self._moderating.blocked(guild_id, SHOWN_BLOCKS + 1)
            found = await patiently(interaction, work, private=True)
            await show(interaction, blocks_view(found, self.texts(interaction)))
            return
        lifting = self._moderating.unblock(
            guild_id, user_id, by=UserId(interaction.user.id), key=str(interaction.id)
        )
        if await patiently(interaction, lifting, private=True) is not None:
            sentence = self.texts(interaction).gettext(
                "{member} can make pictures again.", member=f"<@{user_id}>"
            )
            await show(interaction, note_view(sentence))

    async def words(
        self, interaction: Interaction, action: WordsAction | None, phrase: str | None
    ) -> None:
        """List the forbidden phrases, change them, or try a text."""
        guild_id = await self._moderators.require(interaction)
        texts = self.texts(interaction)
        if phrase is None:
            if action is not None:
                raise PhraseMissingError
            found = await patiently(interaction, self._moderating.phrases(guild_id), private=True)
            await show(interaction, words_view(found, texts))
            return
        if action is WordsAction.ADD or action is WordsAction.REMOVE:
            await self._change_words(interaction, guild_id, action, phrase)
            return
        work = self._moderating.refusing(guild_id, phrase)
        refused_for = await patiently(interaction, work, private=True)
        await show(interaction, note_view(_tested(phrase, refused_for, texts)))

    async def _change_words(
        self, interaction: Interaction, guild_id: GuildId, action: WordsAction, phrase: str
    ) -> None:
        by, key, texts = UserId(interaction.user.id), str(interaction.id), self.texts(interaction)
        if action is WordsAction.ADD:
            work = self._moderating.add_phrase(guild_id, phrase, by=by, key=key)
        else:
            work = self._moderating.remove_phrase(guild_id, phrase, by=by, key=key)
        done = await patiently(interaction, work, private=True)
        if done is None:
            return  # Discord sent this interaction twice
        shown = quoted(done.text)
        if action is WordsAction.ADD:
            sentence = texts.gettext('Prompts with "{phrase}" are refused now.', phrase=shown)
        else:
            sentence = texts.gettext('"{phrase}" is allowed again.', phrase=shown)
        await show(interaction, note_view(sentence))

    async def audit(
        self, interaction: Interaction, actor_id: UserId | None, action: str | None
    ) -> None:
        """The newest actions, of one moderator or of one kind where that is wanted."""
        guild_id = await self._moderators.require(interaction)
        sought = Sought(actor_id=actor_id, action=action)
        work = self._log.page(guild_id, sought, limit=PAGE)
        page = await patiently(interaction, work, private=True)
        await show(interaction, audit_view(page, sought, self.texts(interaction)))

    async def actions(self, interaction: Interaction, typed: str) -> list[tuple[str, str]]:
        """Kinds of actions that were taken here, each with its name, for suggestions."""
        if interaction.guild_id is None or not await self._moderators.includes(interaction):
            return []
        texts = self.texts(interaction)
        known = await self._log.actions(GuildId(interaction.guild_id))
        named = [(action_name(action, texts), action) for action in known]
        wanted = typed.strip().casefold()
        return [
            (name[:100], action)
            for name, action in named
            if wanted in name.casefold() or wanted in action
        ][:_SUGGESTED]

    async def perform(self, interaction: Interaction, action: str, subject: str) -> None:
        """A button. Ids of controls that are gone are ignored."""
        guild_id = await self._moderators.require(interaction)
        match action:
            case "unblock" if subject.isdecimal():
                await self._lift(interaction, guild_id, UserId(int(subject)))
            case "older" | "newer":
                await self._turn(interaction, guild_id, subject, newer=action == "newer")

    async def _lift(self, interaction: Interaction, guild_id: GuildId, user_id: UserId) -> None:
        await self._moderating.unblock(
            guild_id, user_id, by=UserId(interaction.user.id), key=str(interaction.id)
        )
        found = await self._moderating.blocked(guild_id, SHOWN_BLOCKS + 1)
        await replace(interaction, blocks_view(found, self.texts(interaction)))

    async def _turn(
        self, interaction: Interaction, guild_id: GuildId, subject: str, *, newer: bool
    ) -> None:
        wanted = read_subject(subject)
        if wanted is None:
            return
        entry_id, actor_id, beginning = wanted
        action = None
        if beginning:
            known = await self._log.actions(guild_id)
            action = next((one for one in known if one.startswith(beginning)), beginning)
        sought = Sought(actor_id=actor_id, action=action)
        than = await self._log.mark(guild_id, entry_id)
        page = await self._log.page(guild_id, sought, than=than, newer=newer, limit=PAGE)
        await replace(interaction, audit_view(page, sought, self.texts(interaction)))

    def texts(self, interaction: Interaction) -> Texts:
        """The member's language."""
        return self._catalogues.of(str(interaction.locale))


def _tested(phrase: str, refused_for: str | None, texts: Texts) -> str:
    """Whether a text would be refused, and what it would be as a phrase of its own."""
    shown = quoted(phrase)
    if refused_for is not None:
        return texts.gettext(
            '"{phrase}" would be refused: "{word}" is forbidden.',
            phrase=shown,
            word=quoted(refused_for),
        )
    passes = texts.gettext('"{phrase}" would pass: no forbidden phrase is in it.', phrase=shown)
    spelled = " ".join(phrase.strip("* "))
    if first_found([phrase], spelled) is None:
        return passes
    return (
        passes
        + "\n-# "
        + texts.gettext(
            'Forbidden itself, it would also be found as "{spelled}".', spelled=quoted(spelled)
        )
    )
