"""A job's message in every state and both languages."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat import layouts
from bot.chat.layouts import Drawer, card_view
from bot.chat.text import length
from bot.chat.translate import Catalogues, Texts
from bot.domain.ids import ChannelId, GuildId, MessageId, Millis, UserId
from bot.domain.money import Microcredits
from bot.domain.request import Unused
from bot.domain.stages import Failure, JobOutcome
from bot.service.delivery.cards import Card, ParentLink
from tests.unit.chat.cards import JOB, NOW, make_card, make_done, make_ended, make_running

CATALOGUES = Catalogues(lambda name: f"</{name}:5>")
EN, JA = CATALOGUES.of("en-US"), CATALOGUES.of("ja")
NOTHING = "Nothing was charged."
NICHTS = "クレジットは消費していません。"

Json = dict[str, Any]


def payload(card: Card, texts: Texts = EN, files: tuple[str, ...] = ()) -> list[Json]:
    return drawn(card_view(card, texts, files))


def drawn(view: discord.ui.LayoutView) -> list[Json]:
    """What is sent to Discord."""
    parts: list[Json] = view.to_components()  # type: ignore[no-untyped-call]
    return parts


def walk(parts: list[Json]) -> Iterator[Json]:
    for part in parts:
        yield part
        yield from walk(part.get("components", []))


def text_of(parts: list[Json]) -> str:
    return "\n".join(part["content"] for part in walk(parts) if "content" in part)


def said(card: Card, texts: Texts = EN, files: tuple[str, ...] = ()) -> str:
    return text_of(payload(card, texts, files))


def buttons(card: Card, texts: Texts = EN) -> dict[str, str]:
    return {
        part["label"]: part["custom_id"] for part in walk(payload(card, texts)) if "label" in part
    }


def colour(card: Card) -> int:
    found: int = payload(card)[0]["accent_color"]
    return found


def failed(failure: Failure | None, **overrides: Any) -> Card:
    return make_ended(JobOutcome.FAILED, failure=failure, **overrides)


def test_waiting_shows_prompt_requester_place_and_time() -> None:
    assert said(make_card()) == (
        '"a lighthouse at dawn"\n3rd in line · about 40 s to go\n-# <@11> · Nano Banana · 16:9'
    )
    assert said(make_card(), JA) == (
        "「a lighthouse at dawn」\n順番待ち（3番目）・あと約40秒\n-# <@11>・Nano Banana・16:9"
    )
    assert colour(make_card()) == layouts.GREY


def test_several_pictures_and_an_automatic_aspect_are_told_as_people_would() -> None:
    card = make_card(count=3, aspect="auto", wait_s=None, place_in_line=1)
    assert said(card).endswith("1st in line\n-# <@11> · Nano Banana · 3 pictures")


def test_painting_shows_since_when_and_what_is_usual() -> None:
    card = make_running()
    assert "Painting · started <t:1795000000:R> · usually 12 s" in said(card)
    assert "生成中・<t:1795000000:R>に開始・通常12秒ほど" in said(card, JA)
    assert "usually" not in said(replace(card, expected_s=None))
    assert "· Watercolor" in said(replace(card, style="watercolor"))
    assert "・水彩画" in said(replace(card, style="watercolor"), JA)
    assert r"· Our \*own\* one" in said(replace(card, style="Our *own* one"))
    assert "· 1 of 4 ready" in said(replace(card, count=4, made=1))
    assert colour(card) == layouts.BLUE


def test_slow_and_paused_say_so() -> None:
    assert "Taking longer than usual.\n" in said(make_running(late=True)) + "\n"
    late = make_running(late=True, calls_back=True)
    assert "Taking longer than usual. I'll mention you when it's ready." in said(late)
    assert "いつもより時間がかかっています。" in said(late, JA)
    paused = make_card(paused=True)
    assert "Pictures are paused: the image service can't be reached. You keep your place." in said(
        paused
    )
    assert "生成を一時停止しています。順番はそのままです。" in said(paused, JA)


def test_pictures_that_are_not_used_are_named() -> None:
    unused = Unused(left_out=("b.png", "_c.png"), unusable=("moving.gif",), too_large=("huge.png",))
    for card in (make_card(unused=unused), make_done(unused=unused)):
        assert r"-# 4 reference pictures at most: b.png · \_c.png left out." in said(card)
        assert "-# moving.gif couldn't be used: it isn't a PNG, JPEG or WebP." in said(card)
        assert "-# huge.png couldn't be used: it is over 25 MB or 40 megapixels." in said(card)
    assert "b.png" not in said(make_ended(JobOutcome.FAILED, unused=unused))


@pytest.mark.parametrize("card", [make_card(), make_running(), make_running(late=True)])
def test_what_has_not_ended_can_be_cancelled(card: Card) -> None:
    assert buttons(card) == {"Cancel": f"k:cancel:{JOB}"}
    assert list(buttons(card, JA)) == ["キャンセル"]


def test_done_shows_the_pictures_and_the_receipt() -> None:
    card = make_done(count=2, made=2)
    parts = payload(card, files=("k-1.png", "k-2.png"))
    gallery = next(part for part in walk(parts) if part["type"] == 12)
    assert [item["media"]["url"] for item in gallery["items"]] == [
        "attachment://k-1.png", "attachment://k-2.png",
    ]  # fmt: skip
    assert {item["description"] for item in gallery["items"]} == {"a lighthouse at dawn"}
    assert text_of(parts) == '"a lighthouse at dawn"\n-# <@11> · 12 s · 0.5 credits'
    assert said(card, JA).endswith("-# <@11>・12秒・0.5クレジット")
    assert colour(card) == layouts.GREEN
    assert list(buttons(card)) == ["Remix", "Again", "More"]


def test_a_remix_links_to_what_it_came_from() -> None:
    parent = ParentLink(UserId(12), GuildId(500), ChannelId(77), MessageId(98))
    card = make_done(parent=parent)
    link = "[↗](https://discord.com/channels/500/77/98)"
    assert said(card).endswith(f"0.5 credits · remixed from {link} <@12>")
    assert said(card, JA).endswith(f"0.5クレジット・元画像 {link} <@12>")
    gone = make_done(parent=replace(parent, message_id=None))
    assert said(gone).endswith("remixed from <@12>")


def test_a_shrunk_picture_says_so() -> None:
    parts = drawn(card_view(make_done(), EN, ("k-1.webp",), shrunk=True))
    assert "-# Made smaller to fit into Discord's upload limit." in text_of(parts)


def test_partly_says_how_many_were_paid() -> None:
    card = make_ended(JobOutcome.PARTLY, count=4, made=3, charged=Microcredits(1_500_000))
    assert "3 of 4 pictures are ready. You paid for 3: 1.5 credits." in said(card)
    assert "4枚中3枚ができました。消費は3枚分の1.5クレジットです。" in said(card, JA)
    assert colour(card) == layouts.AMBER
    one = replace(card, made=1, charged=Microcredits(500_000))
    assert "1 of 4 pictures is ready. You paid for 1: 0.5 credits." in said(one)


WORDING = [
    (
        Failure.DECLINED,
        "The image service declined this request.",
        "画像サービスがこの内容を受け付けませんでした。",
    ),
    (
        Failure.DEADLINE,
        "No picture came within 10 minutes, so I stopped.",
        "10分待っても画像が届かなかったため、中止しました。",
    ),
    (
        Failure.LOST,
        "I lost contact and can't tell if it was painted.",
        "通信が途切れ、生成されたか確認できませんでした。",
    ),
]


@pytest.mark.parametrize(("failure", "english", "japanese"), WORDING)
def test_failures_are_worded_as_designed(failure: Failure, english: str, japanese: str) -> None:
    assert english in said(failed(failure))
    assert japanese in said(failed(failure), JA)


@pytest.mark.parametrize("failure", [*Failure, None])
def test_every_failure_is_red_costs_nothing_and_can_be_tried_again(failure: Failure | None) -> None:
    card = failed(failure)
    assert NOTHING in said(card)
    assert NICHTS in said(card, JA)
    assert card.prompt not in said(card)
    assert said(card).endswith("-# <@11>")
    assert colour(card) == layouts.RED
    assert buttons(card) == {"Try again": f"k:retry:{JOB}", "Edit prompt": f"k:edit:{JOB}"}
    assert list(buttons(card, JA)) == ["再試行", "プロンプトを直す"]


def test_words_instead_of_a_picture_are_quoted_harmlessly() -> None:
    card = failed(Failure.WORDS, reason="I **can't**, see https://x.example/y @everyone")
    assert r'picture: "I \*\*can' in said(card)
    assert "example" not in said(card)
    assert r"\@everyone" in said(card, JA)


def test_the_providers_reason_is_for_the_requester_alone() -> None:
    card = failed(Failure.DECLINED, reason="contains *people*")
    assert "people" not in said(card)
    assert r"contains \*people\*" in said(replace(card, private=True))


def test_cancelled_in_time_costs_nothing() -> None:
    card = make_ended(JobOutcome.CANCELLED, stopped=True)
    assert "Cancelled. Nothing was charged." in said(card)
    assert "キャンセルしました。クレジットは消費していません。" in said(card, JA)
    assert colour(card) == layouts.GREY
    assert buttons(card) == {}


def test_cancelled_too_late_says_where_the_picture_is() -> None:
    running = make_running(stopped=True)
    assert "Painting had begun, so the picture goes to </gallery:5>." in said(running)
    assert buttons(running) == {}
    assert colour(running) == layouts.GREY
    ended = make_ended(JobOutcome.CANCELLED, stopped=True, made=1, charged=Microcredits(500_000))
    assert "kept in </gallery:5>: 0.5 credits." in said(ended)
    assert "（0.5クレジット）" in said(ended, JA)


@pytest.mark.parametrize("card", [make_card(private=True), make_done(private=True)])
def test_a_private_job_explains_itself(card: Card) -> None:
    assert (
        "-# Only you see this. It vanishes when Discord reloads but stays in </gallery:5>."
        in said(card)
    )
    assert "あなただけに表示されています。" in said(card, JA)


def test_public_text_is_in_the_public_language_and_private_in_ones_own() -> None:
    draw = Drawer(CATALOGUES)
    card = make_card(locale="ja", public_locale="en-US")
    assert "in line" in text_of(drawn(draw(card)))
    assert "順番待ち" in text_of(drawn(draw(replace(card, private=True))))


cards = st.builds(
    make_card,
    prompt=st.text(max_size=4000) | st.text("あ*@<[\n👩\u200d", min_size=200, max_size=4000),
    model=st.text(max_size=200),
    reason=st.none() | st.text(max_size=3000),
    private=st.booleans(),
)
states = st.sampled_from(
    [
        make_card(), make_card(paused=True), make_running(), make_running(stopped=True),
        make_done(),
        make_ended(JobOutcome.PARTLY, count=4, made=3), failed(Failure.WORDS, reason="x"),
        failed(Failure.DECLINED), make_ended(JobOutcome.CANCELLED),
    ]
)  # fmt: skip


@given(cards, states, st.integers(0, 10), st.sampled_from([EN, JA]))
def test_any_card_is_within_discords_limits(
    card: Card, state: Card, count: int, texts: Texts
) -> None:
    shown = replace(
        state, prompt=card.prompt, model=card.model, private=card.private,
        reason=card.reason if state.reason else None,
    )  # fmt: skip
    parts = drawn(card_view(shown, texts, [f"{n}.png" for n in range(count)], shrunk=True))
    everything = list(walk(parts))
    assert len(everything) <= 40
    assert length(text_of(parts)) <= 4000
    for part in everything:
        if "content" in part:
            assert part["content"].strip()
        if part["type"] == 12:
            assert 1 <= len(part["items"]) <= 10
            assert all(0 < length(item.get("description") or "x") <= 1024 for item in part["items"])
        if part["type"] == 2:
            assert len(part["custom_id"]) <= 100
            assert len(part["label"]) <= 80
    ids = [part["custom_id"] for part in everything if "custom_id" in part]
    assert len(set(ids)) == len(ids)


async def test_a_view_holds_only_dynamic_items_and_never_ends() -> None:
    for card in (make_card(), failed(Failure.DECLINED)):
        view = card_view(card, EN)
        assert view.timeout is None
        pressed = [item for item in view.walk_children() if item.is_dispatchable()]
        assert pressed
        assert all(isinstance(item, discord.ui.DynamicItem) for item in pressed)


def test_the_time_of_painting_is_the_time_that_it_took() -> None:
    card = make_done(started_at=NOW, finished_at=Millis(NOW + 200_000))
    assert "· 3 min ·" in said(card)
