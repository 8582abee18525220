"""The web application: built files, and its page for every address of its own."""

from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse, HTMLResponse
from starlette.exceptions import HTTPException
from starlette.responses import Response

from tongtai.infra.web import ContainerDep

router = APIRouter(include_in_schema=False)
_YEAR = "public, max-age=31536000, immutable"
_HOUR = "public, max-age=3600"
_NOT_PAGES = ("api/", "healthz", "readyz", "metrics", "assets/")
_NOT_BUILT = """<!doctype html>
<html lang="zh-CN">
<head><meta charset="utf-8"><title>同台 Tongtai</title></head>
<body style="font-family: sans-serif; margin: 4rem auto; max-width: 40rem; line-height: 1.6">
<h1>同台 Tongtai</h1>
<p>网页尚未构建。请在项目目录运行 <code>make build</code>，然后重新载入本页。</p>
<p lang="en">The web application is not built yet. Run <code>make build</code> in the project's
folder, then reload this page.</p>
</body>
</html>
"""


@router.get("/{path:path}")
async def web_application(path: str, container: ContainerDep) -> Response:
    """A built file, else the application's page, whose router knows the address."""
    dist = container.settings.web_dist.absolute()
    file = _inside(dist, path)
    if file is not None:
        # The build puts a hash of the content into the name of everything below assets/.
        cache = _YEAR if path.startswith("assets/") else _HOUR
        return FileResponse(file, headers={"Cache-Control": cache})
    if path.startswith(_NOT_PAGES):
        raise HTTPException(404, "Not found.")
    index = dist / "index.html"
    if not index.is_file():
        return HTMLResponse(_NOT_BUILT, status_code=200)
    return FileResponse(index, media_type="text/html", headers={"Cache-Control": "no-cache"})


def _inside(folder: Path, path: str) -> Path | None:
    if not path or "\0" in path or path == "index.html":
        return None
    file = (folder / path).resolve()
    return file if file.is_relative_to(folder.resolve()) and file.is_file() else None
