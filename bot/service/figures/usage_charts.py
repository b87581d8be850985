"""A server's or a member's usage as a chart in words, for Discord and for the dashboard alike."""

from calendar import monthrange
from datetime import tzinfo
from typing import Final, Protocol

from babel.dates import format_skeleton

from bot.domain.ids import Millis
from bot.domain.periods import to_datetime
from bot.domain.usage_window import Window
from bot.images.charts import MOST_LAYERS, Bar, Layer, Line, StackedBars
from bot.service.figures.usage import Bucket, MemberUsage, ModelUsage, Overview

_NAMED: Final = MOST_LAYERS - 1
"""With more models than colours, the last colour stands for all the others."""


class Words(Protocol):
    """Sentences and numbers in one language (``bot.chat.translate``)."""

    @property
    def language(self) -> str: ...

    def gettext(self, message: str, /, **values: str | int) -> str: ...

    def credits(self, amount: int) -> str: ...

    def priced(self, amount: int) -> str: ...

    def pictures(self, count: int) -> str: ...


def overview_chart(overview: Overview, words: Words) -> StackedBars:
    """Credits by model for each day, or each hour of today."""
    layers, stacks = _stacked(overview.models, overview.buckets, words)
    figures = overview.figures
    title = (
        words.gettext("Credits per hour, by model")
        if overview.by_hour
        else words.gettext("Credits per day, by model")
    )
    span = _span(overview.window, words)
    subtitle = words.gettext(
        "{span} · {pictures} · {price}",
        span=span,
        pictures=words.pictures(figures.pictures),
        price=words.priced(figures.charged),
    )
    return StackedBars(
        title=title,
        subtitle=subtitle,
        description=f"{title}: {subtitle}",
        layers=layers,
        bars=tuple(
            Bar(_place(bucket.start, overview.zone, words, by_hour=overview.by_hour), parts)
            for bucket, parts in zip(overview.buckets, stacks, strict=True)
        ),
        empty=words.gettext("No pictures yet"),
        line=_line(overview, words),
    )


def member_chart(usage: MemberUsage, words: Words) -> StackedBars:
    """One member's credits for each day."""
    title = words.gettext("Credits per day")
    subtitle = words.gettext(
        "{span} · {pictures} · {price}",
        span=_span(usage.window, words),
        pictures=words.pictures(usage.figures.pictures),
        price=words.priced(usage.figures.charged),
    )
    return StackedBars(
        title=title,
        subtitle=subtitle,
        description=f"{title}: {subtitle}",
        layers=(Layer(title, words.priced(usage.figures.charged)),),
        bars=tuple(
            Bar(_place(one.start, usage.zone, words, by_hour=False), (one.figures.charged,))
            for one in usage.buckets
        ),
        empty=words.gettext("No pictures yet"),
    )


def short_date(moment: Millis, zone: tzinfo, words: Words) -> str:
    """A day as it is written in the reader's language: ``Nov 24``, ``11月24日``."""
    return format_skeleton("MMMd", to_datetime(moment, zone), locale=words.language)


def _stacked(
    models: tuple[ModelUsage, ...], buckets: tuple[Bucket, ...], words: Words
) -> tuple[tuple[Layer, ...], list[tuple[int, ...]]]:
    """The colours, and each bar's amounts for them; nothing of any model is left out."""
    named = models if len(models) <= MOST_LAYERS else models[:_NAMED]
    rest = models[len(named) :]
    layers = [Layer(one.label, words.priced(one.figures.charged)) for one in named]
    if rest:
        total = sum(one.figures.charged for one in rest)
        layers.append(Layer(words.gettext("Other models"), words.priced(total)))
    stacks: list[tuple[int, ...]] = []
    for bucket in buckets:
        parts: list[int] = [one.charged for one in bucket.by_model[: len(named)]]
        if rest:
            parts.append(sum(one.charged for one in bucket.by_model[len(named) :]))
        stacks.append(tuple(parts))
    return tuple(layers), stacks


def _line(overview: Overview, words: Words) -> Line | None:
    """What a day may cost if the cap is to last the month."""
    if overview.cap is None or overview.by_hour:
        return None
    today = overview.window.last
    share = overview.cap // monthrange(today.year, today.month)[1]
    return Line(words.gettext("a day's share of the monthly limit"), share)


def _span(seen: Window, words: Words) -> str:
    first, last = (
        format_skeleton("MMMd", day, locale=words.language) for day in (seen.first, seen.last)
    )
    if seen.first == seen.last:
        return last
    return words.gettext("{first} – {last}", first=first, last=last)


def _place(moment: Millis, zone: tzinfo, words: Words, *, by_hour: bool) -> str:
    if by_hour:
        return words.gettext("{hour}:00", hour=to_datetime(moment, zone).hour)
    return short_date(moment, zone, words)
