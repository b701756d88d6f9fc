"""Pages for the browser from their templates."""

from jinja2 import Environment, StrictUndefined

from ..clock import clock
from ..errors import printable
from ..wording import count, duration, interval, moment, percent, score, value


def fill(template: str, **values: object) -> str:
    """The page as HTML: the Jinja template with the values, escaped. Undecodable bytes of file names become marks."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    for word in (percent, interval, value, count, score, duration, clock, moment, printable):
        environment.filters[word.__name__] = word
    return environment.from_string(template).render(values).encode(errors="replace").decode()
