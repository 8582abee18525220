"""HTTP: documents of a case."""

from fastapi import APIRouter, Request, status
from fastapi.responses import Response

from tongtai.features.accounts.api import Current, prove_again
from tongtai.features.documents.api.wiring import DocumentsDep
from tongtai.features.documents.ports import DocumentOrder
from tongtai.features.documents.schemas import DocumentIn, DocumentOut, DocumentsOut, SignIn
from tongtai.infra.web import ContainerDep, DbSession

router = APIRouter(prefix="/api/cases/{case_id}/documents", tags=["documents"])


@router.get("")
async def list_documents(case_id: str, principal: Current, documents: DocumentsDep) -> DocumentsOut:
    """The case's documents that one may read, newest first."""
    return DocumentsOut.of(await documents.listed(principal, case_id))


@router.post("", status_code=status.HTTP_201_CREATED)
async def make_document(
    case_id: str, body: DocumentIn, principal: Current, documents: DocumentsDep
) -> DocumentOut:
    """Make a draft; it says who is to sign it."""
    order = DocumentOrder(kind=body.kind, language=body.language, subject=body.subject, words=body.words)
    return DocumentOut.model_validate(await documents.make(principal, case_id, order))


@router.get("/{document_id}/pdf", response_class=Response)
async def get_document_pdf(
    case_id: str, document_id: str, principal: Current, documents: DocumentsDep
) -> Response:
    """The document's file: a draft is marked as one, an issued document has its signatures inside."""
    document, content = await documents.content(principal, case_id, document_id)
    return Response(
        content,
        media_type="application/pdf",
        headers={
            "Cache-Control": "private, no-cache",
            "ETag": f'"{document.shown_sha256}"',
            # The name tells the document and nothing of the patient.
            "Content-Disposition": f'inline; filename="{document.kind.value}-{document.id}.pdf"',
        },
    )


@router.post("/{document_id}/sign")
async def sign_document(
    case_id: str,
    document_id: str,
    body: SignIn,
    request: Request,
    principal: Current,
    documents: DocumentsDep,
    container: ContainerDep,
    session: DbSession,
) -> DocumentOut:
    """Sign what one is named on; the password proves again who signs. The last signature issues it."""
    # Whoever may not know of the document learns nothing from how their password is taken.
    await documents.found(principal, case_id, document_id)
    await prove_again(request, container, session, principal, body.password.get_secret_value())
    return DocumentOut.model_validate(
        await documents.sign(principal, case_id, document_id, pin=body.pin.get_secret_value())
    )


@router.post("/{document_id}/withdraw")
async def withdraw_document(
    case_id: str, document_id: str, principal: Current, documents: DocumentsDep
) -> DocumentOut:
    """Take a draft back."""
    return DocumentOut.model_validate(await documents.withdraw(principal, case_id, document_id))
