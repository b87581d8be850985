"""The sandbox's CDN: files under signed links that expire a day later."""

from __future__ import annotations

import hashlib
import hmac
import io
import warnings
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

from aiohttp import web
from PIL import Image

from sandbox.clock import Clock
from sandbox.discord.model import Attachment, Json, Snowflake
from sandbox.discord.world import World

LINK_LIFE_SECONDS = 24 * 3600


class Cdn:
    """Signs links, checks them, and serves the files."""

    def __init__(self, world: World, clock: Clock, secret: bytes) -> None:
        self._world = world
        self._clock = clock
        self._secret = secret
        self.origin = ""

    def url(self, attachment: Attachment) -> str:
        """A fresh link."""
        issued = self._clock.now_ms() // 1000
        path = self._path(attachment)
        signature = {"ex": f"{issued + LINK_LIFE_SECONDS:x}", "is": f"{issued:x}"}
        return f"{self.origin}{path}?{urlencode(signature)}&hm={self._sign(path, **signature)}&"

    def find(self, url: str) -> Attachment | None:
        """The file that a link (even an expired one) leads to.

        None if it is not one of this CDN.
        """
        parts = urlsplit(url)
        steps = parts.path.split("/")
        is_ours = f"{parts.scheme}://{parts.netloc}" == self.origin
        if not is_ours or len(steps) != 5 or not steps[3].isdecimal():
            return None
        if steps[1] not in ("attachments", "ephemeral-attachments"):
            return None
        return self._world.attachment(Snowflake(int(steps[3])))

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """``GET /attachments/…``: the file, or 404 once the link has expired or the message is
        gone.
        """
        attachment = self.find(f"{self.origin}{request.rel_url}")
        if attachment is None or not self.valid(str(request.rel_url)):
            return web.Response(status=404, text="This content is no longer available.")
        return web.Response(
            body=attachment.data,
            content_type=attachment.content_type.split(";")[0],
            headers={
                "Content-Disposition": f"attachment; filename*=UTF-8''{quote(attachment.filename)}",
                "Cache-Control": "public, max-age=31536000",
                "X-Content-Type-Options": "nosniff",
            },
        )

    def valid(self, url: str) -> bool:
        """Whether the link's signature is good and its time not over."""
        parts = urlsplit(url)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        if not {"ex", "is", "hm"} <= query.keys():
            return False
        good = self._sign(quote(unquote(parts.path)), ex=query["ex"], **{"is": query["is"]})
        if not hmac.compare_digest(good, query["hm"]):
            return False
        return self._clock.now_ms() // 1000 <= int(query["ex"], 16)

    def _path(self, attachment: Attachment) -> str:
        folder = "ephemeral-attachments" if attachment.ephemeral else "attachments"
        return f"/{folder}/{attachment.channel_id}/{attachment.id}/{quote(attachment.filename)}"

    def _sign(self, path: str, **fields: str) -> str:
        text = "|".join([path, fields["ex"], fields["is"]])
        return hmac.new(self._secret, text.encode(), hashlib.sha256).hexdigest()

    def attachment(self, attachment: Attachment) -> Json:
        """The file as messages and interactions describe it."""
        url = self.url(attachment)
        payload: Json = {
            "id": str(attachment.id),
            "filename": attachment.filename,
            "size": attachment.size,
            "url": url,
            "proxy_url": url,
            "content_type": attachment.content_type,
            "content_scan_version": 0,
        }
        if attachment.width is not None:
            payload |= {"width": attachment.width, "height": attachment.height}
        if attachment.description is not None:
            payload["description"] = attachment.description
        if attachment.ephemeral:
            payload["ephemeral"] = True
        return payload


def picture_size(data: bytes) -> tuple[int, int] | None:
    """Width and height if the bytes are a picture that Pillow knows; only the header is read."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data)) as picture:
                return picture.size
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
