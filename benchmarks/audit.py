"""Does the interval of the audit hold the truth, and how many looks does it take? Simulates seasons and people who look at the moments.

Triggered: 2,000 films of 30 s, each one moment. Continuous: 100 h, in moments of two minutes. Common: a visit in four of ten films, or six
visits an hour; rare: a visit in ten films, or one an hour. Visits last 5 to 25 s and are spread unevenly over 20 sites. The share that is
found is 0.70 to 0.99; of the others, two of three move and score too low, the rest is never seen to move. Missed visits are spread over all
sites, or as far as possible in one. Leaves move in four of ten moments, and one moment in 25 has a false visit. A person looks as the page
asks, until the interval reaches 5 points on each side, or 600 times. A careless person overlooks one visit in twenty.

The table gives for each kind of season: how many of the 95 % intervals hold the true share, if missed visits are spread, or in one site,
or the person is careless; the looks (median, and nine of ten need no more); and the same if moments are drawn without strata.
"""

import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import product
from typing import NamedTuple

import machine  # noqa: F401 (makes the package known)
import numpy as np
from meerkat.audit.draws import Drawn
from meerkat.audit.looks import NO, YES, Look, key_of
from meerkat.audit.sample import Sample
from meerkat.audit.seen import FoundIn, finder
from meerkat.audit.strata import REST, STRATA, highest_score, spread, stratum_of
from meerkat.video.boxes import Box
from meerkat.video.moments import LONGEST, Moment
from meerkat.visits.joining import together
from meerkat.visits.passages import Passage
from meerkat.visits.truth import Span

THRESHOLD, PAUSE, SITES = 0.3, 30.0, 20
WITHIN, MOST = 0.05, 600
# The interval is computed after so many looks, and then after each further tenth of the looks.
EVERY = 10
LEAVES, FALSE, UNMOVED, OVERLOOKED = 0.4, 0.04, 1 / 3, 0.05
FOUND = (0.70, 0.85, 0.95, 0.99)


class Kind(NamedTuple):
    """A kind of season: how many moments, of how many seconds; visits to a moment."""

    name: str
    moments: int
    seconds: float
    visits: float


KINDS = (
    Kind("triggered, common", 2000, 30.0, 0.4),
    Kind("triggered, rare", 2000, 30.0, 0.1),
    Kind("continuous, common", 3000, LONGEST, 0.2),
    Kind("continuous, rare", 3000, LONGEST, 1 / 30),
)


class Season(NamedTuple):
    """The moments, their sites, what was found in each, and the visits that begin in each."""

    moments: list[Moment]
    sites: np.ndarray
    found: list[FoundIn]
    truth: list[list[Span]]

    @property
    def share(self) -> float:
        """The share of the visits that were found."""
        compared = [found.compare(truth) for found, truth in zip(self.found, self.truth, strict=True)]
        hits = sum(one.found for one in compared)
        return hits / (hits + sum(one.missed for one in compared))


def season(kind: Kind, share: float, in_one_site: bool, seed: int) -> Season:
    random = np.random.default_rng(seed)
    sites = np.sort(random.integers(0, SITES, kind.moments))
    weights = random.gamma(1.0, size=SITES)[sites]
    where = np.sort(random.choice(kind.moments, round(kind.visits * kind.moments), p=weights / weights.sum()))
    worst = np.bincount(sites[where]).argmax()
    order = np.argsort(random.random(len(where)) + (sites[where] != worst) * in_one_site)
    is_missed = np.zeros(len(where), bool)
    is_missed[order[: round((1 - share) * len(where))]] = True
    passages: list[list[Passage]] = [[] for _ in range(kind.moments)]
    truth: list[list[Span]] = [[] for _ in range(kind.moments)]
    for moment, missed in zip(where, is_missed, strict=True):
        length = random.uniform(5, 25)
        begin = random.uniform(0, kind.seconds - length)
        truth[moment].append(Span(begin, begin + length))
        if not missed:
            passages[moment].append(passage(begin, begin + length, random.uniform(THRESHOLD, 1)))
        elif random.random() > UNMOVED:
            passages[moment].append(passage(begin, begin + length, THRESHOLD * 0.999 * random.beta(1.5, 1.5)))
    for moment in range(kind.moments):
        truth[moment] = joined(truth[moment])
        for share_of, score in ((LEAVES, THRESHOLD * 0.999 * random.beta(1, 6)), (FALSE, random.uniform(THRESHOLD, 0.7))):
            if random.random() < share_of:
                begin = random.uniform(0, kind.seconds - 3)
                passages[moment].append(passage(begin, begin + 3, score))
    moments = [Moment(f"film{number}", "", 0.0, kind.seconds) for number in range(kind.moments)]
    found_in = finder({moment.film: numbered(of) for moment, of in zip(moments, passages, strict=True)}, PAUSE)
    found = [found_in(moment) for moment in moments]
    return Season(moments, sites, found, truth)


def passage(begin: float, end: float, score: float) -> Passage:
    return Passage(0, begin, end, score, "", 0, Box(0, 0, 1, 1))


def numbered(passages: list[Passage]) -> list[Passage]:
    """The passages with the visits that the scores give."""
    visits = together((one for one in passages if one.score >= THRESHOLD), PAUSE)
    rest = [one for one in passages if one.score < THRESHOLD]
    return sorted([*rest, *(one._replace(scored_visit=number) for number, visit in enumerate(visits, 1) for one in visit)])


def joined(spans: list[Span]) -> list[Span]:
    """Visits without a long pause between them are one."""
    return [Span(visit[0].begin, max(span.end for span in visit)) for visit in together(spans, PAUSE)]


def audited(of: Season, seed: int, overlooked: float, has_strata: bool) -> tuple[float, float, int]:
    """The interval and the number of looks of a person who looks as the page asks."""
    random = np.random.default_rng(seed)
    strata: dict[str, list[int]] = {name: [] for name in STRATA}
    for number, (moment, found) in enumerate(zip(of.moments, of.found, strict=True)):
        strata[stratum_of(found.has_visit, highest_score(found.passages, moment), THRESHOLD) if has_strata else REST].append(number)
    drawn, number_of = [], {moment.film: number for number, moment in enumerate(of.moments)}
    for name, members in strata.items():
        order = spread([(int(of.sites[number]),) for number in members], seed) if members else []
        drawn += [Drawn("", seed, THRESHOLD, of.moments[members[place]], name, rank, len(order)) for rank, place in enumerate(order, 1)]
    sample = Sample(drawn, lambda moment: of.found[number_of[moment.film]])
    while True:
        for _ in range(max(EVERY, sample.looks // 10)):
            for one in sample.upcoming(1)[:1]:
                seen = [span for span in of.truth[number_of[one.moment.film]] if random.random() >= overlooked]
                sample.note(key_of(one), Look("", one.moment, YES if seen else NO, tuple(seen)))
        share = sample.estimate().share
        if share.half <= WITHIN or sample.looks >= MOST or sample.looks == sample.moments:
            return share.low, share.high, sample.looks


def one(kind: Kind, share: float, in_one_site: bool, overlooked: float, has_strata: bool, seed: int) -> tuple[bool, int]:
    """Whether the interval holds the truth, and the looks."""
    of = season(kind, share, in_one_site, seed)
    low, high, looks = audited(of, seed, overlooked, has_strata)
    return low <= of.share <= high, looks


def rows(pool: ProcessPoolExecutor, seasons: int) -> Iterator[str]:
    for kind, share in product(KINDS, FOUND):
        cells = []
        for in_one_site, overlooked, has_strata in ((False, 0, True), (True, 0, True), (False, OVERLOOKED, True), (False, 0, False)):
            number = seasons if has_strata else max(1, seasons // 10)
            results = list(pool.map(partial(one, kind, share, in_one_site, overlooked, has_strata), range(number), chunksize=4))
            held, looks = zip(*results, strict=True)
            numbers = f"{np.median(looks):.0f} ({np.quantile(looks, 0.9):.0f})"
            cells += [f"{100 * np.mean(held):.1f} %"] if has_strata else []
            cells += [numbers] if not in_one_site and not overlooked else []
        spread_out, looks, in_one_site, careless, without = cells
        last = [in_one_site, careless, looks, without]
        yield f"| {' | '.join([kind.name, f'{share:.2f}', spread_out, *last])} |"


def main(seasons: int = 200) -> None:
    print("| season | found | spread | in one site | careless | looks (9 of 10) | without strata |")
    print("|---|---|---|---|---|---|---|")
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for row in rows(pool, seasons):
            print(row, flush=True)
