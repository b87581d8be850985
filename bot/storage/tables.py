"""Every table. Money is micro-credits, time is UTC milliseconds, flags are 0 or 1, lists are JSON.

Only types that both databases return alike are used, so rows need no result processing.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any, Final

import sqlalchemy as sa

from bot.domain.notices import NoticeLevel, NoticeOutcome
from bot.domain.reports import CaseOutcome, ReportReason, TellOutcome
from bot.domain.stages import JobOutcome, JobStage, PictureStage, TaskOutcome, TaskStage

NAMING: Final = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
metadata: Final = sa.MetaData(naming_convention=NAMING)


REFUNDS: Final = "kind = 'refund'"
_TO_BE_TOLD: Final = "tell_reporter = 1 AND outcome IS NOT NULL AND telling IS NULL"


def _text(name: str, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.Text, nullable=options.pop("nullable", False), **options)


def _number(name: str, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger, nullable=options.pop("nullable", False), **options)


def _flag(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer, nullable=False, server_default="0")


def _one_of(column: str, values: Iterable[StrEnum]) -> sa.CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=column)


def _claim_columns() -> list[sa.Column[Any]]:
    """A worker that claims the row writes a random ``claim`` and renews ``lease_until``."""
    return [_text("claim", nullable=True), _number("lease_until", server_default="0")]


jobs: Final = sa.Table(
    "jobs",
    metadata,
    _text("id", primary_key=True),
    _text("stage"),
    _text("outcome", nullable=True),
    # where it was asked and how it is answered
    _number("guild_id", nullable=True),
    _number("channel_id"),
    _number("user_id"),
    _text("context"),
    _flag("user_install"),
    _text("locale"),
    _text("public_locale"),
    _flag("private"),
    _text("token", nullable=True),
    _number("token_expires_at", nullable=True),
    _number("message_id", nullable=True),
    _number("reply_to", nullable=True),
    # what was asked
    _text("prompt"),
    _text("model"),
    _text("aspect", nullable=True),
    _text("style", nullable=True),
    _text("style_words", nullable=True),
    _number("count"),
    _text("refs"),
    _text("unused", nullable=True),
    _text("parent_id", nullable=True),
    # when
    _number("created_at"),
    _number("confirmed_at", nullable=True),
    _number("started_at", nullable=True),
    _number("finished_at", nullable=True),
    _number("done_at", nullable=True),
    # delivery
    _number("card_due_at", nullable=True),
    _number("card_shown_at", nullable=True),
    _number("shown_place", nullable=True),  # in line, as the message says it
    _number("due_at"),
    _number("attempts", server_default="0"),
    _number("posting_at", nullable=True),
    _flag("message_deleted"),
    _number("mentioned_at", nullable=True),
    _number("direct_at", nullable=True),
    *_claim_columns(),
    _one_of("stage", JobStage),
    _one_of("outcome", JobOutcome),
    sa.Index("ix_jobs_user_id_created_at", "user_id", "created_at"),
    sa.Index("ix_jobs_guild_id_created_at", "guild_id", "created_at"),
    sa.Index("ix_jobs_message_id", "message_id"),
    sa.Index("ix_jobs_parent_id", "parent_id"),
    sa.Index("ix_jobs_live", "stage", "due_at", sqlite_where=sa.text("stage <> 'done'"),
             postgresql_where=sa.text("stage <> 'done'")),
    sa.Index("ix_jobs_live_user_id", "user_id", sqlite_where=sa.text("stage <> 'done'"),
             postgresql_where=sa.text("stage <> 'done'")),
    sa.Index("ix_jobs_card_due_at", "card_due_at", sqlite_where=sa.text("card_due_at IS NOT NULL"),
             postgresql_where=sa.text("card_due_at IS NOT NULL")),
)  # fmt: skip

tasks: Final = sa.Table(
    "tasks",
    metadata,
    _text("id", primary_key=True),
    sa.Column("job_id", sa.Text, sa.ForeignKey("jobs.id", ondelete="CASCADE"), nullable=False),
    _number("position"),
    _text("stage"),
    _text("outcome", nullable=True),
    _text("failure", nullable=True),
    _text("reason", nullable=True),
    _text("provider_id", nullable=True, unique=True),
    _text("provider_word", nullable=True),
    _text("source", nullable=True),
    _flag("discard"),
    # money
    _number("price"),
    _text("month"),
    _text("day", nullable=True),
    _number("charged", server_default="0"),
    _number("lost", server_default="0"),
    _number("consumed", nullable=True),
    _text("consumed_raw", nullable=True),
    # submitting and asking
    _number("due_at"),
    _number("attempts", server_default="0"),
    _number("submitted_at", nullable=True),
    _number("queries", server_default="0"),
    _number("queried_at", nullable=True),
    _number("answered_at", nullable=True),
    _number("finished_at", nullable=True),
    *_claim_columns(),
    _one_of("stage", TaskStage),
    _one_of("outcome", TaskOutcome),
    sa.Index("ix_tasks_job_id", "job_id"),
    sa.Index("ix_tasks_live", "stage", "due_at", sqlite_where=sa.text("stage <> 'finished'"),
             postgresql_where=sa.text("stage <> 'finished'")),
)  # fmt: skip

pictures: Final = sa.Table(
    "pictures",
    metadata,
    _text("id", primary_key=True),
    sa.Column("task_id", sa.Text, sa.ForeignKey("tasks.id", ondelete="CASCADE"), nullable=False),
    _text("job_id"),
    _number("user_id"),
    _number("position"),
    _text("stage"),
    _text("source", nullable=True),
    _flag("late"),
    _text("problem", nullable=True),
    _text("media_type", nullable=True),
    _number("width", nullable=True),
    _number("height", nullable=True),
    _number("size", nullable=True),
    _text("sha256", nullable=True),
    _number("channel_id", nullable=True),
    _number("message_id", nullable=True),
    _number("attachment_id", nullable=True),
    _number("kept_at", nullable=True),
    _number("deleted_at", nullable=True),
    _number("due_at"),
    _number("attempts", server_default="0"),
    *_claim_columns(),
    _one_of("stage", PictureStage),
    sa.UniqueConstraint("task_id", "position"),
    sa.Index("ix_pictures_job_id", "job_id"),
    sa.Index("ix_pictures_user_id_id", "user_id", "id"),
    sa.Index("ix_pictures_pending", "due_at", sqlite_where=sa.text("stage = 'pending'"),
             postgresql_where=sa.text("stage = 'pending'")),
)  # fmt: skip

blobs: Final = sa.Table(
    "blobs",
    metadata,
    sa.Column(
        "picture_id", sa.Text, sa.ForeignKey("pictures.id", ondelete="CASCADE"), primary_key=True
    ),
    sa.Column("data", sa.LargeBinary, nullable=False),
)

takedowns: Final = sa.Table(
    "takedowns",
    metadata,
    sa.Column("job_id", sa.Text, sa.ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True),
    _number("asked_at"),
    _number("due_at"),
    _number("attempts", server_default="0"),
    *_claim_columns(),
    sa.Index("ix_takedowns_due_at", "due_at"),
)
"""Jobs whose message in Discord must lose its deleted pictures, or go altogether."""

shares: Final = sa.Table(
    "shares",
    metadata,
    sa.Column("job_id", sa.Text, sa.ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True),
    _number("channel_id"),
    _number("by"),
    _number("at"),
    _number("message_id", nullable=True),
    _text("attachments", server_default="{}"),
    sa.Index("ix_shares_message_id", "message_id"),
)
"""Results that were put into a server's showcase, once each. ``attachments`` says which file of
that message shows which picture (JSON)."""

events: Final = sa.Table(
    "events",
    metadata,
    _text("id", primary_key=True),
    _number("at"),
    _text("kind"),
    _text("job_id", nullable=True),
    _text("task_id", nullable=True),
    _text("detail", nullable=True),
    sa.Index("ix_events_job_id", "job_id"),
    sqlite_with_rowid=False,
)

seen: Final = sa.Table(
    "seen",
    metadata,
    _text("key", primary_key=True),
    _number("at"),
    sqlite_with_rowid=False,
)

drafts: Final = sa.Table(
    "drafts",
    metadata,
    _text("id", primary_key=True),
    _number("user_id"),
    _text("refs"),
    _text("parent_id", nullable=True),
    _text("request", nullable=True),
    _number("expires_at"),
    sa.Index("ix_drafts_expires_at", "expires_at"),
)
"""What an open modal or an offer will need; its id stands in the modal's or the button's.
``request`` (JSON) is what an offer makes."""

accounts: Final = sa.Table(
    "accounts",
    metadata,
    _text("id", primary_key=True),
    _text("kind"),
    _number("guild_id"),
    _number("user_id", nullable=True),
    _number("valid_until", nullable=True),
    _number("balance", server_default="0"),
    sa.CheckConstraint("balance >= 0 OR kind = 'issued'", name="never_negative"),
    sa.Index("ix_accounts_member", "user_id", "guild_id", "kind"),
    sqlite_with_rowid=False,
)

transfers: Final = sa.Table(
    "transfers",
    metadata,
    _text("id", primary_key=True),
    _text("kind"),
    _text("key"),
    _number("at"),
    _number("guild_id"),
    _number("user_id", nullable=True),
    _text("task_id", nullable=True),
    _text("note", nullable=True),
    sa.UniqueConstraint("kind", "key"),
    sa.Index("ix_transfers_member", "guild_id", "user_id", "at"),
    sa.Index("ix_transfers_guild_id_at", "guild_id", "at"),
    sa.Index("ix_transfers_refunds", "guild_id", "at", sqlite_where=sa.text(REFUNDS),
             postgresql_where=sa.text(REFUNDS)),
    sa.Index("ix_transfers_task_id", "task_id"),
    sqlite_with_rowid=False,
)  # fmt: skip

postings: Final = sa.Table(
    "postings",
    metadata,
    sa.Column("transfer_id", sa.Text, sa.ForeignKey("transfers.id"), primary_key=True),
    sa.Column("account_id", sa.Text, sa.ForeignKey("accounts.id"), primary_key=True),
    _number("amount"),
    sa.Index("ix_postings_account_id", "account_id"),
    sqlite_with_rowid=False,
)

audit_log: Final = sa.Table(
    "audit_log",
    metadata,
    _text("id", primary_key=True),
    _number("at"),
    _number("guild_id"),
    _number("actor_id"),
    _text("action"),
    _number("target_id", nullable=True),
    _text("before", nullable=True),
    _text("after", nullable=True),
    _text("reason", nullable=True),
    sa.Index("ix_audit_log_guild_id_at", "guild_id", "at", "id"),
    sa.Index("ix_audit_log_actor_id_guild_id", "actor_id", "guild_id"),
    sa.Index("ix_audit_log_actor", "guild_id", "actor_id", "at", "id"),
    sa.Index("ix_audit_log_action", "guild_id", "action", "at", "id"),
    sa.Index("ix_audit_log_target", "guild_id", "target_id", "at", "id"),
)
"""Who changed what for whom: every action of a moderator or of the operator (actor 0)."""


def _figures() -> list[sa.Column[Any]]:
    """What a rollup of finished tasks adds up."""
    return [
        _number(name, server_default="0")
        for name in ("tasks", "pictures", "charged", "lost", "failed")
    ]


usage_daily: Final = sa.Table(
    "usage_daily",
    metadata,
    sa.Column("guild_id", sa.BigInteger, primary_key=True, autoincrement=False),
    _text("day", primary_key=True),
    _text("model", primary_key=True),
    *_figures(),
    sqlite_with_rowid=False,
)
"""Finished tasks by server, day (the server's own, ``2026-11-24``) and model."""

usage_slots: Final = sa.Table(
    "usage_slots",
    metadata,
    sa.Column("guild_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("slot", sa.BigInteger, primary_key=True, autoincrement=False),
    _text("model", primary_key=True),
    *_figures(),
    sqlite_with_rowid=False,
)
"""The same by quarter of an hour: its first millisecond. Every time zone's hours begin with one."""

usage_members: Final = sa.Table(
    "usage_members",
    metadata,
    sa.Column("guild_id", sa.BigInteger, primary_key=True, autoincrement=False),
    _text("span", primary_key=True),
    sa.Column("user_id", sa.BigInteger, primary_key=True, autoincrement=False),
    *_figures(),
    _number("first_at"),
    sa.Index("ix_usage_members_guild_id_user_id_span", "guild_id", "user_id", "span"),
    sqlite_with_rowid=False,
)
"""The same by member and span (``bot.domain.spans``): a task counts in each that holds its day, so
that many days are read in few rows. ``first_at``: when the member's first task of it ended."""

usage_failures: Final = sa.Table(
    "usage_failures",
    metadata,
    sa.Column("guild_id", sa.BigInteger, primary_key=True, autoincrement=False),
    _text("day", primary_key=True),
    _text("failure", primary_key=True),
    _number("tasks", server_default="0"),
    sqlite_with_rowid=False,
)
"""Tasks that brought no picture, by server, day and reason."""

spending: Final = sa.Table(
    "spending",
    metadata,
    _text("scope", primary_key=True),
    _text("month", primary_key=True),
    _number("committed", server_default="0"),
    sa.CheckConstraint("committed >= 0", name="never_negative"),
    sqlite_with_rowid=False,
)
"""What a server (scope: its id) or everybody (scope ``all``) has held and spent in a month."""

notices: Final = sa.Table(
    "notices",
    metadata,
    sa.Column("guild_id", sa.BigInteger, primary_key=True, autoincrement=False),
    _text("month", primary_key=True),
    sa.Column("level", sa.BigInteger, primary_key=True, autoincrement=False),
    _number("committed"),
    _number("cap"),
    _number("made_at"),
    _number("due_at"),
    _number("attempts", server_default="0"),
    _text("outcome", nullable=True),
    _number("sent_at", nullable=True),
    sa.CheckConstraint(f"level IN ({', '.join(map(str, NoticeLevel))})", name="level"),
    _one_of("outcome", NoticeOutcome),
    sa.Index("ix_notices_open", "due_at", sqlite_where=sa.text("outcome IS NULL"),
             postgresql_where=sa.text("outcome IS NULL")),
)  # fmt: skip
"""What a server's moderators are told about its monthly cap, once for each month and level."""

welcomes: Final = sa.Table(
    "welcomes",
    metadata,
    sa.Column("guild_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("joined_at", sa.BigInteger, primary_key=True, autoincrement=False),
    _number("made_at"),
    _number("due_at"),
    _number("attempts", server_default="0"),
    _text("outcome", nullable=True),
    _number("sent_at", nullable=True),
    _one_of("outcome", NoticeOutcome),
    sa.Index("ix_welcomes_open", "due_at", sqlite_where=sa.text("outcome IS NULL"),
             postgresql_where=sa.text("outcome IS NULL")),
)  # fmt: skip
"""What a server is told when the bot has joined it, once for each joining."""

members: Final = sa.Table(
    "members",
    metadata,
    sa.Column("guild_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("user_id", sa.BigInteger, primary_key=True, autoincrement=False),
    _number("served_at", server_default="0"),
    sa.Index("ix_members_user_id", "user_id"),
)
"""When a member's turn in line came last. ``guild_id`` 0 stands for direct messages."""

guilds: Final = sa.Table(
    "guilds",
    metadata,
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
    _text("settings", server_default="{}"),
    _number("cap", nullable=True),
    _number("joined_at", nullable=True),
    _number("left_at", nullable=True),
    _number("purged_at", nullable=True),
)
"""``settings`` is what moderators chose (JSON); ``cap`` is the operator's bound. ``purged_at``:
when everything else of a server was removed after the bot had left it."""

gallery_filters: Final = sa.Table(
    "gallery_filters",
    metadata,
    _text("id", primary_key=True),
    _number("user_id"),
    _number("owner_id"),
    _text("model", nullable=True),
    _text("words", nullable=True),
    _number("expires_at"),
    sa.Index("ix_gallery_filters_expires_at", "expires_at"),
)
"""What a viewer (``user_id``) wants to see of an owner's gallery; its id stands in the controls."""

erasures: Final = sa.Table(
    "erasures",
    metadata,
    sa.Column("user_id", sa.BigInteger, primary_key=True, autoincrement=False),
    _number("at"),
    _flag("posts"),
    sa.Index("ix_erasures_at", "at"),
)
"""People whose data is being deleted; the row goes with the last of it. ``posts``: their pictures
are to be removed from the channels as well."""

remainders: Final = sa.Table(
    "remainders",
    metadata,
    sa.Column("guild_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("user_id", sa.BigInteger, primary_key=True, autoincrement=False),
    _number("amount"),
    _number("until"),
    sa.Index("ix_remainders_until", "until"),
)
"""What was left of the allowance of somebody whose data was deleted, until the period ends: who
comes back sooner gets no more than that."""

preferences: Final = sa.Table(
    "preferences",
    metadata,
    sa.Column("user_id", sa.BigInteger, primary_key=True, autoincrement=False),
    _text("chosen", server_default="{}"),
    _number("hinted_at", nullable=True),
)
"""A person's own defaults (JSON), the same on every server; ``hinted_at``: the hint under their
first picture was shown."""

blocks: Final = sa.Table(
    "blocks",
    metadata,
    sa.Column("guild_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("user_id", sa.BigInteger, primary_key=True, autoincrement=False),
    _number("at"),
    _number("until", nullable=True),
    _text("reason", nullable=True),
    _number("by"),
)
"""Members who may make no pictures on a server, until a moment or until they are unblocked."""

words: Final = sa.Table(
    "words",
    metadata,
    sa.Column("guild_id", sa.BigInteger, primary_key=True, autoincrement=False),
    _text("folded", primary_key=True),
    _text("phrase"),
    _number("at"),
    _number("by"),
)
"""Phrases that a server's prompts may not hold, as typed and as they are compared."""

reports: Final = sa.Table(
    "reports",
    metadata,
    _text("id", primary_key=True),
    _number("at"),
    _number("guild_id"),
    _text("job_id"),
    _number("author_id"),
    _number("reporter_id"),
    _text("reason"),
    _text("details", nullable=True),
    _flag("tell_reporter"),
    _text("locale"),
    _text("outcome", nullable=True),
    _text("telling", nullable=True),
    _number("told_at", nullable=True),
    _number("due_at"),
    _number("attempts", server_default="0"),
    _one_of("reason", ReportReason),
    _one_of("outcome", CaseOutcome),
    _one_of("telling", TellOutcome),
    sa.UniqueConstraint("job_id", "reporter_id"),
    sa.Index("ix_reports_reporter", "guild_id", "reporter_id", "at"),
    sa.Index("ix_reports_open", "guild_id", sqlite_where=sa.text("outcome IS NULL"),
             postgresql_where=sa.text("outcome IS NULL")),
    sa.Index("ix_reports_telling", "due_at", sqlite_where=sa.text(_TO_BE_TOLD),
             postgresql_where=sa.text(_TO_BE_TOLD)),
)  # fmt: skip
"""Results that members asked moderators to look at; one report by each member for each job.
``outcome`` is the case's, ``telling`` what became of telling the member."""

cases: Final = sa.Table(
    "cases",
    metadata,
    _text("job_id", primary_key=True),
    _number("guild_id"),
    _number("author_id"),
    _number("opened_at"),
    _text("outcome", nullable=True),
    _number("closed_by", nullable=True),
    _number("closed_at", nullable=True),
    _text("steps", server_default="[]"),
    _number("version", server_default="1"),
    _number("shown", server_default="0"),
    _number("channel_id", nullable=True),
    _number("message_id", nullable=True),
    _number("posting_at", nullable=True),
    _number("changed_at"),
    _number("due_at"),
    _number("attempts", server_default="0"),
    _one_of("outcome", CaseOutcome),
    sa.Index("ix_cases_open", "guild_id", "opened_at", sqlite_where=sa.text("outcome IS NULL"),
             postgresql_where=sa.text("outcome IS NULL")),
    sa.Index("ix_cases_behind", "due_at", sqlite_where=sa.text("shown < version"),
             postgresql_where=sa.text("shown < version")),
)  # fmt: skip
"""All reports of one job, and their one card in the moderators' channel. ``steps`` says who did
what (JSON); a card that shows an older ``version`` is behind."""

sign_ins: Final = sa.Table(
    "sign_ins",
    metadata,
    _text("token_hash", primary_key=True),
    _number("guild_id"),
    _number("user_id"),
    _text("locale"),
    _number("expires_at"),
    _number("used_at", nullable=True),
    sa.Index("ix_sign_ins_expires_at", "expires_at"),
)
"""One-time links to the dashboard. Only the hash of a link's secret is kept."""

sessions: Final = sa.Table(
    "sessions",
    metadata,
    _text("token_hash", primary_key=True),
    _number("user_id"),
    _text("locale"),
    _text("csrf"),
    _number("created_at"),
    _number("seen_at"),
    _number("expires_at"),
    _number("revoked_at", nullable=True),
    sa.Index("ix_sessions_user_id", "user_id"),
    sa.Index("ix_sessions_expires_at", "expires_at"),
)
"""Signed-in moderators of the dashboard. Only the hash of a cookie's secret is kept."""

durations: Final = sa.Table(
    "durations",
    metadata,
    _text("model", primary_key=True),
    _text("histogram"),
)

state: Final = sa.Table(
    "state",
    metadata,
    _text("name", primary_key=True),
    _text("value"),
)
"""Single facts of the whole bot: its secret key, synced commands, the API's pause, the budget."""

live_jobs: Final = jobs.c.stage != sa.literal_column("'done'")
live_tasks: Final = tasks.c.stage != sa.literal_column("'finished'")
pending_pictures: Final = pictures.c.stage == sa.literal_column("'pending'")
"""The conditions of the small indexes over what is unfinished. SQLite looks into such an index only
where a statement says its condition itself: a parameter, or a stage that implies it, will not do,
and the statement goes through everything that ever was."""
