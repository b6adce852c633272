"""The command ``formats``: every format that is read, with the header it is recognised by."""

import argparse
import sys

from analysis.sources.checkpoint_lists import CHECKPOINT
from analysis.sources.result_files import FORMATS


def formats_command(_: argparse.Namespace) -> int:
    """Write the list of formats and return exit code 0."""
    blocks = [f"{item.name}\n  {item.title}\n  {item.header}\n" for item in FORMATS]
    blocks.append(
        "checkpoints\n  Checkpoint list (JSON) as the API returns it, joined to its run\n"
        f'  {{"data": [{{"object": "{CHECKPOINT}", "step_number": …, '
        '"fine_tuned_model_checkpoint": …}, …]}\n'
    )
    sys.stdout.buffer.write("\n".join(blocks).encode())
    sys.stdout.buffer.flush()
    return 0
