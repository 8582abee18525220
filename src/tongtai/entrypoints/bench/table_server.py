"""What a gateway needs of the server and no more, so that a measurement sees the media alone.

    python -m tongtai.entrypoints.bench.table_server --port 8000 --livekit ws://… --key … --secret …

An enrolment code is the name of its room.
"""

import time
from datetime import timedelta
from typing import Annotated

import typer
import uvicorn
from fastapi import FastAPI, Header
from livekit import api


def media_token(*, key: str, secret: str, room: str, identity: str, publish: bool) -> str:
    """A token of two minutes for one room of a measurement."""
    grants = api.VideoGrants(
        room_join=True, room=room, can_publish=publish, can_subscribe=True, can_publish_data=True
    )
    token = api.AccessToken(key, secret).with_identity(identity).with_grants(grants)
    return token.with_ttl(timedelta(minutes=2)).to_jwt()


def create_app(*, livekit: str, key: str, secret: str) -> FastAPI:
    """The application."""
    app = FastAPI()

    @app.get("/api/time")
    async def now() -> dict[str, float]:
        return {"t_ms": time.time() * 1000}

    @app.post("/api/gateway/enrol")
    async def enrol(body: dict[str, str]) -> dict[str, str]:
        return {"gateway_id": body["code"], "token": body["code"]}

    @app.post("/api/gateway/media-token")
    async def ticket(authorization: Annotated[str, Header()]) -> dict[str, str]:
        room = authorization.removeprefix("Bearer ")
        identity = f"gateway.{room}.{time.monotonic_ns()}"
        token = media_token(key=key, secret=secret, room=room, identity=identity, publish=True)
        return {"url": livekit, "token": token, "room": room}

    @app.post("/api/gateway/status")
    async def status(_body: dict[str, object], authorization: Annotated[str, Header()]) -> dict[str, object]:
        return {"case_id": authorization.removeprefix("Bearer "), "number": "bench", "recording": True}

    return app


def main(host: str, port: int, livekit: str, key: str, secret: str) -> None:
    """Serve until killed."""
    uvicorn.run(
        create_app(livekit=livekit, key=key, secret=secret), host=host, port=port, log_level="warning"
    )


if __name__ == "__main__":
    typer.run(main)
