"""What is done to the measured process, once; each scenario gives raw figures by name."""

import asyncio
import math
import shutil
import sys
import time
from collections.abc import Awaitable, Callable
from statistics import median
from typing import Final

from bench.town import BOT, Order, Town

Figures = dict[str, float]
Scenario = Callable[[Town], Awaitable[Figures]]

_PATIENCE_S: Final = 90.0


def percentile(values: list[float], share: float) -> float:
    """The value below which this share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, math.ceil(share * len(ordered)) - 1)]


async def throughput(town: Town) -> Figures:
    """A hundred members who ask again as soon as their picture is there."""
    members, warm_up, jobs = 100, 120, 300
    town.ketchup.set_duration(0.1)
    await town.open(KETCHUP_MAX_IN_FLIGHT="100")
    ended: list[float] = []
    cpu: list[float] = []
    enough = asyncio.Event()

    async def ask_on(order: Order, person_index: int) -> None:
        while not enough.is_set():
            await order.posted.wait()
            ended.append(time.perf_counter())
            if len(ended) in {warm_up, warm_up + jobs}:
                cpu.append(town.subject.cpu_s())
            if len(ended) >= warm_up + jobs:
                enough.set()
                return
            order = await town.imagine(people[person_index])

    people = town.members(members)
    async with asyncio.timeout(_PATIENCE_S):
        async with asyncio.TaskGroup() as group:
            waiting = [
                group.create_task(ask_on(await town.imagine(person), index))
                for index, person in enumerate(people)
            ]
            await enough.wait()
            for task in waiting:
                task.cancel()
    span = ended[warm_up + jobs - 1] - ended[warm_up - 1]
    return {"jobs_per_s": jobs / span, "cpu_ms_per_job": 1000 * (cpu[1] - cpu[0]) / jobs}


async def steady(town: Town, orders_per_s: float, seconds: float, members: int) -> list[Order]:
    """Orders at an even pace, whatever becomes of them."""
    people = town.members(members)
    started = time.perf_counter()
    orders = []
    for number in range(int(orders_per_s * seconds)):
        delay = started + number / orders_per_s - time.perf_counter()
        if delay > 0:
            await asyncio.sleep(delay)
        orders.append(await town.imagine(people[number % members]))
        if delay <= 0:
            await asyncio.sleep(0)
    return orders


async def callback(town: Town) -> Figures:
    """From the callback's sending to the picture in the channel, at 30 jobs a second."""
    town.ketchup.set_duration(0.5)
    await town.open(KETCHUP_MAX_IN_FLIGHT="100")
    orders = await steady(town, 30, 9, 90)
    await town.posted(orders, _PATIENCE_S)
    spans = [
        order.posted_at - order.painted_at
        for order in orders[90:]  # a member's first picture brings a hint as well
        if order.posted_at is not None and order.painted_at is not None
    ]
    return {"p50_ms": 1000 * median(spans), "p99_ms": 1000 * percentile(spans, 0.99)}


async def crowd(town: Town) -> Figures:
    """Ten members at once, then fifty; the backend takes a second."""
    town.ketchup.set_duration(1.0)
    await town.open(KETCHUP_MAX_IN_FLIGHT="50")
    figures = {}
    await town.posted([await town.imagine(person) for person in town.members(2)], _PATIENCE_S)
    for count in (10, 50):
        people = town.members(count)
        started = time.perf_counter()
        orders = [await town.imagine(person) for person in people]
        await town.posted(orders, _PATIENCE_S)
        figures[f"last_of_{count}_s"] = time.perf_counter() - started
        await asyncio.sleep(0.5)
    return figures


async def acknowledgement(town: Town) -> Figures:
    """From the click to the first answer, at 200 interactions a second."""
    town.ketchup.set_duration(60.0)
    await town.open()
    await steady(town, 50, 1, 50)
    orders = await steady(town, 200, 5, 200)
    async with asyncio.timeout(_PATIENCE_S):
        while any(order.answered_at is None and not order.failed for order in orders):
            await asyncio.sleep(0.05)
    waits = [order.wait_s or _PATIENCE_S for order in orders]
    return {
        "p50_ms": 1000 * median(waits),
        "p99_ms": 1000 * percentile(waits, 0.99),
        "late": sum(order.failed or wait > 3 for order, wait in zip(orders, waits, strict=True)),
    }


async def in_flight(town: Town) -> Figures:
    """What more and more unfinished jobs cost in memory, scaled to ten thousand. Counted from where
    SQLite's page caches, which have a bound, are full."""
    town.ketchup.set_duration(3600.0)
    await town.open(KETCHUP_MAX_IN_FLIGHT="100000")
    filling, counted = 3400, 3000
    people = town.members(filling + counted)

    async def ask(count: int) -> None:
        for _ in range(count // 50):
            orders = [await town.imagine(people.pop()) for _ in range(50)]
            async with asyncio.timeout(_PATIENCE_S):
                while any(order.answered_at is None and not order.failed for order in orders):
                    await asyncio.sleep(0.01)

    await ask(filling)
    await asyncio.sleep(2)
    before = town.subject.resident_mb()
    await ask(counted)
    await asyncio.sleep(2)
    grown = town.subject.resident_mb() - before
    return {"mb_per_10000": grown * 10_000 / counted}


async def delivering(town: Town) -> Figures:
    """Twenty pictures of 1.5 MB painted at the same moment."""
    town.ketchup.set_duration(2.0)
    await town.open(KETCHUP_MAX_IN_FLIGHT="50")
    await town.posted([await town.imagine(person) for person in town.members(2)], _PATIENCE_S)
    await asyncio.sleep(0.5)
    before = town.subject.resident_mb()
    town.subject.forget_peak()
    orders = [await town.imagine(person) for person in town.members(20)]
    await town.posted(orders, _PATIENCE_S)
    return {"peak_mb": town.subject.peak_mb() - before}


async def start(town: Town) -> Figures:
    """From exec to READY and to the first interaction answered; memory when idle."""
    await town.open()  # registers the commands: every later start finds them registered
    await asyncio.sleep(0.5)
    await town.subject.stop()
    town.discord.gateway.sessions.clear()
    started = time.perf_counter()
    await town.subject.start()
    async with asyncio.timeout(_PATIENCE_S):
        await town.discord.gateway.connected(_PATIENCE_S)
    ready_s = time.perf_counter() - started
    (person,) = town.members(1)
    town.ketchup.set_duration(3600.0)
    order = await town.imagine(person)
    async with asyncio.timeout(_PATIENCE_S):
        while order.answered_at is None:
            await asyncio.sleep(0.001)
    served_s = order.answered_at - started
    await asyncio.sleep(3)
    figures = {"ready_s": ready_s, "served_s": served_s, "idle_mb": town.subject.resident_mb()}
    return figures | ({"cpu_s": town.subject.cpu_s()} if town.kind == BOT else {})


async def killed(town: Town) -> Figures:
    """A killed bot is started again; the floor has nothing to take up."""
    await town.open()
    await asyncio.sleep(0.5)
    await town.subject.kill()
    town.discord.gateway.sessions.clear()
    if town.kind == BOT:
        for left in town.folder.glob("ketchup.db*"):
            left.unlink()
        shutil.copy(sys.argv[3], town.folder / "ketchup.db")
    started = time.perf_counter()
    await town.subject.start()
    if town.kind != BOT:
        await town.discord.gateway.connected(_PATIENCE_S)
        return {"ready_s": time.perf_counter() - started}
    async with asyncio.timeout(_PATIENCE_S):
        while '"taken up"' not in town.subject.log:
            await asyncio.sleep(0.002)
    return {"rescheduled_s": time.perf_counter() - started}
