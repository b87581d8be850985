"""How states, failures and actions are called."""

from typing import assert_never

from bot.domain.stages import Failure, JobOutcome, JobStage
from bot.service.oversight import Overseen
from bot.storage.ledger import TransferKind
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


def action(name: str, words: Words) -> str:
    """What a moderator did; the name itself for what is not listed here."""
    known = {
        "dashboard_sign_in": words.gettext("signed in to the dashboard"),
        "private_shown": words.gettext("looked at a private request"),
        "credits_grant": words.gettext("granted credits"),
        "credits_revoke": words.gettext("took credits back"),
        "allowance": words.gettext("changed the allowance"),
        "operator_cap": words.gettext("the operator changed the limit"),
        "settings": words.gettext("changed the settings"),
    }
    return known.get(name, name.replace("_", " "))
