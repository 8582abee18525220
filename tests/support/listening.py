"""The application behind a real port, for clients that are not ours."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from fastapi import FastAPI


@asynccontextmanager
async def listening(app: FastAPI) -> AsyncIterator[str]:
    """Serve an application that has been started; yields its origin."""
    config = uvicorn.Config(app, lifespan="off", log_config=None, ws="none")
    listener = socket.create_server(("127.0.0.1", 0))
    running = uvicorn.Server(config)
    # Pytest's own handling of signals stays.
    running.capture_signals = _no_signals  # type: ignore[method-assign,assignment]
    task = asyncio.create_task(running.serve(sockets=[listener]))
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        running.should_exit = True
        await task


class _no_signals:  # noqa: N801  (stands in for a context manager function)
    def __enter__(self) -> None:
        return None

    def __exit__(self, *_error: object) -> None:
        return None
