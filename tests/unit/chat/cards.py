"""The builder of cards."""

from typing import Any

from bot.domain.ids import ChannelId, GuildId, JobId, MessageId, Millis, UserId
from bot.domain.money import Microcredits
from bot.domain.stages import JobOutcome, JobStage
from bot.service.delivery.cards import Card

JOB = JobId("01KAVQ0000000000000000JOB1")
NOW = Millis(1_795_000_000_000)


def make_card(**overrides: Any) -> Card:
    """Alice's public job in a server, third in line."""
    known: dict[str, Any] = {
        "job_id": JOB,
        "stage": JobStage.QUEUED,
        "outcome": None,
        "user_id": UserId(11),
        "guild_id": GuildId(500),
        "channel_id": ChannelId(77),
        "message_id": MessageId(99),
        "reply_to": None,
        "token": "interaction-token",
        "token_expires_at": Millis(NOW + 900_000),
        "locale": "en-US",
        "public_locale": "en-US",
        "private": False,
        "prompt": "a lighthouse at dawn",
        "model": "Nano Banana",
        "aspect": "16:9",
        "style": None,
        "count": 1,
        "created_at": NOW,
        "started_at": None,
        "finished_at": None,
        "price": Microcredits(500_000),
        "charged": Microcredits(0),
        "finished": 0,
        "made": 0,
        "failure": None,
        "reason": None,
        "references": 0,
        "unused": None,
        "parent": None,
        "place_in_line": 3,
        "wait_s": 40.0,
        "expected_s": 12.0,
        "paused": False,
        "late": False,
        "calls_back": False,
        "stopped": False,
        "posting_at": None,
    }
    return Card(**{**known, **overrides})


def make_running(**overrides: Any) -> Card:
    """A job that is being painted."""
    known: dict[str, Any] = {
        "stage": JobStage.RUNNING,
        "started_at": NOW,
        "place_in_line": None,
        "wait_s": None,
    }
    return make_card(**{**known, **overrides})


def make_ended(outcome: JobOutcome, **overrides: Any) -> Card:
    """A job whose end is shown."""
    known: dict[str, Any] = {
        "stage": JobStage.DELIVERING,
        "outcome": outcome,
        "finished_at": Millis(NOW + 12_000),
    }
    return make_running(**{**known, **overrides})


def make_done(**overrides: Any) -> Card:
    """A job that brought all its pictures for half a credit."""
    known: dict[str, Any] = {"made": 1, "finished": 1, "charged": Microcredits(500_000)}
    return make_ended(JobOutcome.PICTURES, **{**known, **overrides})
