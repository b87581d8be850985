"""What follows from the example usage's jobs and tasks: pictures, members, the books, the sums.

Statements for the bot's own tables, to be run in this order on a database that holds nothing else.
Every example member was granted what they spent.
"""

from __future__ import annotations

from typing import Final

_FIGURES: Final = """
    COUNT(*), SUM(tasks.outcome = 'pictures'), SUM(charged), SUM(lost),
    SUM(tasks.outcome <> 'pictures')
"""
_FROM: Final = "FROM tasks JOIN jobs ON jobs.id = job_id"
_BY_SIDE: Final = "(SELECT -1 AS side UNION SELECT 1)"
_WITH_PRICE: Final = "FROM transfers JOIN tasks ON tasks.id = task_id"

_PEOPLE: Final = (
    f"""
    INSERT INTO pictures (
        id, task_id, job_id, user_id, position, stage, media_type, width, height, size, sha256,
        kept_at, due_at
    )
    SELECT 'P' || substr(tasks.id, 2), tasks.id, job_id, user_id, 0, 'kept', 'image/png', 1024,
        1024, 1500000, '', tasks.finished_at, tasks.finished_at
    {_FROM} WHERE tasks.outcome = 'pictures'
    """,
    "INSERT INTO members (guild_id, user_id) SELECT DISTINCT guild_id, user_id FROM jobs",
)
_BOOKS: Final = (
    """
    INSERT INTO accounts (id, kind, guild_id, user_id)
    SELECT kind || ':' || id, kind, id, NULL
    FROM guilds, (SELECT 'issued' AS kind UNION SELECT 'loss')
    """,
    """
    INSERT INTO accounts (id, kind, guild_id, user_id)
    SELECT kind || ':' || guild_id || ':' || user_id, kind, guild_id, user_id
    FROM members, (SELECT 'extra' AS kind UNION SELECT 'spent')
    """,
    f"""
    INSERT INTO accounts (id, kind, guild_id, user_id)
    SELECT 'hold:' || tasks.id, 'hold', guild_id, user_id {_FROM}
    """,
    """
    INSERT INTO transfers (id, kind, key, at, guild_id, user_id, note)
    SELECT printf('G%025d', user_id), 'grant', 'grant-' || user_id, MIN(created_at), guild_id,
        user_id, 'example'
    FROM jobs GROUP BY guild_id, user_id
    """,
    f"""
    INSERT INTO transfers (id, kind, key, at, guild_id, user_id, task_id)
    SELECT 'H' || substr(tasks.id, 2), 'hold', tasks.id, created_at, guild_id, user_id, tasks.id
    {_FROM}
    """,
    f"""
    INSERT INTO transfers (id, kind, key, at, guild_id, user_id, task_id)
    SELECT 'S' || substr(tasks.id, 2), CASE charged WHEN 0 THEN 'release' ELSE 'capture' END,
        tasks.id, tasks.finished_at, guild_id, user_id, tasks.id
    {_FROM}
    """,
    f"""
    INSERT INTO transfers (id, kind, key, at, guild_id, user_id, task_id)
    SELECT 'L' || substr(tasks.id, 2), 'loss', tasks.id, tasks.finished_at, guild_id, user_id,
        tasks.id
    {_FROM} WHERE lost > 0
    """,
    f"""
    INSERT INTO postings (transfer_id, account_id, amount)
    SELECT transfers.id, CASE side WHEN -1 THEN 'extra:' || guild_id || ':' || user_id
        ELSE 'hold:' || task_id END, side * price
    {_WITH_PRICE}, {_BY_SIDE} WHERE kind = 'hold'
    """,
    f"""
    INSERT INTO postings (transfer_id, account_id, amount)
    SELECT transfers.id, CASE side WHEN -1 THEN 'hold:' || task_id
        ELSE CASE kind WHEN 'capture' THEN 'spent:' ELSE 'extra:' END || guild_id || ':' || user_id
        END, side * price
    {_WITH_PRICE}, {_BY_SIDE} WHERE kind IN ('capture', 'release')
    """,
    f"""
    INSERT INTO postings (transfer_id, account_id, amount)
    SELECT transfers.id, CASE side WHEN -1 THEN 'issued:' ELSE 'loss:' END || guild_id, side * lost
    {_WITH_PRICE}, {_BY_SIDE} WHERE kind = 'loss'
    """,
    f"""
    INSERT INTO postings (transfer_id, account_id, amount)
    SELECT printf('G%025d', user_id),
        CASE side WHEN -1 THEN 'issued:' || guild_id
        ELSE 'extra:' || guild_id || ':' || user_id END, side * total
    FROM (
        SELECT guild_id, user_id, MAX(1, SUM(charged)) AS total {_FROM} GROUP BY guild_id, user_id
    ), {_BY_SIDE}
    """,
    """
    UPDATE accounts SET balance = (
        SELECT COALESCE(SUM(amount), 0) FROM postings WHERE account_id = accounts.id
    ) WHERE kind <> 'hold'
    """,
    f"""
    INSERT INTO spending (scope, month, committed)
    SELECT CAST(guild_id AS TEXT), month, SUM(charged) {_FROM} GROUP BY guild_id, month
    UNION ALL SELECT 'all', month, SUM(charged + lost) FROM tasks GROUP BY month
    """,
)
_SUMS: Final = (
    f"""
    INSERT INTO usage_daily (guild_id, day, model, tasks, pictures, charged, lost, failed)
    SELECT guild_id, day, model, {_FIGURES} {_FROM} GROUP BY guild_id, day, model
    """,
    f"""
    INSERT INTO usage_slots (guild_id, slot, model, tasks, pictures, charged, lost, failed)
    SELECT guild_id, tasks.finished_at - tasks.finished_at % 900000 AS slot, model, {_FIGURES}
    {_FROM} GROUP BY guild_id, slot, model
    """,
    f"""
    INSERT INTO usage_members (
        guild_id, span, user_id, tasks, pictures, charged, lost, failed, first_at
    )
    SELECT guild_id, day, user_id, {_FIGURES}, MIN(tasks.finished_at)
    {_FROM} GROUP BY guild_id, day, user_id
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
    f"""
    INSERT INTO usage_failures (guild_id, day, failure, tasks)
    SELECT guild_id, day, failure, COUNT(*) {_FROM} WHERE failure IS NOT NULL
    GROUP BY guild_id, day, failure
    """,
)
STEPS: Final = (*_PEOPLE, *_BOOKS, *_SUMS)
"""Kept small: a grant of one micro-credit stands for a member whose pictures all failed."""
