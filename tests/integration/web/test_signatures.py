"""Signatures of callbacks, bent in every way that a socket can carry."""

import base64
import http.client
from collections.abc import Iterator
from urllib.parse import quote, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.integration.web.serving import OTHER_TASK, TASK, signer_of
from tests.integration.web.threaded import Served, served_in_thread

SIGNER = signer_of("a secret")
GOOD = SIGNER.address("", TASK).rpartition("/")[2]
OTHER = SIGNER.address("", OTHER_TASK).rpartition("/")[2]
BODY = b'{"task_id": "ta1", "status": "success", "result": [{"image": "https://x.example/1"}]}'


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served_in_thread(tmp_path_factory.mktemp("web")) as running:
        yield running


def status(served: Served, path: str) -> int:
    """What a callback to this path is answered; the path goes out as it is."""
    where = urlsplit(served.url)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=20)
    try:
        connection.putrequest("POST", path, skip_accept_encoding=True)
        connection.putheader("Content-Length", str(len(BODY)))
        connection.putheader("Content-Type", "application/json")
        connection.endheaders(BODY)
        return connection.getresponse().status
    finally:
        connection.close()


def flipped(bit: int) -> str:
    """The good signature with one bit of its 256 changed."""
    raw = bytearray(base64.urlsafe_b64decode(GOOD + "="))
    raw[bit // 8] ^= 1 << bit % 8
    return base64.urlsafe_b64encode(bytes(raw)).rstrip(b"=").decode()


BENT = st.one_of(
    st.integers(0, 255).map(flipped),
    st.integers(1, len(GOOD) - 1).map(lambda size: GOOD[:size]),
    st.integers(1, len(GOOD) - 1).map(lambda size: GOOD[size:]),
    st.text(min_size=1, max_size=5).map(lambda more: GOOD + more),
    st.text(min_size=1, max_size=5).map(lambda more: more + GOOD),
    st.text(max_size=60),
    st.integers(100, 7_000).map(lambda size: "A" * size),
    st.sampled_from(
        [OTHER, GOOD.lower(), GOOD.upper(), GOOD + "=", GOOD[::-1], f"{OTHER}/{GOOD}", "", ".."]
    ),
).filter(lambda bent: bent != GOOD)


def test_the_good_one_is_taken(served: Served) -> None:
    assert status(served, f"/callbacks/{TASK}/{GOOD}") == 200


@given(bent=BENT)
@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_bent_signature_is_not_found(served: Served, bent: str) -> None:
    carried = quote(bent.encode("utf-8", "surrogatepass"), safe="/%")
    assert status(served, f"/callbacks/{TASK}/{carried}") in {400, 404}


def test_each_flipped_bit_is_noticed() -> None:
    assert SIGNER.verify(TASK, GOOD)
    assert [bit for bit in range(256) if SIGNER.verify(TASK, flipped(bit))] == []


@given(task=st.text(min_size=1, max_size=80).filter(lambda task: task != TASK))
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_signature_opens_no_other_task(served: Served, task: str) -> None:
    carried = quote(task.encode("utf-8", "surrogatepass"), safe="")
    assert status(served, f"/callbacks/{carried}/{GOOD}") in {400, 404}


@pytest.mark.parametrize("size", [9_000, 100_000])
def test_an_endless_signature_is_refused_and_the_server_goes_on(served: Served, size: int) -> None:
    assert status(served, f"/callbacks/{TASK}/{'A' * size}") in {400, 404, 414}
    assert status(served, f"/callbacks/{TASK}/{GOOD}") == 200
