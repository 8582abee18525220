"""Where numba keeps the machine code of kernels: beside the source, or in the data folder where that is not ours to write."""

import os
from pathlib import Path

import tongtai

VARIABLE = "NUMBA_CACHE_DIR"


def keep_kernels_in(data: Path) -> None:
    """Let numba write to the data folder if it may not write beside the source; before numba is imported.

    A service has no home of its own, and numba refuses to load a kernel that it can keep nowhere.

    >>> import tempfile
    >>> keep_kernels_in(Path(tempfile.gettempdir()))
    """
    if VARIABLE not in os.environ and not os.access(Path(tongtai.__file__).parent, os.W_OK):
        os.environ[VARIABLE] = str(data.absolute() / "kernels")
