"""The public functions, as the headers declare them."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
INCLUDE = ROOT / "include" / "bacm"
FUNCTION = re.compile(r"/\*\*((?:(?!\*/).)*)\*/\s*BACM_API\s+([^;]+);", re.DOTALL)


def functions(header):
    """(comment, prototype on one line) of each function of a header, in its order."""
    for match in FUNCTION.finditer(Path(header).read_text(encoding="utf-8")):
        yield match.group(1), " ".join(match.group(2).split())
