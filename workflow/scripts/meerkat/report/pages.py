"""Pages for the browser from their templates."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ..clock import clock
from ..errors import printable
from ..wording import by_audit, count, duration, interval, moment, number_by_audit, percent, score, value


def fill(template: Path, **values: object) -> str:
    """The page as HTML: the Jinja template with the values, escaped. Undecodable bytes of file names become marks.

    template  a file, which may include others beside it
    """
    loader = FileSystemLoader(template.parent)
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    for word in (percent, interval, value, by_audit, number_by_audit, count, score, duration, clock, moment, printable):
        environment.filters[word.__name__] = word
    return environment.get_template(template.name).render(values).encode(errors="replace").decode()
