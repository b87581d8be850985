"""Turns the plain rows of a driver into the dataclasses that the rest of the bot reads."""

import dataclasses
import types
import typing
from collections.abc import Callable, Sequence
from enum import Enum
from typing import Any, TypeVar

Row = TypeVar("Row")


def reader_of(row: type[Row]) -> Callable[[Sequence[Any]], Row]:
    """A function that makes one ``row`` out of a driver's row, column by column.

    Enums and flags are converted from what the database stores; everything else is taken as is.
    """
    if not dataclasses.is_dataclass(row):
        return lambda values: typing.cast("Row", values[0])
    hints = typing.get_type_hints(row)
    conversions = [
        (index, conversion)
        for index, field in enumerate(dataclasses.fields(row))
        if (conversion := _conversion(hints[field.name])) is not None
    ]

    def read(values: Sequence[Any]) -> Row:
        columns = list(values)
        for index, convert in conversions:
            if columns[index] is not None:
                columns[index] = convert(columns[index])
        return typing.cast("Row", row(*columns))

    return read


def _conversion(hint: Any) -> Callable[[Any], Any] | None:
    if isinstance(hint, types.UnionType):
        hint = next(part for part in hint.__args__ if part is not type(None))
    if hint is bool:
        return bool
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint
    return None
