"""The parser of the command line, and the exit codes."""

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

import analysis
from analysis.commands.diagnose import WRITERS, diagnose_command
from analysis.commands.formats import formats_command
from analysis.commands.screen import screen_command
from analysis.schema import Method
from analysis.screening.output import FORMATS
from analysis.sources.api.address import Provider
from analysis.thresholds import PRESETS

MAX_SECONDS = 86_400
FETCH = """\
Fetch jobs (job, events, checkpoints, result files) into one zip, which the app and `diagnose`
read like the platform itself. OpenAI closes fine-tuning to new jobs on 2027-01-06, and says
nothing of how long the old ones can be read: this keeps your history.

Keys come from the environment only: OPENAI_API_KEY; for Azure AZURE_OPENAI_AD_TOKEN or
AZURE_OPENAI_API_KEY, and without them this machine's own sign-in (package azure-identity). A token
comes from: az account get-access-token --resource https://ai.azure.com --query accessToken -o tsv
Called again with the same --out, jobs that are there in full are kept and the rest is fetched
anew. Exit code 0: everything is in the archive; 2: something could not be fetched.
"""

WATCH = """\
Watch a running job, or a log file that grows, until it ends: the verdict so far, the advice to stop
early, and an alert when the verdict is grave. A verdict is said once it has held for several looks,
so every alert is told once. Keys come from the environment only, as for `fetch`.

--exec runs without a shell; the alert comes on its standard input as JSON, and as GOLDILOCKS_JOB,
GOLDILOCKS_VERDICT, GOLDILOCKS_STATUS and GOLDILOCKS_STATEMENT in its environment. Faults of the
platform are waited out, longer each time. A file's job ends when the last planned step is logged,
or when the file has not grown for --quiet seconds.
Exit code 0: the job ended, and its verdict is below --on; 1: the final verdict is at or above it,
or the job failed or was cancelled; 2: it could not be watched to its end.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code.

    0: everything was read and judged; 1: a verdict is at or above ``--fail-on`` or ``--on``; 2: an
    input could not be read, fetched or watched, or the call's words are off.
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
    _add_screen(commands.add_parser("screen", help="judge many runs: a table, on all cores"))
    _add_fetch(commands.add_parser("fetch", help="keep the jobs of OpenAI or Azure in an archive"))
    _add_watch(commands.add_parser("watch", help="watch a running job, and tell what goes wrong"))
    listing = commands.add_parser("formats", help="list every format that is read")
    listing.set_defaults(command=formats_command)
    return parser


def _add_diagnose(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Judge the runs in files, folders or globs; '-' reads standard input, 'mlflow:RUN_ID' a "
        "run on the tracking server that MLFLOW_TRACKING_URI names."
    )
    parser.add_argument("--format", choices=tuple(WRITERS), default="text")
    _add_judging(parser)
    parser.set_defaults(command=diagnose_command)


def _add_screen(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Judge many runs in files, folders, globs or object storage URLs (package fsspec): one row "
        "each. Called again with the same --out, files whose content is unchanged are not judged "
        "again."
    )
    parser.add_argument("--format", choices=FORMATS, default="text")
    parser.add_argument(
        "--workers", type=_positive, default=os.cpu_count() or 1, metavar="N", help="processes"
    )
    parser.add_argument("--dask", metavar="ADDRESS", help="run on this Dask cluster instead")
    _add_judging(parser)
    parser.set_defaults(command=screen_command)


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


def _add_judging(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="+", metavar="PATH")
    parser.add_argument("--method", choices=("auto", *Method), default="auto")
    _add_limits(parser)
    parser.add_argument(
        "--fail-on", choices=("warn", "fail"), help="exit with 1 at such a verdict, or a graver one"
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="write there, not to the terminal")


def _add_limits(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--preset",
        choices=tuple(PRESETS),
        default="goldilocks",
        help="limits to judge by: ours, or those of a source taken at its word",
    )
    parser.add_argument(
        "--thresholds",
        type=Path,
        metavar="FILE",
        help="limits of your own, as saved from the app (TOML); the preset sets the others",
    )
    parser.add_argument(
        "--mapping",
        type=Path,
        metavar="FILE",
        help="what the columns of unknown tables mean, as saved from the app (TOML)",
    )


def _add_fetch(parser: argparse.ArgumentParser) -> None:
    parser.description = FETCH
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("jobs", nargs="*", metavar="JOB", help="a job's id, such as ftjob-abc123")
    parser.add_argument("--all", action="store_true", help="every job that the key can see")
    _add_platform(parser, required=True)
    parser.add_argument("--out", type=Path, required=True, metavar="ARCHIVE.zip")
    parser.set_defaults(command=_fetch)


def _add_watch(parser: argparse.ArgumentParser) -> None:
    parser.description = WATCH
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    watched = parser.add_mutually_exclusive_group(required=True)
    watched.add_argument("--job", metavar="ID", help="a job's id, such as ftjob-abc123")
    watched.add_argument("--file", metavar="PATH", help="a log or result file that grows")
    _add_platform(parser, required=False)
    parser.add_argument(
        "--on", choices=("warn", "fail"), default="fail", help="tell such verdicts, and graver ones"
    )
    parser.add_argument(
        "--every", type=_seconds, default=60.0, metavar="SECONDS", help="from look to look (60)"
    )
    parser.add_argument("--exec", default="", metavar="CMD", help="run this at an alert")
    parser.add_argument("--webhook", default="", metavar="URL", help="post alerts there as JSON")
    parser.add_argument(
        "--quiet",
        type=_seconds,
        default=1800.0,
        metavar="SECONDS",
        help="a file that has not grown for so long has ended (1800)",
    )
    _add_limits(parser)
    parser.set_defaults(command=_watch)


def _add_platform(parser: argparse.ArgumentParser, *, required: bool) -> None:
    parser.add_argument("--provider", choices=tuple(Provider), required=required)
    parser.add_argument(
        "--base-url",
        default="",
        metavar="URL",
        help="Azure: the endpoint of the resource or project (else AZURE_OPENAI_ENDPOINT)",
    )
    parser.add_argument(
        "--api-version", default="", metavar="V", help="Azure: a dated version; without it, v1"
    )


def _seconds(text: str) -> float:
    number = float(text)
    if not 0.0 < number <= MAX_SECONDS:
        raise argparse.ArgumentTypeError(f"must be above 0 and at most {MAX_SECONDS:,}")
    return number


def _watch(options: argparse.Namespace) -> int:
    # As for ``fetch``.
    from analysis.commands.watch import watch_command  # noqa: PLC0415

    return watch_command(options)


def _fetch(options: argparse.Namespace) -> int:
    # The client takes longer to load than the other commands to run.
    from analysis.commands.fetch import fetch_command  # noqa: PLC0415

    return fetch_command(options)
