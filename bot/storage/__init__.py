"""The one door to the database: tables, statements, engine. One module per aggregate."""

from bot.storage.engine.database import Database, Transaction
from bot.storage.engine.opening import held_alone, open_database

__all__ = ["Database", "Transaction", "held_alone", "open_database"]
