"""Signed addresses: good ones are known again, everything else is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ids import TaskId
from bot.web import signing
from bot.web.signing import CallbackSigner, callback_keys

TASK = TaskId("01JD0000000000000000000000")
PUBLIC_URL = "https://bot.example"


def signer(*secrets: str) -> CallbackSigner:
    return CallbackSigner(callback_keys(secrets))


def signature(made_by: CallbackSigner, task_id: str = TASK) -> str:
    return made_by.address(PUBLIC_URL, TaskId(task_id)).rpartition("/")[2]


def test_an_address_is_the_same_in_every_version_of_the_bot() -> None:
    assert signer("a secret").address(PUBLIC_URL, TASK) == (
        f"https://bot.example/callbacks/{TASK}/p_BMMW2KLc3CmQVJCL6vKVPnmNPJbxSRsdvPAGSs4Sc"
    )


def test_a_trailing_slash_of_the_public_address_makes_no_difference() -> None:
    with_slash = signer("a secret").address(f"{PUBLIC_URL}/", TASK)
    assert with_slash == signer("a secret").address(PUBLIC_URL, TASK)


def test_the_key_is_derived_as_rfc_5869_shows_in_its_third_test_case() -> None:
    derived = signing._derived(b"\x0b" * 22, b"")
    assert derived.hex() == "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"


def test_the_key_itself_signs_nothing() -> None:
    derived = callback_keys(["a secret"])
    assert derived != (b"a secret",)
    assert not CallbackSigner([b"a secret"]).verify(TASK, signature(CallbackSigner(derived)))


@given(st.text())
def test_a_guessed_signature_is_refused(guess: str) -> None:
    assert not signer("a secret").verify(TASK, guess)


@given(st.text(), st.text())
def test_a_signature_is_good_for_its_own_task_alone(one: str, other: str) -> None:
    made_by = signer("a secret")
    assert made_by.verify(one, signature(made_by, one))
    assert made_by.verify(other, signature(made_by, one)) == (one == other)


@given(st.integers(min_value=0, max_value=42), st.characters())
def test_one_changed_character_makes_a_signature_bad(place: int, character: str) -> None:
    good = signature(signer("a secret"))
    changed = good[:place] + character + good[place + 1 :]
    assert signer("a secret").verify(TASK, changed) == (changed == good)


def test_old_addresses_stay_good_while_keys_are_rotated() -> None:
    old, rotating, new = signer("old"), signer("new", "old"), signer("new")
    assert rotating.verify(TASK, signature(old))
    assert signature(rotating) == signature(new)
    assert not new.verify(TASK, signature(old))


def test_a_signer_without_a_key_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="at least one key"):
        CallbackSigner([])
