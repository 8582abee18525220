"""HTTP: what a document is worth, and the authority whose certificates sign here."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from tongtai.features.accounts.api import Current
from tongtai.features.documents.api.wiring import DocumentsDep, KeyRingDep
from tongtai.features.documents.errors import DocumentTooLargeError
from tongtai.features.documents.schemas import CheckedFileOut, DocumentsOut

router = APIRouter(prefix="/api/documents", tags=["documents"])

_LARGEST_FILE_BYTES = 50_000_000


@router.post(
    "/check",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
async def check_document(request: Request, documents: DocumentsDep, _: Current) -> CheckedFileOut:
    """Check the signatures of a PDF of up to 50 MB and the record inside; the file is not kept."""
    content = bytearray()
    async for piece in request.stream():
        content += piece
        if len(content) > _LARGEST_FILE_BYTES:
            raise DocumentTooLargeError(limit_bytes=_LARGEST_FILE_BYTES)
    return CheckedFileOut.of(await documents.check(bytes(content)))


@router.get("/waiting")
async def list_waiting(documents: DocumentsDep, principal: Current) -> DocumentsOut:
    """Documents that wait for one's own signature."""
    return DocumentsOut.of(await documents.waiting(principal))


@router.get("/authority.pem", response_class=Response)
async def get_authority(keys: KeyRingDep, _: Current) -> Response:
    """The certificate of this installation's authority, for checking documents elsewhere."""
    return Response(await keys.root_certificate(), media_type="application/x-pem-file")


@router.get("/authority.crl", response_class=Response)
async def get_revocations(keys: KeyRingDep, _: Current) -> Response:
    """Its list of revoked certificates."""
    return Response(await keys.revocations(), media_type="application/pkix-crl")
