"""Makes docs/report.png, the picture of the report in the README, from the report of a run on the samples (with Chromium).

python3 start.py samples
python docs/screenshot.py results/report.html
"""

import subprocess
import sys
from pathlib import Path

PICTURE = Path(__file__).resolve().parent / "report.png"


def main() -> None:
    report = Path(sys.argv[1]).resolve()
    command = ["chromium", "--headless", "--no-sandbox", "--hide-scrollbars", "--window-size=1280,900", f"--screenshot={PICTURE}"]
    subprocess.run([*command, report.as_uri()], check=True)


if __name__ == "__main__":
    main()
