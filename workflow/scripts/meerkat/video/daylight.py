"""Whether it was day, twilight or night."""

from datetime import datetime

from astral import Observer
from astral.sun import elevation

from .places import Place

DAY, TWILIGHT, NIGHT = "day", "twilight", "night"
# Degrees of the middle of the sun above the horizon, without refraction: at sunrise and sunset, and at the end of civil twilight (U.S.
# Naval Observatory, "Rise, set, and twilight definitions").
_RISES, _TWILIGHT_ENDS = -0.833, -6.0


def light_at(time: datetime, place: Place) -> str:
    """DAY, TWILIGHT (dawn or dusk, as civil twilight) or NIGHT. The time has a zone. Polar days and nights count as what they are."""
    height = elevation(Observer(place.latitude, place.longitude), time, with_refraction=False)
    return DAY if height >= _RISES else TWILIGHT if height >= _TWILIGHT_ENDS else NIGHT
