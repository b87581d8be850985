"""What a job was asked for, read back from its row."""

import orjson

from bot.domain.request import Reference, Unused
from bot.storage.work.jobs import Job


def references_of(job: Job) -> tuple[Reference, ...]:
    """The references that the job was given."""
    return tuple(Reference(**fields) for fields in orjson.loads(job.refs))


def unused_of(job: Job) -> Unused | None:
    """The pictures that the job was given and does not use."""
    if job.unused is None:
        return None
    return Unused(**{kind: tuple(names) for kind, names in orjson.loads(job.unused).items()})
