"""Settings of the page for sorting."""

from .section import Section, UserPath


class Sorting(Section):
    """For `python3 start.py sort`: what is sorted besides the clips of the videos"""

    unsorted: UserPath | None = None
    """Folder of clips that nobody has sorted and that were not cut of the videos above, such as those of DeepMeerkat. null: none."""
