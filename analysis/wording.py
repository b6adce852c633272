"""Numbers and probabilities in words, the same wherever they are shown."""

# Words for probabilities, after the scale of the IPCC's guidance note on uncertainty (2010).
LIKELIHOODS = (
    (0.99, "virtually certain"),
    (0.9, "very likely"),
    (0.66, "likely"),
    (0.33, "about as likely as not"),
    (0.1, "unlikely"),
    (0.01, "very unlikely"),
    (0.0, "almost ruled out"),
)


def probability(value: float) -> str:
    """Return a probability as words and number, such as ``very likely, 94%``."""
    words = next(words for least, words in LIKELIHOODS if value >= least)
    shown = "over 99%" if value >= 0.995 else "under 1%" if value < 0.005 else f"{value:.0%}"
    return f"{words}, {shown}"


def number(value: float, *, as_share: bool = False) -> str:
    """Return a number to four significant digits, or as a percentage to one decimal."""
    if as_share:
        return f"{value:.1%}"
    if float(value).is_integer() and abs(value) < 1e15:
        return f"{int(value):,}"
    return f"{value:.4g}"


def label_words(label: str) -> str:
    """Return the name of a rule or label in words, such as ``Overfit severe``."""
    return label.replace("_", " ").capitalize()
