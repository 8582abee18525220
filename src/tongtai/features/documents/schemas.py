"""Wire types of documents."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from tongtai.core.case_document import DocumentKind, Language, ServiceType
from tongtai.features.accounts.model import Role
from tongtai.features.documents.model import CheckedFile, Document, DocumentState

_MOST_WORDS = 20


class DocumentIn(BaseModel):
    """A document that is asked for; ``words`` are what its maker writes, by the names of its kind."""

    model_config = ConfigDict(extra="forbid")

    kind: DocumentKind
    language: Language = "zh"
    subject: Annotated[str, Field(max_length=64, pattern=r"^[A-Za-z0-9_.:-]*$")] = ""
    words: Annotated[
        dict[Annotated[str, Field(max_length=64)], Annotated[str, Field(max_length=20_000)]],
        Field(max_length=_MOST_WORDS),
    ] = Field(default_factory=dict)


class SignIn(BaseModel):
    """The password of who is signed in, and the PIN of their token where keys are in tokens."""

    model_config = ConfigDict(extra="forbid")

    password: SecretStr = Field(max_length=200)
    pin: SecretStr = Field(default=SecretStr(""), max_length=64)


class SignerOut(BaseModel):
    """Who is named to sign, and since when they have."""

    model_config = ConfigDict(from_attributes=True)

    user_id: str
    role: Role
    name: str
    name_en: str
    institution: str
    signed_at: datetime | None
    certificate_serial: str


class DocumentOut(BaseModel):
    """A document of a case."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    case_id: str
    kind: DocumentKind
    subject: str
    version: int
    language: Language
    service_type: ServiceType
    state: DocumentState
    record_sha256: str
    shown_sha256: str
    signers: tuple[SignerOut, ...]
    made_by: str
    made_at: datetime
    issued_at: datetime | None


class DocumentsOut(BaseModel):
    """Documents, newest first."""

    documents: list[DocumentOut]

    @classmethod
    def of(cls, documents: list[Document]) -> Self:
        """The wire form."""
        return cls(documents=[DocumentOut.model_validate(each) for each in documents])


class CheckedSignatureOut(BaseModel):
    """What checking one signature gave; ``test_only`` means without legal effect."""

    model_config = ConfigDict(from_attributes=True)

    signer: str
    organisation: str
    reason: str
    timestamp: datetime | None
    intact: bool
    trusted: bool
    revoked: bool
    covers_all: bool
    test_only: bool
    good: bool


class CheckedFileOut(BaseModel):
    """What a file is worth.

    ``known`` is the state of the document that this installation has under the record inside, and
    ``same_bytes`` says whether the file is byte for byte the one that it has.
    """

    model_config = ConfigDict(from_attributes=True)

    good: bool
    signatures: tuple[CheckedSignatureOut, ...]
    record_sha256: str
    known: DocumentState | None
    same_bytes: bool

    @classmethod
    def of(cls, checked: CheckedFile) -> Self:
        """The wire form."""
        return cls.model_validate(checked)
