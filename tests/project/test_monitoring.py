"""The alert rules and the dashboard ask for metrics, and labels, that the bot has."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from bot.metrics import Metrics
from tests.project.pages import read, rows

ALERTS, DASHBOARD = "deploy/prometheus-alerts.yml", "deploy/grafana-dashboard.json"
NAME = re.compile(r"ketchup_[a-z_]+")
SELECTOR = re.compile(r"(ketchup_[a-z_]+)\{([^}]*)\}")
GROUPING = re.compile(r"by \(([^)]*)\)\s*\(")
LEGEND = re.compile(r"\{\{\s*(?:\$labels\.)?(\w+)\s*\}\}")
SUFFIXES = {"counter": ["_total"], "gauge": [""], "histogram": ["_bucket", "_sum", "_count"]}


def known() -> dict[str, set[str]]:
    """The labels of everything that can be asked for."""
    found: dict[str, set[str]] = {}
    for collector in list(Metrics().registry._collector_to_names):
        labels = set(getattr(collector, "_labelnames"))  # noqa: B009 - not in its type
        for family in collector.collect():
            for suffix in SUFFIXES[family.type]:
                more = {"le"} if suffix == "_bucket" else set()
                found[family.name + suffix] = labels | more
    return found


def alerts() -> list[dict[str, Any]]:
    (group,) = yaml.safe_load(read(ALERTS))["groups"]
    rules: list[dict[str, Any]] = group["rules"]
    return rules


def panels() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(read(DASHBOARD))["panels"]
    return found


def questions() -> Iterator[tuple[str, str]]:
    """Every expression with the text that shows its labels."""
    for rule in alerts():
        yield rule["expr"], rule["annotations"]["summary"]
    for panel in panels():
        for target in panel.get("targets", []):
            yield target["expr"], target["legendFormat"]


@pytest.mark.parametrize(("expression", "shown"), list(questions()))
def test_every_question_can_be_answered(expression: str, shown: str) -> None:
    metrics = known()
    names = set(NAME.findall(expression))
    assert names <= set(metrics) or expression.startswith("up{")
    labels = set().union(*(metrics[name] for name in names))
    for name, selector in SELECTOR.findall(expression):
        assert set(re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", selector)) <= metrics[name]
    for grouped in GROUPING.findall(expression):
        assert {label.strip() for label in grouped.split(",")} <= labels
    assert set(LEGEND.findall(shown)) <= labels
    for opening, closing in ("()", "{}", "[]"):
        assert expression.count(opening) == expression.count(closing)


def test_every_metric_is_on_the_dashboard() -> None:
    asked = set().union(*(NAME.findall(expression) for expression, _ in questions()))
    families = {re.sub(r"_(bucket|sum|count)$", "", name) for name in known()}
    assert families - {re.sub(r"_(bucket|sum|count)$", "", name) for name in asked} == set()


def test_every_alert_says_what_is_wrong_and_what_to_do() -> None:
    for rule in alerts():
        assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}
        assert rule["labels"]["severity"] in {"page", "ticket"}
        assert len(rule["annotations"]["summary"]) < 100
        assert rule["annotations"]["action"].endswith(".")
        assert re.fullmatch(r"\d+[smh]", rule.get("for", "1m"))
    assert len({rule["alert"] for rule in alerts()}) == len(alerts())


def test_the_page_for_operators_lists_every_alert() -> None:
    listed = [row[0].strip("`") for row in rows("docs/operations.md", "alert")]
    assert listed == [rule["alert"] for rule in alerts()]


def test_the_page_for_operators_lists_every_metric() -> None:
    listed: dict[str, set[str]] = {}
    for row in rows("docs/operations.md", "metric"):
        name, _, labels = row[0].strip("`").partition("{")
        listed[name] = {label.strip() for label in labels.rstrip("}").split(",") if label}
    families = {
        re.sub(r"_(bucket|sum|count)$", "", name): labels - {"le"}
        for name, labels in known().items()
    }
    assert listed == families


def test_no_two_panels_lie_upon_each_other() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in panels():
        place = panel["gridPos"]
        cells = {
            (place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])
        }
        assert not cells & taken, panel["title"]
        assert place["x"] + place["w"] <= 24
        taken |= cells
    assert len({panel["id"] for panel in panels()}) == len(panels())
