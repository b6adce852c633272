"""Bound body: an answer's bytes, within the limits of one call."""

import time
from collections.abc import Iterator
from typing import Any

import httpx2


class BoundBody(httpx2.SyncByteStream):
    """An answer's bytes, for at most so many seconds and so many of them."""

    def __init__(self, stream: Any, seconds: float, most: int) -> None:
        self._stream = stream
        self._seconds = seconds
        self._most = most

    def __iter__(self) -> Iterator[bytes]:
        end = time.monotonic() + self._seconds
        size = 0
        for chunk in self._stream:
            size += len(chunk)
            if time.monotonic() > end or size > self._most:
                raise httpx2.ReadTimeout("The answer is too slow or too large")
            yield chunk

    def close(self) -> None:
        """Close what brings the bytes."""
        self._stream.close()
