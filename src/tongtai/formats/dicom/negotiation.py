"""What a DICOMweb client is willing to take (PS3.18 section 8.7)."""

from dataclasses import dataclass

from tongtai.formats.dicom.multipart import media_type
from tongtai.formats.dicom.syntaxes import EXPLICIT_LITTLE, NATIVE, frame_media_type

_MULTIPART = "multipart/related"
_DICOM = "application/dicom"
_OCTETS = "application/octet-stream"
_ANY = "*/*"
_JPEG, _PNG = "image/jpeg", "image/png"
_PICTURES = frozenset({_JPEG, _PNG})


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """How an object is sent.

    Attributes
    ----------
    multipart : bool
        As parts of one body, or as the body itself.
    decoded : bool
        As plain pixels (Explicit VR Little Endian), or as stored.
    media_type : str
        The type of each part, or of the body.
    """

    multipart: bool
    decoded: bool
    media_type: str


def choose_instance(accept: str, stored_syntax: str) -> Choice | None:
    """How to send a whole object, or None when the client takes nothing that there is.

    Examples
    --------
    >>> choose_instance("application/dicom", "1.2.840.10008.1.2.1").multipart
    False
    """
    for multipart, inner, syntax in _offers(accept):
        if inner not in {_DICOM, _ANY}:
            continue
        # Without a transfer syntax the object is sent as stored: nearly every client reads them
        # all, and the ones that do not can say so.
        if syntax in {"", "*", stored_syntax}:
            return Choice(multipart=multipart, decoded=False, media_type=_DICOM)
        if syntax == EXPLICIT_LITTLE:
            return Choice(multipart=multipart, decoded=True, media_type=_DICOM)
    return None


def choose_frame(accept: str, stored_syntax: str) -> Choice | None:
    """How to send frames, or None when the client takes nothing that there is.

    Examples
    --------
    >>> choose_frame("image/jls", "1.2.840.10008.1.2.4.80").decoded
    False
    >>> choose_frame("application/octet-stream", "1.2.840.10008.1.2.4.80").decoded
    True
    """
    stored_type = frame_media_type(stored_syntax)
    plain = stored_syntax in NATIVE
    for multipart, inner, syntax in _offers(accept):
        if syntax == "*" or (syntax == stored_syntax and inner in {stored_type, _OCTETS, _ANY}):
            return Choice(multipart=multipart, decoded=plain, media_type=stored_type)
        if inner == stored_type and not plain and not syntax:
            return Choice(multipart=multipart, decoded=False, media_type=stored_type)
        if inner in {_OCTETS, _ANY} and syntax in {"", EXPLICIT_LITTLE}:
            return Choice(multipart=multipart, decoded=True, media_type=_OCTETS)
    return None


def accepted_pictures(accept: str) -> frozenset[str]:
    """The media types of rendered pictures that a client likes best; empty when it takes none of ours.

    Who does not name a type gets JPEG, the default of a single frame (PS3.18 table 8.7.4-1).

    Examples
    --------
    >>> sorted(accepted_pictures("image/png;q=0.9, text/html"))
    ['image/png']
    >>> sorted(accepted_pictures("image/jpeg, image/png"))
    ['image/jpeg', 'image/png']
    >>> sorted(accepted_pictures("*/*"))
    ['image/jpeg']
    """
    weighed = _weighed(accept)
    refused = {inner for weight, (_, inner, _) in weighed if weight <= 0}
    default = _JPEG if _JPEG not in refused else _PNG
    found: set[str] = set()
    best = 0.0
    for weight, (_, inner, _) in weighed:
        types = {default} if inner in {_ANY, "image/*"} else {inner}
        types = (types & _PICTURES) - refused
        if weight <= 0 or (found and weight < best):
            break
        if types:
            best = weight
            found |= types
    return frozenset(found)


def _offers(accept: str) -> list[tuple[bool, str, str]]:
    """Each offer as (multipart, inner type, transfer syntax), the dearest first; none that is refused."""
    return [offer for weight, offer in _weighed(accept) if weight > 0]


def _weighed(accept: str) -> list[tuple[float, tuple[bool, str, str]]]:
    weighed = []
    for entry in (accept or _ANY).split(","):
        outer, parameters = media_type(entry)
        multipart = outer in {_MULTIPART, _ANY}
        inner = parameters.get("type", _ANY) if outer == _MULTIPART else outer
        try:
            weight = float(parameters.get("q", "1"))
        except ValueError:
            weight = 0.0
        weighed.append((weight, (multipart, inner.lower(), parameters.get("transfer-syntax", ""))))
    return sorted(weighed, key=lambda one: -one[0])
