"""A gateway's test of its uplinks against a real port: over which address it goes, and what a dead line gives."""

from typing import Any

import pytest
from fastapi import FastAPI, Request, Response
from tests.support.listening import listening

from tongtai.entrypoints.gateway import links
from tongtai.entrypoints.gateway.options import ONE_UPLINK, Uplink, UplinkOptionError, parse_uplinks


class Far:
    """What a Tongtai server is to a link test; notes who calls from where with what."""

    def __init__(self) -> None:
        self.app = FastAPI()
        self.addresses: set[str] = set()
        self.tokens: set[str] = set()
        self.received = 0
        self.app.get("/api/time")(self.time)
        self.app.post("/api/gateway/link-test")(self.take)
        self.app.get("/api/gateway/link-test")(self.give)

    async def time(self, request: Request) -> dict[str, float]:
        self.addresses.add(request.client.host if request.client else "")
        self.tokens.add(request.headers.get("authorization", ""))
        return {"t_ms": 0.0}

    async def take(self, request: Request) -> dict[str, int]:
        size = len(await request.body())
        self.received += size
        return {"received": size}

    async def give(self, size: int) -> Response:
        return Response(b"x" * min(size, 1 << 20))


class Breaking(Far):
    """A server that is reached, and whose door then closes."""

    async def take(self, request: Request) -> Response:  # type: ignore[override]
        await request.body()
        return Response(status_code=502)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "_STEADY_S", 0.05)
    monkeypatch.setattr(links, "_REQUEST_EVERY_S", 0.0)
    monkeypatch.setattr(links, "_RATE_BYTES", 1 << 20)


@pytest.mark.parametrize(
    ("way", "address"), [("", "127.0.0.1"), ("127.0.0.7", "127.0.0.7"), ("lo", "127.0.0.1")]
)
async def test_a_test_goes_over_its_own_uplink(way: str, address: str) -> None:
    far = Far()
    async with listening(far.app) as origin:
        found = await links.tested(Uplink(name="telecom", way=way), origin, {"Authorization": "Bearer t"})
    assert (far.addresses, far.tokens) == ({address}, {"Bearer t"})
    # Nothing is lost within this machine; TCP_INFO of Linux says so.
    assert (found["name"], found["loss_percent"]) == ("telecom", 0.0)
    assert far.received >= 1 << 20
    assert min(found["rtt_ms"], found["up_mbit_s"], found["down_mbit_s"]) > 0


@pytest.mark.parametrize("way", ["192.0.2.77", "no-such-device"])
async def test_a_line_that_is_not_there_gives_zeros(way: str) -> None:
    far = Far()
    async with listening(far.app) as origin:
        found = await links.tested(Uplink(name="unicom", way=way), origin, {})
    assert found == _nothing("unicom")
    assert far.addresses == set()


async def test_a_line_that_breaks_during_the_test_passes_no_limit() -> None:
    far = Breaking()
    async with listening(far.app) as origin:
        found = await links.tested(Uplink(name="unicom"), origin, {})
    assert found["rtt_ms"] is not None
    assert (found["up_mbit_s"], found["down_mbit_s"]) == (0.0, 0.0)


def _nothing(name: str) -> dict[str, Any]:
    return {
        "name": name, "rtt_ms": None, "jitter_ms": None, "loss_percent": None, "up_mbit_s": 0.0,
        "down_mbit_s": 0.0,
    }  # fmt: skip


@pytest.mark.parametrize("wrong", ["telecom", "=eth1", "telecom=", f"{'x' * 41}=eth1"])
def test_an_uplink_is_a_name_and_a_way(wrong: str) -> None:
    with pytest.raises(UplinkOptionError):
        parse_uplinks([wrong])
    with pytest.raises(UplinkOptionError):
        parse_uplinks(["a=eth1", "a=eth2"])
    with pytest.raises(UplinkOptionError):
        parse_uplinks([f"{number}=eth{number}" for number in range(9)])
    assert parse_uplinks([]) == ONE_UPLINK
