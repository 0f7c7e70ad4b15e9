"""typst as a library in Python: one compiler kept warm, one compile per document, the data as JSON input."""

import importlib.metadata
import json
from pathlib import Path

import typst

import shared

start = shared.start()
here = Path(__file__).parent
compiler = typst.Compiler(
    str(here / "typst" / f"{start.document}.typ"),
    font_paths=typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(Path(file).parent) for file in (start.regular, start.semibold)],
    ),
)


def render(index: int) -> bytes:
    """Compiles the document; the template computes and formats the amounts."""
    return compiler.compile(format="pdf", sys_inputs={"data": start.content, "index": json.dumps(index)})


shared.serve(render, importlib.metadata.version("typst"))
