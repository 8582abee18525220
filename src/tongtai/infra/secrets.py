"""Secrets of an installation: made at first use, one file each, readable by the owner alone."""

import os
import secrets
from pathlib import Path


def installation_secret(data: Path, name: str) -> str:
    """Read the secret called ``name``, or make it.

    Two processes that start together get the same secret: the file is written in full under
    another name and then linked, and only one link can succeed.

    Parameters
    ----------
    data : Path
        The data folder; the secret is kept in its folder ``secrets``.
    name : str
        What the secret is for.
    """
    folder = data / "secrets"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / name
    if not path.exists():
        draft = folder / f".{name}.{os.getpid()}.{secrets.token_hex(4)}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_hex(32), encoding="ascii")
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text(encoding="ascii").strip()
