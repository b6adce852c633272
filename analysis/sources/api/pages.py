"""Pages: every item of a list that comes in pages, whatever the pages say of themselves."""

from collections.abc import Callable, Container
from dataclasses import dataclass
from typing import Any

from analysis.errors import SourceError
from analysis.sources.api.progress import Progress

PAGE_SIZE = 100  # items; no maximum is documented, and larger ones were never seen


@dataclass(frozen=True)
class Listing:
    """The items of a list.

    Attributes
    ----------
    items : tuple of dict
        As the platform sent them, in its order (newest first), each id once.
    problem : SourceError or None
        Why there may be more than these; None when these are all.
    """

    items: tuple[dict[str, Any], ...]
    problem: SourceError | None = None


def every_item(
    fetch: Callable[[str | None], dict[str, Any]],
    what: str,
    cap: int,
    progress: Progress,
    known: Container[str] = (),
) -> Listing:
    """Return the items of all pages.

    The end is a page that says so, an empty page, or a page that only repeats: some servers leave
    ``has_more`` out, and the client alone would then ask forever.

    Parameters
    ----------
    fetch : callable
        Takes the id after which a page starts (None: the first page), returns the page.
    what : str
        What is listed, for messages.
    cap : int
        Items after which to give up.
    progress : Progress
        Told of every page.
    known : container of str
        Ids that are there already: lists begin with what is newest, so they end at the first of
        these, and none of these is among the items.

    Raises
    ------
    SourceError
        If the first page fails. A later failure is the listing's ``problem``.
    """
    items: dict[str, dict[str, Any]] = {}
    after: str | None = None
    while True:
        try:
            page = fetch(after)
        except SourceError as error:
            if after is None:
                raise
            return Listing(tuple(items.values()), error)
        found = _items(page)
        fresh = {item["id"]: item for item in found if item["id"] not in items}
        news = {name: item for name, item in fresh.items() if name not in known}
        items.update(news)
        progress.say(f"{what}: {len(items):,} so far")
        if page.get("has_more") is False or not fresh or len(news) < len(fresh):
            return Listing(tuple(items.values()))
        if len(items) >= cap:
            return Listing(tuple(items.values())[:cap], _too_long(what, cap))
        after = next(reversed(fresh))


def _items(page: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the page's items that have an id; the others cannot be opened or told apart."""
    data = page.get("data")
    return [
        item
        for item in (data if isinstance(data, list) else [])
        if isinstance(item, dict) and isinstance(item.get("id"), str) and item["id"]
    ]


def _too_long(what: str, cap: int) -> SourceError:
    return SourceError(
        f"The list goes on after {cap:,} items", where=what, remedy="The first ones are here"
    )
