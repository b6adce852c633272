"""Later: the client library, imported when it is first used: most sessions never call a platform.

Importing it takes longer than everything else that a page needs together.
"""

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import openai  # noqa: TID251 - its place
else:

    class _Later(ModuleType):
        """A module that is imported when one of its names is asked for."""

        def __getattr__(self, name: str) -> Any:
            return getattr(import_module(self.__name__), name)

    openai = _Later("openai")

__all__ = ["openai"]
