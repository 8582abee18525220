"""Files that come with a case: a PDF or a picture, and nothing that hides in one."""

import io
import re
import warnings

from PIL import Image, UnidentifiedImageError

from tongtai.core.errors import TongtaiError

LIMIT_BYTES = 20_000_000
_MAX_PIXELS = 60_000_000
# Parts of a PDF that act by themselves, open other files or carry them.
_ACTIVE = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFile|OpenAction|AA|RichMedia|XFA)\b")
_PICTURES = {"JPEG": "image/jpeg", "PNG": "image/png"}


class AttachmentError(TongtaiError):
    """The file is no PDF, JPEG or PNG that can be kept; the values say why."""

    code = "attachment_refused"


def checked_media_type(content: bytes) -> str:
    r"""What a file is, by its content; its name and what the sender says do not count.

    Raises
    ------
    AttachmentError
        If it is too large, damaged, of another kind, or a PDF with active parts.

    Examples
    --------
    >>> checked_media_type(b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n")
    'application/pdf'
    """
    if len(content) > LIMIT_BYTES:
        raise AttachmentError(reason="too_large", limit_bytes=LIMIT_BYTES)
    if content.startswith(b"%PDF-"):
        if b"%%EOF" not in content[-2048:]:
            raise AttachmentError(reason="truncated")
        active = _ACTIVE.search(content)
        if active is not None:
            raise AttachmentError(reason="active_content", part=active[1].decode())
        return "application/pdf"
    return _picture(content)


def _picture(content: bytes) -> str:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=tuple(_PICTURES)) as picture:
                if picture.width * picture.height > _MAX_PIXELS:
                    raise AttachmentError(reason="too_many_pixels", limit=_MAX_PIXELS)
                picture.load()
                return _PICTURES[str(picture.format)]
    except UnidentifiedImageError:
        raise AttachmentError(reason="unknown_kind") from None
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombWarning):
        raise AttachmentError(reason="damaged") from None
