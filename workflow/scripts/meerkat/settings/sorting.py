"""Settings of the page for sorting."""

from .section import Section, UserPath


class Sorting(Section):
    """For `python3 start.py sort`: what to sort besides the clips of the videos"""

    unsorted: UserPath | None = None
    """Folder of unsorted clips that were not cut from the videos above, such as clips from DeepMeerkat. null: none."""
