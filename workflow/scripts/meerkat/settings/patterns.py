"""Settings that are regular expressions: their groups say what is read."""

import difflib
import re
from typing import Annotated

from pydantic import AfterValidator


def pattern(*groups: str, optional: tuple[str, ...] = ()) -> object:
    """The type of a setting that is a regular expression with these groups; it may also have the optional ones, and others."""

    def check(text: str) -> str:
        try:
            found = re.compile(text).groupindex
        except re.error as error:
            raise ValueError(f"is not a regular expression ({error}).") from None
        if missing := [f"(?P<{group}>...)" for group in groups if group not in found]:
            raise ValueError(f"has no group {', '.join(missing)}. Put it around the part to read.")
        for group in found:
            if group not in (*groups, *optional) and (close := difflib.get_close_matches(group, optional, 1)):
                raise ValueError(f"has a group {group}, which means nothing. Did you mean {close[0]}?")
        return text

    return Annotated[str, AfterValidator(check)]
