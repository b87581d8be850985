"""The settings of a server in words: what each is called, and what is chosen."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, assert_never

from bot.chat.text import cut, quoted
from bot.chat.translate import Texts
from bot.domain.guild_settings import AgeRule, GuildSettings
from bot.domain.periods import Refill
from bot.service.moderators.server_settings import Overview

NATIVE: Final = {"en": "English", "ja": "日本語"}
"""The languages that can be chosen, each in itself."""
_NAMES: Final = 300
FROM_NEXT_REFILL: Final = frozenset({"allowance", "refill", "time_zone"})
"""What members notice only when their allowance is refilled."""

_Shown = Callable[[Overview, Texts], str]


def label(field: str, texts: Texts) -> str:
    """What a setting is called."""
    return {
        "language": texts.gettext("Language"),
        "time_zone": texts.gettext("Time zone"),
        "log_channel": texts.gettext("Log channel"),
        "showcase_channel": texts.gettext("Showcase channel"),
        "moderator_role": texts.gettext("Moderator role"),
        "channels": texts.gettext("Channels for pictures"),
        "roles": texts.gettext("Roles that may make pictures"),
        "age_rule": texts.gettext("Age restriction"),
        "allowance": texts.gettext("Allowance"),
        "refill": texts.gettext("Refill"),
        "cap": texts.gettext("Server's monthly limit"),
        "running_in_server": texts.gettext("At the same time in the server"),
        "running_per_member": texts.gettext("At the same time per member"),
        "waiting_per_member": texts.gettext("Waiting per member"),
        "mention_after_s": texts.gettext("Mention when ready"),
        "failed_cards_vanish_after_s": texts.gettext("Failed requests disappear"),
        "styles": texts.gettext("Styles"),
    }[field]


def shown(field: str, seen: Overview, texts: Texts) -> str:
    """What is chosen for it, safe to show."""
    return _SHOWN[field](seen, texts)


def refill(period: Refill, texts: Texts) -> str:
    """How often an allowance is refilled."""
    match period:
        case Refill.DAY:
            return texts.gettext("every day")
        case Refill.WEEK:
            return texts.gettext("every week")
        case Refill.MONTH:
            return texts.gettext("every month")
        case Refill.UNLIMITED:
            return texts.gettext("without limit")
        case _:
            assert_never(period)


def age_rule(rule: AgeRule, texts: Texts) -> str:
    """In which channels pictures are made."""
    match rule:
        case AgeRule.ANYWHERE:
            return texts.gettext("in every channel")
        case AgeRule.ONLY_RESTRICTED:
            return texts.gettext("only in age-restricted channels")
        case AgeRule.NEVER_RESTRICTED:
            return texts.gettext("never in age-restricted channels")
        case _:
            assert_never(rule)


def mention_after(seconds: int | None, texts: Texts) -> str:
    """When a member is called back to a picture."""
    if seconds is None:
        return texts.gettext("never")
    if seconds == 0:
        return texts.gettext("always")
    return texts.gettext("after more than {time}", time=span(seconds, texts))


def vanish_after(seconds: int | None, texts: Texts) -> str:
    """When the message of a failed request is removed."""
    if seconds is None:
        return texts.gettext("never")
    if seconds == 0:
        return texts.gettext("at once")
    return texts.gettext("after {time}", time=span(seconds, texts))


def span(seconds: int, texts: Texts) -> str:
    """A span of time in its largest whole unit: ``2 min``, ``1 h``, ``1 d``."""
    if seconds >= 86_400 and seconds % 86_400 == 0:
        return texts.gettext("{days} d", days=seconds // 86_400)
    if seconds >= 3_600 and seconds % 3_600 == 0:
        return texts.gettext("{hours} h", hours=seconds // 3_600)
    if seconds >= 60 and seconds % 60 == 0:
        return texts.gettext("{minutes} min", minutes=seconds // 60)
    return texts.gettext("{seconds} s", seconds=seconds)


def language(code: str | None, texts: Texts) -> str:
    """A language by its own name."""
    return texts.gettext("automatic") if code is None else NATIVE.get(code, quoted(code))


def cap(seen: Overview, texts: Texts) -> str:
    """The monthly limit that holds, and the operator's bound above it."""
    return texts.gettext(
        "{cap} a month (the bot's operator allows at most {bound})",
        cap=texts.priced(seen.cap),
        bound=texts.credits(seen.bound),
    )


def allowance(chosen: GuildSettings, texts: Texts) -> str:
    """What each member gets, and how often."""
    if chosen.refill is Refill.UNLIMITED:
        return texts.gettext("without limit")
    return texts.gettext(
        "{amount} for each member, {period}",
        amount=texts.priced(chosen.allowance),
        period=refill(chosen.refill, texts),
    )


def _listed(ids: Sequence[int], mark: str, none: str) -> str:
    return ", ".join(f"<{mark}{one}>" for one in ids) or none


def _place(channel_id: int | None, texts: Texts) -> str:
    return texts.gettext("none") if channel_id is None else f"<#{channel_id}>"


def _role(role_id: int | None, texts: Texts) -> str:
    return texts.gettext("none") if role_id is None else f"<@&{role_id}>"


def _running(number: int | None, texts: Texts) -> str:
    return texts.gettext("as many as the bot can") if number is None else texts.number(number)


_SHOWN: Final[Mapping[str, _Shown]] = {
    "language": lambda seen, texts: language(seen.chosen.language, texts),
    "time_zone": lambda seen, _texts: quoted(seen.chosen.time_zone),
    "log_channel": lambda seen, texts: _place(seen.chosen.log_channel, texts),
    "showcase_channel": lambda seen, texts: _place(seen.chosen.showcase_channel, texts),
    "moderator_role": lambda seen, texts: _role(seen.chosen.moderator_role, texts),
    "channels": lambda seen, texts: _listed(seen.chosen.channels, "#", texts.gettext("everywhere")),
    "roles": lambda seen, texts: _listed(seen.chosen.roles, "@&", texts.gettext("everybody")),
    "age_rule": lambda seen, texts: age_rule(seen.chosen.age_rule, texts),
    "allowance": lambda seen, texts: allowance(seen.chosen, texts),
    "refill": lambda seen, texts: refill(seen.chosen.refill, texts),
    "cap": cap,
    "running_in_server": lambda seen, texts: _running(seen.chosen.running_in_server, texts),
    "running_per_member": lambda seen, texts: texts.number(seen.chosen.running_per_member),
    "waiting_per_member": lambda seen, texts: texts.number(seen.chosen.waiting_per_member),
    "mention_after_s": lambda seen, texts: mention_after(seen.chosen.mention_after_s, texts),
    "failed_cards_vanish_after_s": lambda seen, texts: vanish_after(
        seen.chosen.failed_cards_vanish_after_s, texts
    ),
    "styles": lambda seen, texts: (
        cut(", ".join(quoted(name) for name in seen.chosen.styles), _NAMES) or texts.gettext("none")
    ),
}
