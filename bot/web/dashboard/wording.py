"""How states, failures and actions are called."""

from typing import assert_never

from bot.domain.guild_settings import AgeRule
from bot.domain.periods import Refill
from bot.domain.reports import CaseAction, ReportReason
from bot.domain.stages import Failure, JobOutcome, JobStage
from bot.service.dashboard.oversight import Overseen
from bot.storage.money.ledger import TransferKind
from bot.web.dashboard.ports import Words


def state(stage: JobStage, outcome: JobOutcome | None, words: Words) -> str:
    """Where a job stands, in one or two words."""
    match stage:
        case JobStage.ACCEPTED | JobStage.QUEUED:
            return words.gettext("waiting")
        case JobStage.RUNNING:
            return words.gettext("painting")
        case JobStage.DELIVERING | JobStage.DONE:
            return _ended(outcome, words)
        case _:
            assert_never(stage)


def _ended(outcome: JobOutcome | None, words: Words) -> str:
    match outcome:
        case JobOutcome.PICTURES:
            return words.gettext("done")
        case JobOutcome.PARTLY:
            return words.gettext("partly done")
        case JobOutcome.FAILED:
            return words.gettext("failed")
        case JobOutcome.CANCELLED:
            return words.gettext("cancelled")
        case JobOutcome.DISCARDED | None:
            return words.gettext("not begun")
        case _:
            assert_never(outcome)


def state_name(name: str, words: Words) -> str:
    """A state to filter by."""
    if any(name == stage.value for stage in JobStage):
        return state(JobStage(name), None, words)
    return _ended(JobOutcome(name), words)


def tone(job: Overseen) -> str:
    """The class of a state's colour; the words say it too."""
    match job.outcome:
        case JobOutcome.PICTURES | JobOutcome.PARTLY:
            return "good"
        case JobOutcome.FAILED:
            return "bad"
        case _:
            return "soft"


def failure(why: Failure, words: Words) -> str:
    """Why there is no picture, for a moderator."""
    named = {
        Failure.DECLINED: words.gettext("declined by the image service"),
        Failure.REJECTED: words.gettext("refused by the image service"),
        Failure.WORDS: words.gettext("words instead of a picture"),
        Failure.EMPTY: words.gettext("nothing came back"),
        Failure.UNFETCHABLE: words.gettext("the picture could not be fetched"),
        Failure.REFERENCE: words.gettext("a reference picture could not be used"),
        Failure.UNAVAILABLE: words.gettext("the image service did not work"),
        Failure.DEADLINE: words.gettext("no picture within 10 minutes"),
        Failure.LOST: words.gettext("contact was lost, fate unknown"),
    }
    return named[why]


def refill(period: Refill, words: Words) -> str:
    """How often an allowance is refilled."""
    named = {
        Refill.DAY: words.gettext("every day"),
        Refill.WEEK: words.gettext("every week"),
        Refill.MONTH: words.gettext("every month"),
        Refill.UNLIMITED: words.gettext("without limit"),
    }
    return named[period]


def age_rule(rule: AgeRule, words: Words) -> str:
    """In which channels pictures are made."""
    named = {
        AgeRule.ANYWHERE: words.gettext("in every channel"),
        AgeRule.ONLY_RESTRICTED: words.gettext("only in age-restricted channels"),
        AgeRule.NEVER_RESTRICTED: words.gettext("never in age-restricted channels"),
    }
    return named[rule]


def span(seconds: int, words: Words) -> str:
    """A span of time in its largest whole unit."""
    if seconds >= 86_400 and seconds % 86_400 == 0:
        return words.gettext("{days} d", days=seconds // 86_400)
    if seconds >= 3_600 and seconds % 3_600 == 0:
        return words.gettext("{hours} h", hours=seconds // 3_600)
    if seconds >= 60 and seconds % 60 == 0:
        return words.gettext("{minutes} min", minutes=seconds // 60)
    return words.gettext("{seconds} s", seconds=seconds)


def movement(kind: TransferKind, words: Words) -> str:
    """Why credits moved."""
    named = {
        TransferKind.REFILL: words.gettext("allowance"),
        TransferKind.EXPIRE: words.gettext("allowance expired"),
        TransferKind.GRANT: words.gettext("granted"),
        TransferKind.REVOKE: words.gettext("taken back"),
        TransferKind.HOLD: words.gettext("set aside"),
        TransferKind.CAPTURE: words.gettext("spent"),
        TransferKind.RELEASE: words.gettext("released"),
        TransferKind.REFUND: words.gettext("refunded"),
        TransferKind.LOSS: words.gettext("the operator's loss"),
    }
    return named[kind]


def report_reason(reason: ReportReason, words: Words) -> str:
    """Why a member reports a picture."""
    named = {
        ReportReason.SEXUAL: words.gettext("Sexual content"),
        ReportReason.VIOLENT: words.gettext("Violence or gore"),
        ReportReason.HATEFUL: words.gettext("Hate or harassment"),
        ReportReason.PERSON: words.gettext("Shows a real person"),
        ReportReason.OTHER: words.gettext("Something else"),
    }
    return named[reason]


def case_action(done: CaseAction, words: Words) -> str:
    """What a moderator did about a report."""
    named = {
        CaseAction.DELETE: words.gettext("deleted the picture"),
        CaseAction.REFUND: words.gettext("refunded the credits"),
        CaseAction.BLOCK: words.gettext("blocked the member"),
        CaseAction.DISMISS: words.gettext("dismissed the report"),
    }
    return named[done]
