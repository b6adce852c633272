"""The parser of the command line, and the exit codes."""

import argparse
from collections.abc import Sequence
from pathlib import Path

import analysis
from analysis.commands.diagnose import diagnose_command
from analysis.commands.formats import formats_command
from analysis.schema import Method
from analysis.thresholds import PRESETS


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code.

    0: everything was read and judged; 1: a verdict is at or above ``--fail-on``; 2: an input
    could not be read, or the call's words are off.
    """
    options = _parser().parse_args(arguments)
    exit_code: int = options.command(options)
    return exit_code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m analysis",
        description="Verdicts on fine-tuning runs, and the checkpoint to deploy.",
    )
    parser.add_argument("--version", action="version", version=analysis.__version__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_diagnose(commands.add_parser("diagnose", help="judge the runs in files"))
    listing = commands.add_parser("formats", help="list every format that is read")
    listing.set_defaults(command=formats_command)
    return parser


def _add_diagnose(parser: argparse.ArgumentParser) -> None:
    parser.description = "Judge the runs in files, folders or globs; '-' reads standard input."
    parser.add_argument("paths", nargs="+", metavar="PATH")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument("--method", choices=("auto", *Method), default="auto")
    parser.add_argument(
        "--preset",
        choices=tuple(PRESETS),
        default="goldilocks",
        help="limits to judge by: ours, or those of a source taken at its word",
    )
    parser.add_argument(
        "--mapping",
        type=Path,
        metavar="FILE",
        help="what the columns of unknown tables mean, as saved from the app (TOML)",
    )
    parser.add_argument(
        "--fail-on", choices=("warn", "fail"), help="exit with 1 at such a verdict, or a graver one"
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="write there, not to the terminal")
    parser.set_defaults(command=diagnose_command)
