"""Command line of the generator: ``python -m tests.forms OUT --count N --seed S``."""

import argparse
import sys
from pathlib import Path

from tests.forms import KINDS, generate


def main() -> None:
    """Write the files that were asked for and name each on stdout."""
    parser = argparse.ArgumentParser(prog="python -m tests.forms", description=__doc__)
    parser.add_argument("out", type=Path, help="folder for the scans and their truth")
    parser.add_argument("--count", type=int, default=10, help="number of files")
    parser.add_argument("--seed", type=int, default=1, help="of contents, style and scan")
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS))
    parser.add_argument("--planted", type=float, default=0.0, help="share of forms whose paper is wrong")
    asked = parser.parse_args()
    for path in generate(asked.out, asked.count, asked.seed, asked.kinds, planted=asked.planted):
        sys.stdout.write(f"{path}\n")


if __name__ == "__main__":
    main()
