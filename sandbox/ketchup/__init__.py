"""A local stand-in for the Ketchup image API, for the demo and the tests."""

from sandbox.ketchup.fault_kinds import (
    CallbackFault,
    ChargeFault,
    QueryFault,
    ResultFault,
    SubmitFault,
    TaskFault,
)
from sandbox.ketchup.server import SANDBOX_KEY, SandboxKetchup
from sandbox.ketchup.tasks import Status, Task

__all__ = [
    "SANDBOX_KEY",
    "CallbackFault",
    "ChargeFault",
    "QueryFault",
    "ResultFault",
    "SandboxKetchup",
    "Status",
    "SubmitFault",
    "Task",
    "TaskFault",
]
