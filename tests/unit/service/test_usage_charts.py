"""Usage as bars: nothing of any model is left out, and a day's share of the cap is a line."""

from datetime import UTC, date
from typing import Any

from bot.chat.translate import Catalogues
from bot.domain.ids import GuildId, Millis
from bot.domain.money import CREDIT, Microcredits
from bot.domain.usage_window import UsagePeriod, Window
from bot.images.charts import MOST_LAYERS
from bot.service.figures.usage import Bucket, Figures, ModelUsage, Now, Overview
from bot.service.figures.usage_charts import overview_chart
from tests.builders import START

WORDS = Catalogues().of("en-US")
DAYS = Window(
    date(2026, 11, 1), date(2026, 11, 2), Millis(START), Millis(START + 86_400_000),
    date(2026, 10, 30), date(2026, 10, 31), Millis(START - 86_400_000),
)  # fmt: skip


def make_overview(models: int, **overrides: Any) -> Overview:
    """Two bars of so many models; the first costs one credit a bar, the second two, and so on."""
    spent = tuple(Figures(charged=Microcredits(CREDIT * (number + 1))) for number in range(models))
    nothing = Figures()
    known: dict[str, Any] = {
        "guild_id": GuildId(500), "period": UsagePeriod.DAYS_7, "window": DAYS, "zone": UTC,
        "figures": nothing, "members": 0, "before": nothing, "members_before": 0,
        "models": tuple(
            ModelUsage(f"m{number}", f"Model {number}", one + one)
            for number, one in enumerate(spent)
        ),
        "buckets": (Bucket(Millis(START), spent), Bucket(Millis(START + 3_600_000), spent)),
        "failures": (), "top": (), "now": Now(0, 0, Microcredits(0)), "cap": None,
        "committed": Microcredits(0), "forecast": None, "refunded": Microcredits(0),
    }  # fmt: skip
    return Overview(**{**known, **overrides})


def test_every_model_has_a_colour_while_there_are_enough() -> None:
    chart = overview_chart(make_overview(MOST_LAYERS), WORDS)
    assert [layer.name for layer in chart.layers] == [f"Model {n}" for n in range(MOST_LAYERS)]
    assert {bar.parts for bar in chart.bars} == {
        tuple(CREDIT * (number + 1) for number in range(MOST_LAYERS))
    }


def test_with_more_models_the_last_colour_stands_for_the_rest() -> None:
    more = MOST_LAYERS + 2
    chart = overview_chart(make_overview(more), WORDS)
    assert len(chart.layers) == MOST_LAYERS
    assert chart.layers[-1].name == "Other models"
    whole = CREDIT * sum(range(1, more + 1))
    assert [sum(bar.parts) for bar in chart.bars] == [whole, whole]
    assert chart.bars[0].parts[-1] == CREDIT * sum(range(MOST_LAYERS, more + 1))


def test_a_days_share_of_the_cap_is_drawn_over_days_and_not_over_hours() -> None:
    days = overview_chart(make_overview(1, cap=Microcredits(60 * CREDIT)), WORDS)
    assert days.line is not None
    assert days.line.amount == 2 * CREDIT
    hours = make_overview(1, cap=Microcredits(60 * CREDIT), period=UsagePeriod.TODAY)
    assert overview_chart(hours, WORDS).line is None
    assert overview_chart(make_overview(1), WORDS).line is None
