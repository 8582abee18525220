"""Names that segmentation engines are asked for by; installed packs and files have names of their own."""

from typing import Final

AUTO: Final = "auto"
CLASSICAL: Final = "classical"
TOTALSEGMENTATOR: Final = "totalsegmentator"
