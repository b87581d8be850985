"""Only the sandbox's own page may drive the sandbox."""

from __future__ import annotations

import aiohttp
import pytest

from sandbox.page import PageServer
from sandbox.page.origin import is_own_host


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1", None])
async def test_a_foreign_page_opens_no_socket_and_uploads_nothing(
    page: PageServer, browser: aiohttp.ClientSession, origin: str | None
) -> None:
    headers = {"Origin": origin} if origin else {}
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await browser.ws_connect(page.url + "socket", headers=headers)
    assert refused.value.status == 403
    async with browser.post(page.url + "uploads", data=b"x", headers=headers) as answer:
        assert answer.status == 403


async def test_a_name_that_only_resolves_to_this_machine_is_refused(
    page: PageServer, browser: aiohttp.ClientSession
) -> None:
    async with browser.get(page.url, headers={"Host": f"evil.example:{page.port}"}) as answer:
        assert answer.status == 403


async def test_the_page_is_served_with_a_policy_that_keeps_it_on_this_machine(
    page: PageServer, browser: aiohttp.ClientSession
) -> None:
    async with browser.get(page.url) as answer:
        text = await answer.text()
        policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "connect-src 'self'" in policy
    assert "http://" not in text
    assert "https://" not in text


async def test_a_body_that_is_no_form_is_refused(
    page: PageServer, browser: aiohttp.ClientSession
) -> None:
    own = {"Origin": page.url.rstrip("/")}
    async with browser.post(page.url + "uploads", data=b"x", headers=own) as answer:
        assert answer.status == 400


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("127.0.0.1:8765", True),
        ("localhost:9000", True),
        ("[::1]:80", True),
        ("localhost", True),
        ("127.0.0.1.evil.example", False),
        ("evil.example", False),
        ("[broken", False),
        ("", False),
    ],
)
def test_own_hosts_are_this_machines_names(host: str, own: bool) -> None:
    assert is_own_host(host) is own
