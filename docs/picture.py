"""Draw docs/new.svg: what `scaffold new` really prints. Run it again when that changes."""

import os
import pty
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

COMMAND = "scaffold new shop --framework fastapi --preset full --yes"


def record(command: str) -> str:
    """Run a command in a terminal of its own and return what it wrote there."""
    written = bytearray()

    def read(descriptor: int) -> bytes:
        data = os.read(descriptor, 4096)
        written.extend(data)
        return data

    os.environ |= {"TERM": "xterm-256color", "COLUMNS": "76"}
    pty.spawn(command.split(), read)
    return written.decode().replace("\r\n", "\n")


def main() -> None:
    target = Path(__file__).with_name("new.svg")
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        output = record(COMMAND)
    console = Console(record=True, width=76, file=open(os.devnull, "w"))  # noqa: SIM115, PTH123
    console.print(Text(f"$ {COMMAND}", style="bold"))
    console.print(Text.from_ansi(output.rstrip()))
    target.write_text(console.export_svg(title="scaffold"), encoding="utf-8")
    sys.stdout.write(f"wrote {target.name}\n")


if __name__ == "__main__":
    main()
