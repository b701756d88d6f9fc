"""The figures that README and docs take from benchmarks/results.md are those that were measured."""

import re

import pytest
from conftest import ROOT

RESULTS = (ROOT / "benchmarks/results.md").read_text()
LOOP, STILLS, SEARCH, SORTING = "From films to visits", "From stills to visits", "Speed of the search for motion", "Sorting"
# A page and a pattern in it, a section of the results and a pattern in that: their groups are the same figures, in the same order.
SAME = [
    ("README.md", r"core embeds (\d+) a second", "Embedding on one core", r"lite0 \| (\d+)\."),
    ("README.md", r"or (\d+) with AVX-512", "Whole runs with AVX-512", r"core embedded (\d+) clips"),
    ("README.md", r"AVX-512 took (\d+) s and (\d+) s for 1,000", "Whole runs with AVX-512", r"\| 1,000 \| (\d+) s \| (\d+) s"),
    ("README.md", r"1,000 clips, and (\d+) s and (\d+) s for 11,000", "Whole runs with AVX-512", r"\| 11,000 \| (\d+) s \| (\d+) s"),
    ("README.md", r"`run` \| (\d+) s", LOOP, r"train, test and export \| \d+ \| (\d+)"),
    ("README.md", r"`annotate` \| (\d+) s", LOOP, r"annotate the other films \| \d+ \| (\d+)"),
    ("README.md", r"your answers[^|]*\| (\d+), (\d+) ", LOOP, r"Answers: (\d+) for Training, (\d+) for Testing"),
    ("README.md", r"found (\d+ of \d+) visits. It also showed (\d+) false", LOOP, r"finds (\d+ of \d+) visits.*False visits: (\d+)"),
    (
        "docs/stills.md",
        r"kept (\d+) of 100 triggers .* dropped (\d+) of",
        STILLS,
        r"\| all \| 101 .*? \| (\d+) .*?\| all \| 139 .*? \| (\d+) ",
    ),
    ("docs/stills.md", r"kept (\d+) and dropped (\d+)\.", STILLS, r"whole still.*\| all \| 101 .*? \| (\d+) .*\| all \| 139 .*? \| (\d+) "),
    ("docs/stills.md", r"normal contrast it kept (\d+)", STILLS, r"contrast: normal \| \d+ \|[^|]*\| (\d+) "),
    ("docs/review.md", r"(\d+) % of the suggestions after 30 names", "Suggested names", r"\| 30 \| seen \| \d+ \| (\d+) "),
    ("docs/videos.md", r"certain of (\d+) passages; (\d+) of them", "Real films and stills", r"certain of (\d+) of which (\d+)"),
]


def test_the_readme_says_when_the_page_for_sorting_opens():
    search, opening = _groups(r"search for motion, and cards \| \d+ \| (\d+).*the page opens \| \d+ \| ([\d.]+)", _section(LOOP))
    (said,) = _groups(r"until the page opens \| (\d+) s", _readme())
    assert said == f"{float(search) + float(opening):.0f}"


@pytest.mark.parametrize(("page", "said", "section", "measured"), SAME)
def test_a_page_says_what_was_measured(page, said, section, measured):
    assert _groups(said, (ROOT / page).read_text()) == _groups(measured, _section(section))


def test_the_readme_says_how_fast_the_search_is():
    rows = [
        [float(cell or "nan") for cell in row]
        for row in re.findall(r"^\| [^|]*, \w+ \|" + r" ([\d.]*) \|" * 6, _section(SEARCH), re.MULTILINE)
    ]
    fast, times, long = [row[1] for row in rows], [row[1] / row[5] for row in rows], max(row[2] for row in rows)
    slowest, fastest, *others = map(
        float, _groups(r"(\d+) to (\d+) frames of 1080p.*?([\d.]+) to ([\d.]+) times.*?at most ([\d.]+) times", _readme())
    )
    assert (slowest, fastest) == (10 * (min(fast) // 10), 10 * (max(fast) // 10))
    assert others == [round(min(times), 1), round(max(times), 1), long]
    # 100 hours of 25 frames a second, on two cores.
    hours = _groups(r"until the page opens \|[^|]*\| (\d+) to (\d+) h", _readme())
    assert hours == tuple(f"{100 * 25 / (2 * speed):.0f}" for speed in (fastest, slowest))


def test_the_readme_says_how_much_sixty_answers_teach():
    of_photographs = _section(SORTING).partition("clips: 5555")[0]
    (sixty,) = _groups(r"by the page \|(?: [^|]*\|){2} ([\d.]+)", of_photographs)
    (eight_hundred,) = _groups(r"ROC AUC \|(?: [^|]*\|){3} ([\d.]+)", of_photographs)
    assert sixty >= eight_hundred and "sixty answers teach as much as eight hundred" in " ".join(_readme().split())


def test_docs_say_how_good_the_interval_of_an_audit_is():
    shares = [
        float(share) for row in re.findall(r"\| 0\.\d\d \|((?: [\d.]+ % \|){3})", _section("Audit")) for share in re.findall(r"[\d.]+", row)
    ]
    low, high = map(float, _groups(r"In simulated seasons it did so in (\d+) to (\d+) of 100", (ROOT / "docs/audit.md").read_text()))
    assert (low, high) == (min(shares) // 1, max(shares))


def _readme() -> str:
    return (ROOT / "README.md").read_text()


def _section(heading: str) -> str:
    return RESULTS.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def _groups(pattern: str, text: str) -> tuple[str, ...]:
    found = re.search(pattern, " ".join(text.split()), re.DOTALL)
    assert found, f"nothing fits {pattern}"
    return found.groups()
