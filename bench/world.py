"""A server with a history: as many finished jobs as wanted, with their books and rollups.

Everything is made by SQL in bulk, deterministically: the same arguments give the same rows. The
result is a database as the bot itself would have left it – ``ketchup-bot audit`` finds no fault.
"""

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Final

GUILD: Final = 500
CHANNEL: Final = 77
PRICE: Final = 500_000
MODELS: Final = ("google/gempix2", "google/gemini-2.5-flash-image")
DAY_MS: Final = 86_400_000
NOW: Final = 1_795_000_000_000
"""A Wednesday in November 2026."""


@dataclass(frozen=True, slots=True)
class History:
    """``jobs`` of one picture each by ``members``, evenly over the ``days`` before ``now``.

    Some members ask far more often than others; 95 of 100 jobs bring their picture, one of 100
    costs the operator something. Days are those of UTC.
    """

    jobs: int
    members: int = 1000
    days: int = 365
    now: int = NOW
    guild: int = GUILD
    books: bool = True
    """With the ledger, without which the audit would rightly complain; reading needs none."""


_TASKS: Final = """
    CREATE TEMP TABLE made AS
    WITH RECURSIVE counted (i) AS (
        SELECT 0 UNION ALL SELECT i + 1 FROM counted WHERE i + 1 < :jobs
    ),
    drawn AS (
        SELECT i, (i * 2654435761) % 4294967296 AS h,
            :now - :span + i * (:span - 60000) / :jobs AS asked_at
        FROM counted
    )
    SELECT i, h, asked_at, asked_at + 8000 + h % 9000 AS ended_at,
        1000 + MIN(h % :members, (h / 4096 + i) % :members) AS member,
        CASE WHEN h % 10 < 7 THEN :first ELSE :second END AS model,
        CASE WHEN h % 100 < 95 THEN 'pictures' WHEN h % 100 < 99 THEN 'failed'
            ELSE 'unknown' END AS outcome,
        strftime('%Y-%m-%d', (asked_at + 8000 + h % 9000) / 1000, 'unixepoch') AS day
    FROM drawn
"""
"""What everything else is made of: one row for each job, its only task and its picture."""
_STEPS: Final = (
    """
    INSERT INTO jobs (
        id, stage, outcome, guild_id, channel_id, user_id, context, locale, public_locale,
        message_id, prompt, model, count, refs, created_at, confirmed_at, started_at,
        finished_at, done_at, due_at
    )
    SELECT printf('J%025d', i), 'done', CASE outcome WHEN 'pictures' THEN outcome ELSE 'failed' END,
        :guild, :channel, member, 'guild', 'en-US', 'en-US',
        1000000 + i, 'picture ' || i, model, 1, '[]',
        asked_at, asked_at, asked_at + 500, ended_at, ended_at, ended_at
    FROM made
    """,
    """
    INSERT INTO tasks (
        id, job_id, position, stage, outcome, failure, provider_id, price, month, day, charged,
        lost, consumed, due_at, submitted_at, finished_at
    )
    SELECT printf('T%025d', i), printf('J%025d', i), 0, 'finished', outcome,
        CASE outcome WHEN 'unknown' THEN 'lost' WHEN 'failed' THEN
            CASE h % 3 WHEN 0 THEN 'declined' WHEN 1 THEN 'words' ELSE 'deadline' END END,
        printf('ta%09d', i), :price, strftime('%Y-%m', asked_at / 1000, 'unixepoch'), day,
        CASE outcome WHEN 'pictures' THEN :price ELSE 0 END,
        CASE outcome WHEN 'unknown' THEN :price ELSE 0 END,
        CASE outcome WHEN 'failed' THEN 0 ELSE :price END, ended_at, asked_at + 500, ended_at
    FROM made
    """,
    """
    INSERT INTO pictures (
        id, task_id, job_id, user_id, position, stage, media_type, width, height, size, sha256,
        channel_id, message_id, attachment_id, kept_at, due_at
    )
    SELECT printf('P%025d', i), printf('T%025d', i), printf('J%025d', i), member, 0, 'kept',
        'image/png', 1024, 1024, 1500000, '', :channel, 1000000 + i, 1, ended_at, ended_at
    FROM made WHERE outcome = 'pictures'
    """,
    """
    INSERT INTO members (guild_id, user_id) SELECT DISTINCT :guild, user_id FROM jobs
    """,
    """
    INSERT INTO guilds (id, joined_at) VALUES (:guild, :now - :span)
    """,
)
_BOOKS: Final = (
    # the books: everybody was granted what they spent
    """
    INSERT INTO accounts (id, kind, guild_id, user_id)
    VALUES ('issued:' || :guild, 'issued', :guild, NULL), ('loss:' || :guild, 'loss', :guild, NULL)
    """,
    """
    INSERT INTO accounts (id, kind, guild_id, user_id)
    SELECT kind || ':' || :guild || ':' || user_id, kind, :guild, user_id
    FROM (SELECT DISTINCT user_id FROM jobs), (SELECT 'extra' AS kind UNION SELECT 'spent')
    """,
    """
    INSERT INTO accounts (id, kind, guild_id, user_id)
    SELECT 'hold:' || tasks.id, 'hold', :guild, user_id FROM tasks JOIN jobs ON jobs.id = job_id
    """,
    """
    INSERT INTO transfers (id, kind, key, at, guild_id, user_id)
    SELECT printf('G%025d', user_id), 'grant', 'grant-' || user_id, MIN(created_at), :guild, user_id
    FROM jobs GROUP BY user_id
    """,
    """
    INSERT INTO transfers (id, kind, key, at, guild_id, user_id, task_id)
    SELECT 'H' || substr(tasks.id, 2), 'hold', tasks.id, created_at, :guild, user_id, tasks.id
    FROM tasks JOIN jobs ON jobs.id = job_id
    """,
    """
    INSERT INTO transfers (id, kind, key, at, guild_id, user_id, task_id)
    SELECT 'S' || substr(tasks.id, 2), CASE charged WHEN 0 THEN 'release' ELSE 'capture' END,
        tasks.id, tasks.finished_at, :guild, user_id, tasks.id
    FROM tasks JOIN jobs ON jobs.id = job_id
    """,
    """
    INSERT INTO transfers (id, kind, key, at, guild_id, user_id, task_id)
    SELECT 'L' || substr(tasks.id, 2), 'loss', tasks.id, tasks.finished_at, :guild, user_id,
        tasks.id
    FROM tasks JOIN jobs ON jobs.id = job_id WHERE lost > 0
    """,
    """
    INSERT INTO postings (transfer_id, account_id, amount)
    SELECT id, CASE side WHEN -1 THEN 'extra:' || :guild || ':' || user_id
        ELSE 'hold:' || task_id END, side * :price
    FROM transfers, (SELECT -1 AS side UNION SELECT 1) WHERE kind = 'hold'
    """,
    """
    INSERT INTO postings (transfer_id, account_id, amount)
    SELECT id, CASE side WHEN -1 THEN 'hold:' || task_id
        ELSE CASE kind WHEN 'capture' THEN 'spent:' ELSE 'extra:' END || :guild || ':' || user_id
        END, side * :price
    FROM transfers, (SELECT -1 AS side UNION SELECT 1) WHERE kind IN ('capture', 'release')
    """,
    """
    INSERT INTO postings (transfer_id, account_id, amount)
    SELECT id, CASE side WHEN -1 THEN 'issued:' ELSE 'loss:' END || :guild, side * :price
    FROM transfers, (SELECT -1 AS side UNION SELECT 1) WHERE kind = 'loss'
    """,
    """
    INSERT INTO postings (transfer_id, account_id, amount)
    SELECT printf('G%025d', user_id),
        CASE side WHEN -1 THEN 'issued:' || :guild ELSE 'extra:' || :guild || ':' || user_id END,
        side * total
    FROM (
        SELECT user_id, MAX(1, SUM(charged)) AS total
        FROM tasks JOIN jobs ON jobs.id = job_id GROUP BY user_id
    ), (SELECT -1 AS side UNION SELECT 1)
    """,
    """
    UPDATE accounts SET balance = (
        SELECT COALESCE(SUM(amount), 0) FROM postings WHERE account_id = accounts.id
    ) WHERE kind <> 'hold'
    """,
    """
    INSERT INTO spending (scope, month, committed)
    SELECT CAST(:guild AS TEXT), month, SUM(charged) FROM tasks GROUP BY month
    UNION ALL SELECT 'all', month, SUM(charged + lost) FROM tasks GROUP BY month
    """,
)
_FIGURES: Final = """
    COUNT(*), SUM(tasks.outcome = 'pictures'), SUM(charged), SUM(lost),
    SUM(tasks.outcome <> 'pictures')
"""
_ROLLUPS: Final = (
    f"""
    INSERT INTO usage_daily (guild_id, day, model, tasks, pictures, charged, lost, failed)
    SELECT guild_id, day, model, {_FIGURES}
    FROM tasks JOIN jobs ON jobs.id = job_id GROUP BY guild_id, day, model
    """,
    f"""
    INSERT INTO usage_slots (guild_id, slot, model, tasks, pictures, charged, lost, failed)
    SELECT guild_id, tasks.finished_at - tasks.finished_at % 900000 AS slot, model, {_FIGURES}
    FROM tasks JOIN jobs ON jobs.id = job_id GROUP BY guild_id, slot, model
    """,
    f"""
    INSERT INTO usage_members (
        guild_id, span, user_id, tasks, pictures, charged, lost, failed, first_at
    )
    SELECT guild_id, day, user_id, {_FIGURES}, MIN(tasks.finished_at)
    FROM tasks JOIN jobs ON jobs.id = job_id GROUP BY guild_id, day, user_id
    """,
    """
    INSERT INTO usage_members (
        guild_id, span, user_id, tasks, pictures, charged, lost, failed, first_at
    )
    SELECT guild_id,
        date(strftime('%s', span) / 86400 / days * days * 86400, 'unixepoch')
            || '/P' || days || 'D' AS longer,
        user_id, SUM(tasks), SUM(pictures), SUM(charged), SUM(lost), SUM(failed), MIN(first_at)
    FROM usage_members, (SELECT 4 AS days UNION SELECT 16 UNION SELECT 64)
    GROUP BY guild_id, longer, user_id
    """,
    """
    INSERT INTO usage_failures (guild_id, day, failure, tasks)
    SELECT guild_id, day, failure, COUNT(*)
    FROM tasks JOIN jobs ON jobs.id = job_id WHERE failure IS NOT NULL
    GROUP BY guild_id, day, failure
    """,
)


_INDEXES: Final = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
"""They are dropped while rows come in and made afterwards, which is quicker."""


def fill(path: Path, history: History) -> None:
    """Write the history into an empty, migrated SQLite database that nobody has open."""
    values = {
        "jobs": history.jobs, "members": history.members, "now": history.now,
        "span": history.days * DAY_MS, "guild": history.guild, "channel": CHANNEL, "price": PRICE,
        "first": MODELS[0], "second": MODELS[1],
    }  # fmt: skip
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        for pragma in ("journal_mode = WAL", "synchronous = OFF", "cache_size = -200000"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("BEGIN")
        indexes = connection.execute(_INDEXES).fetchall()
        for name, _ in indexes:
            connection.execute(f"DROP INDEX {name}")
        for step in (_TASKS, *_STEPS):
            connection.execute(step, {key: values[key] for key in values if f":{key}" in step})
        for _, made in indexes:
            connection.execute(made)
        for step in (*(_BOOKS if history.books else ()), *_ROLLUPS):
            connection.execute(step, {key: values[key] for key in values if f":{key}" in step})
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()
