"""What every request and every answer must keep to."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tongtai.entrypoints.web.errors import error_response
from tongtai.infra.settings import Settings

# JSON bodies are small; uploads name their own limit in the settings.
_JSON_LIMIT_BYTES = 2_000_000
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_WEBSOCKET_POLICY_VIOLATION = 1008


class Security:
    """ASGI middleware: ``Origin``, size of bodies, and the headers that browsers obey.

    Parameters
    ----------
    app : ASGIApp
        What is protected.
    settings : Settings
        Name the public address, LiveKit's address and the largest upload.
    """

    def __init__(self, app: ASGIApp, *, settings: Settings) -> None:
        self._app = app
        self._upload_limit_bytes = settings.upload_limit_bytes
        self._public_origin = origin_of(settings.effective_public_url)
        self._headers = _headers(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or pass on and dress the answer."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if not self._origin_allowed(scope, headers):
            await self._refuse_origin(scope, receive, send)
            return
        if scope["type"] == "websocket":
            await self._app(scope, receive, send)
            return
        limit = self._limit(headers)
        declared = headers.get("content-length", "")
        if declared.isdigit() and int(declared) > limit:
            message = "The body is larger than this server accepts."
            answer = error_response(413, "too_large", message, {"limit_bytes": limit})
            answer.headers["Connection"] = "close"
            await answer(scope, receive, self._dressed(send))
            return
        await self._app(scope, _limited(receive, limit), self._dressed(send))

    def _origin_allowed(self, scope: Scope, headers: Headers) -> bool:
        if scope["type"] == "http" and scope["method"] in _SAFE_METHODS:
            return True
        origin = headers.get("origin")
        if origin is None:
            # Not a browser, or one that sends none with its own pages' requests; the CSRF token
            # and SameSite guard those. A WebSocket of a browser always has one.
            return headers.get("sec-fetch-site", "same-origin") in {"same-origin", "none"}
        return origin in {self._public_origin, f"{_scheme(scope)}://{headers.get('host', '')}"}

    async def _refuse_origin(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": _WEBSOCKET_POLICY_VIOLATION})
            return
        message = "The request comes from another site."
        answer = error_response(403, "origin_refused", message)
        await answer(scope, receive, self._dressed(send))

    def _limit(self, headers: Headers) -> int:
        is_json = headers.get("content-type", "").startswith("application/json")
        return _JSON_LIMIT_BYTES if is_json else self._upload_limit_bytes

    def _dressed(self, send: Send) -> Send:
        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        return dressed


def _limited(receive: Receive, limit: int) -> Receive:
    seen = 0

    async def limited() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > limit:
            raise HTTPException(413, "The body is larger than this server accepts.")
        return message

    return limited


def origin_of(url: str) -> str:
    """Scheme, host and port of a URL."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _scheme(scope: Scope) -> str:
    scheme: str = scope["scheme"]
    return {"ws": "http", "wss": "https"}.get(scheme, scheme)


def _headers(settings: Settings) -> dict[str, str]:
    livekit = origin_of(settings.livekit_url)
    # livekit-client also asks the server over HTTP, for the validity of a token.
    livekit_http = livekit.replace("ws", "http", 1)
    policy = {
        "default-src": "'self'",
        # Codecs of CT pictures are WebAssembly.
        "script-src": "'self' 'wasm-unsafe-eval'",
        "worker-src": "'self' blob:",
        # Ant Design and the viewer set styles from script.
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "media-src": "'self' blob: mediastream:",
        "font-src": "'self' data:",
        "connect-src": f"'self' blob: {_websocket(settings)} {livekit} {livekit_http}",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    headers = {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(self), microphone=(self), display-capture=(self), geolocation=()",
        # Answers hold patients' data; what may be kept says so itself.
        "Cache-Control": "no-store",
    }
    if settings.cookie_secure:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    return headers


def _websocket(settings: Settings) -> str:
    return origin_of(settings.effective_public_url).replace("http", "ws", 1)
