"""The container image holds what is let through, runs without root, and can be read-only."""

import importlib.metadata
import re

import yaml

from bot.settings import Settings
from tests.project.pages import ROOT, read


def build_backend() -> set[str]:
    """hatchling and all that it needs on the image's Python."""
    wanted, found = ["hatchling"], set[str]()
    while wanted:
        name = wanted.pop()
        if name not in found:
            found.add(name)
            needs = importlib.metadata.requires(name) or []
            wanted += [re.split(r"[<>=!~; ]", need)[0] for need in needs if ";" not in need]
    return found


def test_the_build_backend_is_locked_with_all_that_it_needs() -> None:
    named = re.search(r"wanted = /\^\(([a-z|-]+)\)==/", read("Dockerfile"))
    assert named is not None
    assert set(named[1].split("|")) == build_backend()


def test_everything_that_is_copied_is_let_through_and_is_there() -> None:
    let_through = {line[1:] for line in read(".dockerignore").splitlines() if line.startswith("!")}
    copied = {
        source.rstrip("/")
        for sources in re.findall(r"^COPY (?!--from)(.+) \S+$", read("Dockerfile"), re.MULTILINE)
        for source in sources.split()
    }
    assert copied == let_through
    assert [name for name in copied if not (ROOT / name).exists()] == []


def test_the_bot_runs_as_itself_and_without_root() -> None:
    final = read("Dockerfile").rpartition("\nFROM ")[2]
    assert re.findall(r"^USER (.+)$", final, re.MULTILINE) == ["ketchup"]
    assert 'ENTRYPOINT ["ketchup-bot"]\nCMD ["run"]' in final
    assert "/healthz" in final.partition("HEALTHCHECK")[2].partition("\n")[0]


def test_every_stage_names_the_same_version_of_its_base() -> None:
    bases = set(re.findall(r"^FROM (\S+)", read("Dockerfile"), re.MULTILINE))
    (base,) = bases
    assert re.fullmatch(r"python:3\.1[1-9]-slim-\w+", base)


def test_compose_takes_every_right_away_that_the_bot_does_not_need() -> None:
    compose = yaml.safe_load(read("compose.yaml"))
    bot = compose["services"]["bot"]
    assert bot["read_only"] is True
    assert bot["cap_drop"] == ["ALL"]
    assert bot["security_opt"] == ["no-new-privileges:true"]
    assert bot["tmpfs"] == ["/tmp"]
    assert all(port.startswith("127.0.0.1:") for port in bot["ports"])
    required = {name.upper() for name, f in Settings.model_fields.items() if f.is_required()}
    assert set(bot["secrets"]) == set(compose["secrets"]) == required
    assert set(bot["environment"]) <= {name.upper() for name in Settings.model_fields}
