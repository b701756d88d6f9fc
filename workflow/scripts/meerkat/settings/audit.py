"""Settings of the audit."""

from typing import Annotated

from pydantic import Field

from .section import Section


class Audit(Section):
    """For the audit on the page for reviewing: how many visits are missed"""

    within: Annotated[float, Field(ge=0.005, le=0.5)] = 0.05
    """The audit says when it is enough: when the 95 % interval of the share of visits found reaches at most this far to each side."""
