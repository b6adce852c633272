"""The command ``formats``: every format that is read, with the header it is recognised by."""

import argparse
import sys

from analysis.sources.recognition import FORMATS


def formats_command(_: argparse.Namespace) -> int:
    """Write the list of formats and return exit code 0."""
    blocks = [f"{item.name}\n  {item.title}\n  {item.header}\n" for item in FORMATS]
    sys.stdout.buffer.write("\n".join(blocks).encode())
    sys.stdout.buffer.flush()
    return 0
