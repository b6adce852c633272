"""The errors that analysis raises on purpose."""


class AnalysisError(Exception):
    """Something the caller can put right; the message says how."""


class SourceError(AnalysisError):
    """An input that cannot be read as metrics.

    Parameters
    ----------
    problem : str
        What is wrong, as a sentence without its full stop.
    where : str
        File, line, column or job, as far as known.
    remedy : str
        What the user can do next, as a sentence without its full stop.
    """

    def __init__(self, problem: str, *, where: str = "", remedy: str = "") -> None:
        self.problem = problem
        self.where = where
        self.remedy = remedy
        super().__init__(problem, where, remedy)

    def __str__(self) -> str:
        """Return the problem, its place and the remedy as one line."""
        place = f" ({self.where})" if self.where else ""
        remedy = f" {self.remedy}." if self.remedy else ""
        return f"{self.problem}{place}.{remedy}"
