"""Whether a server makes pictures for this member in this place, before anything is held."""

from dataclasses import replace
from typing import assert_never

from bot.domain.guild_settings import AgeRule, GuildSettings
from bot.domain.request import GenerationRequest, Place
from bot.errors import (
    ChannelNotAllowedError,
    NeverRestrictedError,
    OnlyRestrictedError,
    RoleNotAllowedError,
)


def admit(place: Place, settings: GuildSettings) -> None:
    """Let a request pass that its server allows. Direct messages have no such rules.

    A thread counts as the channel that it hangs in.

    Raises:
        ChannelNotAllowedError, OnlyRestrictedError, NeverRestrictedError, RoleNotAllowedError:
            it is refused, and nothing was kept.
    """
    if place.guild_id is None:
        return
    here = {place.channel_id, place.parent_channel_id}
    if settings.channels and here.isdisjoint(settings.channels):
        raise ChannelNotAllowedError(ch=settings.channels)
    _check_age(settings.age_rule, restricted=place.age_restricted)
    if settings.roles and set(settings.roles).isdisjoint(place.roles):
        raise RoleNotAllowedError(allowed=settings.roles)


def _check_age(rule: AgeRule, *, restricted: bool) -> None:
    match rule:
        case AgeRule.ANYWHERE:
            return
        case AgeRule.ONLY_RESTRICTED:
            if not restricted:
                raise OnlyRestrictedError
        case AgeRule.NEVER_RESTRICTED:
            if restricted:
                raise NeverRestrictedError
        case _:
            assert_never(rule)


def in_public_language(request: GenerationRequest, settings: GuildSettings) -> GenerationRequest:
    """The request with the language that everybody in its server reads, once one was chosen."""
    if settings.language is None:
        return request
    return replace(request, place=replace(request.place, public_locale=settings.language))
