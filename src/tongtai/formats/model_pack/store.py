"""The packs of an installation: folders in ``DATA/models``."""

import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tongtai.formats.model_pack.errors import ModelPackError, ModelPackExistsError, ModelPackMissingError
from tongtai.formats.model_pack.reading import CARD_FILE, MODEL_FILE, ModelPack, read_pack
from tongtai.formats.model_pack.session import open_network

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_COMPANIONS = ("LICENSE", "LICENSE.txt", "LICENSE.md", "MODEL_CARD.md", "README.md")


@dataclass(frozen=True, slots=True)
class InstalledPack:
    """A folder of the store: its pack, or what is wrong with it."""

    name: str
    pack: ModelPack | None
    problem: str = ""


class PackStore:
    """Packs in a folder, one a sub-folder of the pack's name.

    Parameters
    ----------
    folder : Path
        Made at the first ``add``.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def installed(self) -> list[InstalledPack]:
        """Every pack in the order of the names, checked."""
        if not self._folder.is_dir():
            return []
        names = sorted(entry.name for entry in self._folder.iterdir() if _NAME.fullmatch(entry.name))
        return [self._examined(name) for name in names]

    def pack(self, name: str) -> ModelPack:
        """A pack by its name.

        Raises
        ------
        ModelPackError
            If there is none, or it cannot be used.
        """
        folder = self._folder / name
        if not _NAME.fullmatch(name) or not folder.is_dir():
            known = ", ".join(found.name for found in self.installed()) or "none"
            raise ModelPackMissingError(f"There is no model pack “{name}”; installed: {known}.", name=name)
        return read_pack(folder)

    def add(self, source: Path) -> ModelPack:
        """Check a pack, try its network, and copy it into the store, whole or not at all.

        Raises
        ------
        ModelPackError
            If it cannot be used, or one of this name is there.
        """
        pack = read_pack(source)
        name = pack.card.name
        if not _NAME.fullmatch(name):
            raise ModelPackError(f"The pack's name “{name}” must be small letters, digits and hyphens.")
        target = self._folder / name
        if target.exists():
            raise ModelPackExistsError(f"A pack “{name}” is installed; remove it first.", name=name)
        open_network(pack, threads=1)
        self._folder.mkdir(parents=True, exist_ok=True)
        making = Path(tempfile.mkdtemp(prefix=".adding-", dir=self._folder))
        try:
            shutil.copyfile(pack.model, making / MODEL_FILE)
            (making / CARD_FILE).write_text(pack.card_text, encoding="utf-8")
            for companion in _COMPANIONS:
                if (source / companion).is_file():
                    shutil.copyfile(source / companion, making / companion)
            making.chmod(0o755)
            making.rename(target)
        finally:
            shutil.rmtree(making, ignore_errors=True)
        return read_pack(target)

    def remove(self, name: str) -> None:
        """Delete a pack.

        Raises
        ------
        ModelPackMissingError
            If there is none of this name.
        """
        folder = self._folder / name
        if not _NAME.fullmatch(name) or not folder.is_dir():
            raise ModelPackMissingError(f"There is no model pack “{name}”.", name=name)
        shutil.rmtree(folder)

    def _examined(self, name: str) -> InstalledPack:
        try:
            return InstalledPack(name, read_pack(self._folder / name))
        except ModelPackError as error:
            return InstalledPack(name, None, str(error))
