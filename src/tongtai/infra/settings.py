"""Settings of an installation: environment variables ``TONGTAI_*`` or ``DATA/tongtai.env``."""

import os
from functools import cached_property
from ipaddress import ip_network
from pathlib import Path
from typing import Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, PrivateAttr, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from tongtai.core.errors import TongtaiError
from tongtai.infra.secrets import installation_secret


class SettingRefusedError(TongtaiError):
    """A setting is not possible."""

    code = "setting_refused"


class Settings(BaseSettings):
    """Everything that an installation can be told.

    Each field is the environment variable ``TONGTAI_<FIELD>``; ``docs/reference/settings.md``
    documents every one of them (a test compares the two).
    """

    model_config = SettingsConfigDict(env_prefix="TONGTAI_", extra="ignore", frozen=True)

    _secrets: dict[str, str] = PrivateAttr(default_factory=dict)

    data: Path = Field(default=Path("data"), description="Folder of the database, blobs and secrets.")
    host: str = Field(default="127.0.0.1", description="Address that the server listens on.")
    port: int = Field(default=8000, ge=1, le=65535, description="Port that the server listens on.")
    public_url: str = Field(
        default="", description="Address under which browsers reach the server; default http://host:port."
    )
    database_url: str = Field(default="", description="SQLAlchemy URL; default is SQLite in the data folder.")
    redis_url: str = Field(
        default="",
        description="Redis that several server processes share for live events; empty for one process.",
    )
    blob_url: str = Field(
        default="",
        description="Object store, such as s3://bucket/prefix; default is a folder in the data folder.",
    )
    livekit_url: str = Field(
        default="ws://127.0.0.1:7880", description="LiveKit address that browsers and gateways connect to."
    )
    livekit_api_url: str = Field(
        default="", description="LiveKit address that the server calls; default is made from livekit_url."
    )
    livekit_api_key: str = Field(default="tongtai", description="Name of the LiveKit key.")
    livekit_api_secret: SecretStr = Field(
        default=SecretStr(""), description="LiveKit secret; default is generated in the data folder."
    )
    trusted_proxies: str = Field(
        default="127.0.0.1,::1",
        description=(
            "Addresses and networks (CIDR), separated by commas, of the proxies whose X-Forwarded-For names "
            "the reader."
        ),
    )
    cookie_secure: bool = Field(
        default=False, description="Send cookies over TLS only; set it to true behind the TLS proxy."
    )
    web_dist: Path = Field(
        default=Path("web/apps/console/dist"), description="Folder of the built web application."
    )
    time_zone: str = Field(
        default="Asia/Shanghai",
        description="Time zone (IANA) of the times that papers print; each paper says which it is.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Least severe message that is logged."
    )
    log_format: Literal["console", "json"] = Field(
        default="console", description="Log for a person or one JSON object a line."
    )
    upload_limit_bytes: int = Field(
        default=2_000_000_000, gt=0, description="Largest accepted upload in bytes."
    )
    jobs_at_once: int = Field(
        default=1, ge=1, le=16, description="Plans that one worker computes at the same time."
    )
    jobs_nice: int = Field(
        default=19,
        ge=0,
        le=19,
        description="How far planning stands back for other programs: 19 takes only what they leave, 0 an equal share.",
    )
    worker_name: str = Field(
        default="",
        description="Name of a worker on PostgreSQL, its own and lasting; default is the machine's name.",
    )
    timestamp_url: str = Field(
        default="",
        description="RFC 3161 timestamp authority for signatures; empty for the installation's own, for tests.",
    )
    signing_token_module: Path | None = Field(
        default=None,
        description="PKCS#11 module of the token with people's signing keys; empty for test keys made here.",
    )
    signing_token_label: str = Field(default="", description="Label of that token.")
    signing_roots: Path | None = Field(
        default=None,
        description="Folder of certificates (*.pem) of authorities whose signatures are trusted.",
    )
    metrics_token: SecretStr = Field(
        default=SecretStr(""),
        description="Bearer token that /metrics asks for; when empty only this machine may read it.",
    )

    @field_validator("trusted_proxies")
    @classmethod
    def _addresses(cls, value: str) -> str:
        # Whoever may name the reader's address can evade the lock-out: no "*", and no misprint that
        # would be taken for a name.
        for part in value.split(","):
            ip_network(part.strip())
        return value

    @field_validator("time_zone")
    @classmethod
    def _zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, OSError) as error:
            # A folder of the zones' database is an OSError, of which pydantic would know nothing.
            raise ValueError("no time zone of that name") from error
        return value

    @classmethod
    def load(cls, data: Path | None = None, **overrides: object) -> Self:
        """Read the environment, then the file ``tongtai.env`` of the data folder.

        Parameters
        ----------
        data : Path, optional
            The data folder; default is ``TONGTAI_DATA`` or ``./data``.
        **overrides
            Values that win over environment and file, such as those of the command line.

        Raises
        ------
        SettingRefusedError
            If a value is not possible.
        """
        folder = data or Path(os.environ.get("TONGTAI_DATA", "data"))
        try:
            return cls(_env_file=folder / "tongtai.env", data=folder.absolute(), **overrides)  # type: ignore[call-arg,arg-type]
        except ValidationError as error:
            raise SettingRefusedError(_refused(error)) from error

    @cached_property
    def effective_database_url(self) -> str:
        """The database's URL with its asynchronous driver."""
        return self.database_url or f"sqlite+aiosqlite:///{self.data / 'tongtai.sqlite3'}"

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone of the papers."""
        return ZoneInfo(self.time_zone)

    @cached_property
    def effective_public_url(self) -> str:
        """The address in links, cookies and the check of ``Origin``."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    @cached_property
    def effective_livekit_api_url(self) -> str:
        """LiveKit's HTTP address."""
        return self.livekit_api_url or self.livekit_url.replace("ws", "http", 1)

    @cached_property
    def effective_livekit_secret(self) -> str:
        """LiveKit's secret, the configured or the generated one."""
        return self.livekit_api_secret.get_secret_value() or installation_secret(self.data, "livekit")

    def secret(self, name: str) -> str:
        """A secret of this installation, made at first use (64 hexadecimal characters)."""
        # Once made it never changes, and every request needs some.
        if name not in self._secrets:
            self._secrets[name] = installation_secret(self.data, name)
        return self._secrets[name]


def _refused(error: ValidationError) -> str:
    """Which settings, and why; without what was given, which may be a secret."""
    # The folder on the command line is checked by the command; everything else has its variable.
    parts = (f"TONGTAI_{str(part['loc'][0]).upper()}: {part['msg']}" for part in error.errors())
    return f"{'; '.join(parts)}. See docs/reference/settings.md."
