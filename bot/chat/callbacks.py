"""Reads Discord's answers to answers: it may send none at all."""

from typing import TYPE_CHECKING, Any

from discord.webhook.async_ import AsyncWebhookAdapter, async_context

if TYPE_CHECKING:
    from discord.types.interactions import InteractionCallback


class _Adapter(AsyncWebhookAdapter):
    """discord.py 2.7.1 asks Discord to describe what an answer to an interaction has become, and
    breaks where the description is missing (204, Discord's own default)."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]

    async def create_interaction_response(
        self, interaction_id: int, token: str, **options: Any
    ) -> "InteractionCallback":
        """The description; without one, as little as is certain: the message's id is unknown."""
        told: InteractionCallback | str = await super().create_interaction_response(
            interaction_id, token, **options
        )
        if isinstance(told, str):  # the empty body
            return {"interaction": {"id": interaction_id, "type": 2}}
        return told


def read_callbacks() -> None:
    """Let this task, and those that it begins, take an answer without a description."""
    async_context.set(_Adapter())
