"""Tells the workers of this process that there is something to do, so that none has to look often.

A wake-up carries nothing and may be lost: what is to be done stands in the database, and every
worker looks there now and then by itself.
"""

import asyncio


class Wakeups:
    """One event per kind of work."""

    def __init__(self) -> None:
        self.submit = asyncio.Event()
        self.track = asyncio.Event()
        self.fetch = asyncio.Event()
        self.deliver = asyncio.Event()
        self.cards = asyncio.Event()
        self.rescue = asyncio.Event()
        self.takedowns = asyncio.Event()
        self.reports = asyncio.Event()
