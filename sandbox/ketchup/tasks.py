"""A generation task and what the API says about it."""

import datetime
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from PIL import Image

from sandbox.ketchup.fault_kinds import ChargeFault
from sandbox.ketchup.faults import TaskFaults
from sandbox.ketchup.models import CREDIT
from sandbox.ketchup.orders import Order


class Status(StrEnum):
    """The documented status words."""

    PENDING = "pending"
    SUBMITTED = "submitted"
    IN_PROGRESS = "in_progress"
    SUCCESS = "success"
    FAILED = "failed"

    @property
    def final(self) -> bool:
        """Nothing follows, except by `TaskFault.SUCCESS_AFTER_FAILED`."""
        return self in {Status.SUCCESS, Status.FAILED}


@dataclass(slots=True)
class Task:
    """One task. ``result`` is the JSON value that is answered, ``charged`` in micro-credits."""

    id: str
    order: Order
    created_at: int
    seed: str
    faults: TaskFaults
    status: Status = Status.PENDING
    reason: str | None = None
    result: object = None
    charged: int = 0
    references: tuple[Image.Image, ...] = field(default=(), repr=False)
    finished_at: int | None = None


_ODD_CHARGES: Final[dict[ChargeFault, object]] = {
    ChargeFault.ZERO: "0",
    ChargeFault.NULL: None,
    ChargeFault.NEGATIVE: "-0.500000",
    ChargeFault.EXPONENT: "1e3",
    ChargeFault.NAN: "NaN",
    ChargeFault.NUMBER: 0.5,
    ChargeFault.NINE_DIGITS: "123456789.000000",
    ChargeFault.TOO_FINE: "0.500000001",
}


def decimal(amount: int) -> str:
    """Micro-credits as the API writes them: ``500000`` → ``"0.500000"``."""
    return f"{amount // CREDIT}.{amount % CREDIT:06d}"


def cost(task: Task) -> int:
    """Micro-credits that a success of this task really costs the account."""
    price = task.order.model.price
    match task.faults.charge:
        case ChargeFault.ZERO:
            return 0
        case ChargeFault.ABOVE_PRICE:
            return 4 * price
        case _:
            return price


def payload(task: Task) -> dict[str, object]:
    """The callback's body, and the core of a query's answer."""
    told: dict[str, object] = {
        "task_id": task.id,
        "status": task.status.value,
        "result": task.result if task.status is Status.SUCCESS else None,
        "consumed": decimal(task.charged),
        "status_reason": {"message": task.reason},
    }
    odd = task.faults.charge
    if odd is ChargeFault.MISSING:
        del told["consumed"]
    elif odd in _ODD_CHARGES and task.status.final:
        told["consumed"] = _ODD_CHARGES[odd]
    return told


def answer(task: Task) -> dict[str, object]:
    """The body of a query's answer."""
    created = datetime.datetime.fromtimestamp(task.created_at / 1000, tz=datetime.UTC)
    data = payload(task) | {"created_at": created.isoformat(timespec="milliseconds")}
    return {"code": 0, "message": "ok", "data": data}
