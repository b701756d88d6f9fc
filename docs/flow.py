"""Writes the figure of the flow in docs/developer.md, from Snakemake's own graph of the rules.

python docs/flow.py
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/developer.md"


def text() -> str:
    """The page with the figure as it is now, in Mermaid."""
    command = [Path(sys.executable).parent / "snakemake", "--rulegraph", "mermaid-js"]
    graph = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    names = dict(re.findall(r"(id\d+)\[(\w+)\]", graph))
    # All steps lead to `all`, which makes nothing: its arrows would hide the others.
    arrows = sorted((names[one], names[other]) for one, other in re.findall(r"(id\d+) --> (id\d+)", graph) if names[other] != "all")
    lines = ["```mermaid", "flowchart LR", *(f"    {one} --> {other}" for one, other in arrows), "```"]
    begin, end = "from `snakemake --rulegraph` -->\n", "<!-- /flow -->"
    before, _, rest = PAGE.read_text().partition(begin)
    return before + begin + "\n" + "\n".join(lines) + "\n\n" + end + rest.partition(end)[2]


if __name__ == "__main__":
    PAGE.write_text(text())
