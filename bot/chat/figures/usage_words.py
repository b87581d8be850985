"""Usage in sentences: figures, changes, reasons, forecasts."""

from decimal import Decimal
from typing import assert_never

from bot.chat.text import quoted
from bot.chat.translate import Texts, moment
from bot.domain.stages import Failure, JobOutcome, JobStage
from bot.domain.usage_window import UsagePeriod
from bot.service.figures.usage import Block, Figures, Grant, MemberUsage, Overview, PastJob
from bot.service.figures.usage_charts import short_date

_REASON_COLUMNS = 60


def period_name(period: UsagePeriod, texts: Texts) -> str:
    """Such as ``past 30 days``."""
    match period:
        case UsagePeriod.TODAY:
            return texts.gettext("today")
        case UsagePeriod.DAYS_7:
            return texts.gettext("past 7 days")
        case UsagePeriod.DAYS_30:
            return texts.gettext("past 30 days")
        case UsagePeriod.DAYS_90:
            return texts.gettext("past 90 days")
        case UsagePeriod.MONTH:
            return texts.gettext("this month")
        case _:
            assert_never(period)


def empty(period: UsagePeriod, texts: Texts) -> str:
    """What stands where there are no figures yet, and how to get some."""
    imagine = texts.command("imagine")
    match period:
        case UsagePeriod.TODAY:
            return texts.gettext(
                "No pictures yet today. Invite members with {imagine}.", imagine=imagine
            )
        case UsagePeriod.DAYS_7:
            return texts.gettext(
                "No pictures yet this week. Invite members with {imagine}.", imagine=imagine
            )
        case UsagePeriod.MONTH:
            return texts.gettext(
                "No pictures yet this month. Invite members with {imagine}.", imagine=imagine
            )
        case UsagePeriod.DAYS_30 | UsagePeriod.DAYS_90:
            return texts.gettext(
                "No pictures in this time. Invite members with {imagine}.", imagine=imagine
            )
        case _:
            assert_never(period)


def refunded(usage: Overview | MemberUsage, texts: Texts) -> list[str]:
    """A line about what moderators gave back, where there is anything."""
    if not usage.refunded:
        return []
    amount = texts.priced(usage.refunded)
    return [texts.gettext("Given back by moderators: {amount}", amount=amount)]


def failure(why: Failure, texts: Texts) -> str:  # noqa: PLR0911 - one for each reason
    """Why there is no picture, for a moderator."""
    match why:
        case Failure.DECLINED:
            return texts.gettext("declined by the image service")
        case Failure.REJECTED:
            return texts.gettext("refused by the image service")
        case Failure.WORDS:
            return texts.gettext("words instead of a picture")
        case Failure.EMPTY:
            return texts.gettext("nothing came back")
        case Failure.UNFETCHABLE:
            return texts.gettext("the picture could not be fetched")
        case Failure.REFERENCE:
            return texts.gettext("a reference picture could not be used")
        case Failure.UNAVAILABLE:
            return texts.gettext("the image service did not work")
        case Failure.DEADLINE:
            return texts.gettext("no picture within 10 minutes")
        case Failure.LOST:
            return texts.gettext("contact was lost, fate unknown")
        case _:
            assert_never(why)


def figure(label: str, value: str, change: str | None, texts: Texts) -> str:
    """One figure on a line, with its change against the period before."""
    if change is None:
        return texts.gettext("**{value}** {label}", value=value, label=label)
    return texts.gettext("**{value}** {label} ({change})", value=value, label=label, change=change)


def change(now: int, before: int, texts: Texts) -> str | None:
    """``+12 %``; None where there was nothing before to compare with."""
    if before <= 0:
        return None
    percent = round((now - before) * 100 / before)
    sign = "+" if percent > 0 else "−" if percent < 0 else "±"
    return texts.gettext("{sign}{number} %", sign=sign, number=texts.number(abs(percent)))


def failed_share(figures: Figures, texts: Texts) -> str:
    """Which part of the ended tasks brought no picture, to a tenth of a percent."""
    share = Decimal(figures.failed * 1000 // max(1, figures.tasks)) / 10
    return texts.gettext("{sign}{number} %", sign="", number=texts.number(share))


def month(overview: Overview, texts: Texts) -> list[str]:
    """What the month has used of the cap, and how it will go on."""
    committed, held = texts.priced(overview.committed), overview.now.held
    if overview.cap is None:
        lines = [texts.gettext("This month: {amount}", amount=committed)]
    else:
        lines = [
            texts.gettext(
                "This month: {amount} of {cap}",
                amount=texts.credits(overview.committed),
                cap=texts.priced(overview.cap),
            )
        ]
    if held:
        lines.append(texts.gettext("of which {amount} held", amount=texts.priced(held)))
    return [texts.listed(*lines), *_forecast(overview, texts)]


def _forecast(overview: Overview, texts: Texts) -> list[str]:
    if overview.cap is not None and overview.committed >= overview.cap:
        return [texts.gettext("The limit is reached.")]
    if overview.forecast is None:
        return []
    if overview.forecast.reached_at is not None:
        day = short_date(overview.forecast.reached_at, overview.zone, texts)
        return [texts.gettext("The limit is reached about {day} at this pace.", day=day)]
    total = texts.priced(_rounded(overview.forecast.total))
    return [texts.gettext("About {amount} by the end of the month at this pace.", amount=total)]


def _rounded(amount: int) -> int:
    """A forecast to a tenth of a credit: more would pretend to know more."""
    return round(amount / 100_000) * 100_000


def block(found: Block, texts: Texts) -> str:
    """That the member may make no pictures, until when and why."""
    reason = quoted(found.reason, _REASON_COLUMNS) if found.reason else None
    if found.until is None:
        sentence = texts.gettext("Blocked by {member}", member=texts.person(found.by))
    else:
        sentence = texts.gettext(
            "Blocked until {until} by {member}",
            until=moment(found.until, "f"),
            member=texts.person(found.by),
        )
    return texts.listed(sentence, reason)


def grant(found: Grant, texts: Texts) -> str:
    """A movement of extra credits on one line."""
    sign = "+" if found.amount > 0 else "−"
    note = quoted(found.note, _REASON_COLUMNS) if found.note else None
    return texts.listed(moment(found.at, "d"), f"{sign}{texts.credits(abs(found.amount))}", note)


def job_state(job: PastJob, texts: Texts) -> str:
    """Where a job stands, in a word or two."""
    if job.stage in {JobStage.ACCEPTED, JobStage.QUEUED}:
        return texts.gettext("waiting")
    if job.stage is JobStage.RUNNING:
        return texts.gettext("painting")
    match job.outcome:
        case JobOutcome.PICTURES:
            return texts.pictures(job.made)
        case JobOutcome.PARTLY:
            return texts.gettext("{made} of {count} ready", made=job.made, count=job.count)
        case JobOutcome.FAILED:
            return texts.gettext("failed")
        case JobOutcome.CANCELLED | JobOutcome.DISCARDED | None:
            return texts.gettext("cancelled")
        case _:
            assert_never(job.outcome)
