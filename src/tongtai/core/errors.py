"""The root of every error that Tongtai raises on purpose."""

from typing import ClassVar


class TongtaiError(Exception):
    """Something that the caller can understand and act upon.

    An error carries a stable ``code`` and the ``values`` that belong to it, and knows nothing of
    HTTP; ``tongtai.entrypoints.web.errors`` holds the table from class to status. Values must never
    contain a patient's name or number: they are logged and shown.

    Parameters
    ----------
    message : str, optional
        One English sentence saying what is wrong and what to do; the default is the first line
        of the class's docstring.
    **values : str | int | float | bool | None | list
        The facts, by name.

    Examples
    --------
    >>> class DoorClosedError(TongtaiError):
    ...     '''The door is closed.'''
    ...
    ...     code = "door_closed"
    >>> str(DoorClosedError(door="2"))
    'The door is closed.'
    """

    code: ClassVar[str] = "error"
    retryable: ClassVar[bool] = False

    def __init__(self, message: str | None = None, **values: object) -> None:
        doc = (type(self).__doc__ or "Error.").strip().splitlines()[0]
        super().__init__(message or doc)
        self.values = values
