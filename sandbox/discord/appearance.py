"""How messages look on the wire, to whom."""

from __future__ import annotations

from sandbox.clock import iso
from sandbox.discord import components, payloads
from sandbox.discord.cdn import Cdn
from sandbox.discord.components import Kind
from sandbox.discord.model import Attachment, Json, Message, Origin, Snowflake, User
from sandbox.discord.world import World

ATTACHMENT_SCHEME = "attachment://"


class Appearance:
    """Turns stored messages into Discord's JSON, with links signed at that moment."""

    def __init__(self, world: World, cdn: Cdn) -> None:
        self._world = world
        self._cdn = cdn

    def message(self, message: Message, *, with_reference: bool = True) -> Json:
        """The message as its author, or anybody with the content intent, sees it."""
        shown = shown_attachments(self._cdn, message)
        payload: Json = {
            "id": str(message.id),
            "channel_id": str(message.channel_id),
            "type": message.type,
            "content": message.content,
            "author": self._author(message),
            "timestamp": iso(message.created_at),
            "edited_timestamp": iso(message.edited_at) if message.edited_at else None,
            "tts": message.tts,
            "pinned": message.pinned,
            "flags": message.flags,
            "mention_everyone": message.mention_everyone,
            "mentions": [payloads.user(self._world.users[u]) for u in message.mentions],
            "mention_roles": [str(role) for role in message.mention_roles],
            "embeds": [self._embed(message, embed) for embed in message.embeds],
            "components": [self._component(message, part) for part in message.components],
            "attachments": [
                self._cdn.attachment(a) for a in message.attachments if a.id not in shown
            ],
        }
        if message.nonce is not None:
            payload["nonce"] = message.nonce
        if message.reactions:
            payload["reactions"] = self.reactions(message)
        if message.webhook_id is not None:
            payload["webhook_id"] = str(message.webhook_id)
        if message.application_id is not None:
            payload["application_id"] = str(message.application_id)
        if message.origin is not None:
            payload |= self._origin(message.origin)
        if message.snapshots:
            payload["message_snapshots"] = [self._snapshot(message, s) for s in message.snapshots]
        if message.reference is not None:
            payload |= self._reference(message, with_reference=with_reference)
        return payload

    def event(self, message: Message, *, with_content: bool) -> Json:
        """The message as MESSAGE_CREATE and MESSAGE_UPDATE carry it, blanked without the content
        intent.
        """
        payload = self.visible(message, with_content=with_content)
        if message.guild_id is not None:
            payload["guild_id"] = str(message.guild_id)
            guild = self._world.guilds[message.guild_id]
            author = guild.members.get(message.author_id)
            if author is not None and (message.webhook_id is None or message.application_id):
                payload["member"] = payloads.member(self._world, author, with_user=False)
            for mention in payload["mentions"]:
                if (member := guild.members.get(Snowflake(int(mention["id"])))) is not None:
                    mention["member"] = payloads.member(self._world, member, with_user=False)
        return payload

    def visible(self, message: Message, *, with_content: bool) -> Json:
        """The message as the bot may read it."""
        payload = self.message(message)
        if not with_content and not self._readable(message):
            _blank(payload)
        referenced = payload.get("referenced_message")
        if referenced and not with_content:
            original = self._world.messages[Snowflake(int(referenced["id"]))]
            if not self._readable(original):
                _blank(referenced)
        return payload

    def reactions(self, message: Message) -> list[Json]:
        return [
            {
                "emoji": {"id": r.emoji_id, "name": r.emoji_name},
                "count": len(r.user_ids),
                "count_details": {"burst": 0, "normal": len(r.user_ids)},
                "me": self._world.bot_id in r.user_ids,
                "me_burst": False,
                "burst_colors": [],
            }
            for r in message.reactions
        ]

    def _readable(self, message: Message) -> bool:
        """Discord's exceptions from the content intent: own messages, DMs, messages that mention
        the bot.
        """
        bot = self._world.bot_id
        return message.guild_id is None or message.author_id == bot or bot in message.mentions

    def _author(self, message: Message) -> Json:
        if message.webhook_name is not None and message.webhook_id is not None:
            hook = User(message.webhook_id, message.webhook_name, message.webhook_name, bot=True)
            return payloads.user(hook) | {"username": hook.name, "discriminator": "0000"}
        return payloads.user(self._world.users[message.author_id])

    def _reference(self, message: Message, *, with_reference: bool) -> Json:
        reference = message.reference
        if reference is None:
            return {}
        wire: Json = {
            "type": reference.kind,
            "message_id": str(reference.message_id),
            "channel_id": str(reference.channel_id),
        }
        if reference.guild_id is not None:
            wire["guild_id"] = str(reference.guild_id)
        payload: Json = {"message_reference": wire}
        if reference.kind == 0 and with_reference:
            original = self._world.messages.get(reference.message_id)
            payload["referenced_message"] = (
                None if original is None else self.message(original, with_reference=False)
            )
        return payload

    def _origin(self, origin: Origin) -> Json:
        user = payloads.user(self._world.users[origin.user_id])
        metadata: Json = {
            "id": str(origin.interaction_id),
            "type": origin.interaction_type,
            "user": user,
            "authorizing_integration_owners": origin.owners,
        }
        if origin.clicked_message_id is not None:
            metadata["interacted_message_id"] = str(origin.clicked_message_id)
        payload: Json = {"interaction_metadata": metadata}
        if origin.command_name is not None:
            metadata["name"] = origin.command_name
            if not origin.is_followup:
                payload["interaction"] = {
                    "id": str(origin.interaction_id),
                    "type": origin.interaction_type,
                    "name": origin.command_name,
                    "user": user,
                }
        return payload

    def _snapshot(self, message: Message, snapshot: Json) -> Json:
        """A forwarded copy.

        Its files hang on the forwarding message, so their links are signed afresh.
        """
        copies = [self._cdn.attachment(a) for a in message.attachments]
        return {"message": snapshot | {"attachments": copies}}

    def _embed(self, message: Message, embed: Json) -> Json:
        shown = dict(embed)
        shown.setdefault("type", "rich")
        shown["content_scan_version"] = 0
        for key in ("image", "thumbnail", "video"):
            if isinstance(item := embed.get(key), dict) and item.get("url"):
                shown[key] = self._media(message, str(item["url"]))
        for key in ("author", "footer"):
            if isinstance(item := embed.get(key), dict) and item.get("icon_url"):
                media = self._media(message, str(item["icon_url"]))
                shown[key] = item | {"icon_url": media["url"], "proxy_icon_url": media["proxy_url"]}
        return shown

    def _component(self, message: Message, component: Json) -> Json:
        copy: Json = components.copied(component)
        for _, part in components.walk([copy]):
            for _, holder, key in components.media_of(part):
                url = str(holder[key]["url"])
                holder[key] = self._media(message, url)
                attachment = attachment_named(self._cdn, message, url)
                if part["type"] == Kind.FILE and attachment is not None:
                    part |= {"name": attachment.filename, "size": attachment.size}
        return copy

    def _media(self, message: Message, url: str) -> Json:
        """An unfurled media item: the attachment's signed link, or the outside address as it is."""
        attachment = attachment_named(self._cdn, message, url)
        if attachment is None:
            return {"url": url, "proxy_url": url, "width": 0, "height": 0, "flags": 0}
        link = self._cdn.url(attachment)
        return {
            "id": str(attachment.id),
            "url": link,
            "proxy_url": link,
            "width": attachment.width,
            "height": attachment.height,
            "content_type": attachment.content_type,
            "attachment_id": str(attachment.id),
            "loading_state": 2,
            "flags": 0,
        }


def attachment_named(cdn: Cdn, message: Message, url: str) -> Attachment | None:
    """The message's file that ``attachment://name`` or a link of the CDN stands for."""
    if url.startswith(ATTACHMENT_SCHEME):
        name = url.removeprefix(ATTACHMENT_SCHEME)
        return next((a for a in message.attachments if a.filename == name), None)
    found = cdn.find(url)
    return next((a for a in message.attachments if found is not None and a.id == found.id), None)


def shown_attachments(cdn: Cdn, message: Message) -> set[Snowflake]:
    """The files that embeds or components show; Discord leaves them out of ``attachments``."""
    urls = [
        str(holder[key].get("url", ""))
        for _, part in components.walk(message.components)
        for _, holder, key in components.media_of(part)
    ]
    for embed in message.embeds:
        urls += [str((embed.get(k) or {}).get("url", "")) for k in ("image", "thumbnail", "video")]
        urls += [str((embed.get(k) or {}).get("icon_url", "")) for k in ("author", "footer")]
    found = [attachment_named(cdn, message, url) for url in urls if url]
    return {attachment.id for attachment in found if attachment is not None}


def _blank(payload: Json) -> None:
    payload |= {"content": "", "embeds": [], "attachments": [], "components": []}
    payload.pop("poll", None)
    if "message_snapshots" in payload:
        payload["message_snapshots"] = [
            {
                "message": s["message"]
                | {"content": "", "embeds": [], "attachments": [], "components": []}
            }
            for s in payload["message_snapshots"]
        ]
