"""The two classes, their numbers and the names under which users write them."""

from pathlib import Path

from ..errors import UserError

# The order is the contract with DeepMeerkat: label 0 and score column 0 are positive.
LABELS = ("positive", "negative")
POSITIVE, NEGATIVE = 0, 1
# A person puts clips that could be either into this folder, in any case; they are not used.
UNSURE = "unsure"


def parse_label(name: str) -> int | None:
    """The number of the class that `name` names (any case, singular or plural), or None if it names none."""
    singular = name.strip().lower().removesuffix("s")
    return LABELS.index(singular) if singular in LABELS else None


def is_among_unsure(path: Path, class_folder: Path) -> bool:
    """Whether a file in the folder of a class lies in a folder Unsure inside it."""
    return UNSURE in map(str.lower, path.relative_to(class_folder).parts[:-1])


def read_dict(path: Path | str) -> tuple[str, ...]:
    """The class names in `dict.txt`, one a line, in the order of their numbers.

    Raises UserError if the file is missing or contains anything but `positive` then `negative`.
    """
    try:
        names = tuple(Path(path).read_text(encoding="utf-8").split())
    except FileNotFoundError:
        raise UserError(f"{path} does not exist. It must contain two lines: positive, negative.") from None
    if names != LABELS:
        raise UserError(f"{path} contains {list(names)}. Write two lines instead: positive, negative.")
    return names


def dict_text() -> str:
    """The content of `dict.txt`."""
    return "".join(f"{label}\n" for label in LABELS)
