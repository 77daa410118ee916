"""The command; see `bench.calibration`."""

import argparse
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import bench.calibration
from bench.calibration import diagram
from bench.calibration.fit import accepted, calibration_error, fitted
from bench.calibration.readings import TRUTH, Sample, samples_of
from postprocess.calibration import TARGET_ERROR, Calibration, Sort, builtin_calibration, print_calibration

TARGETS = (0.01, 0.003, TARGET_ERROR, 0.0003)


def main() -> None:
    """Read, count, and print; fit and draw where asked."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.calibration", description=bench.calibration.__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("scans", type=Path)
    parser.add_argument("--fit", type=Path, help="write the calibration of these scans")
    parser.add_argument("--made", default="", help="how the scans were made, kept with the calibration")
    parser.add_argument("--plot", type=Path, help="draw the reliability diagram into this SVG or PNG")
    parser.add_argument("--cache", type=Path, help="folder in which the recognizer's answers are kept")
    parser.add_argument("--workers", type=int, default=1, help="processes")
    options = parser.parse_args()
    found = _all_samples(options.scans, options.cache, options.workers)
    if options.fit is not None:
        provenance = {"scans": options.made, "fields": len(found), "command": "python -m bench.calibration SCANS --fit FILE"}
        options.fit.write_text(print_calibration(fitted(found), provenance), "utf-8")
    calibration = fitted(found) if options.fit is not None else builtin_calibration()
    _report(calibration, found)
    if options.plot is not None:
        diagram.draw(calibration, found, options.plot)


def _all_samples(scans: Path, cache: Path | None, workers: int) -> list[Sample]:
    names = sorted(path for path in scans.iterdir() if not path.name.endswith(TRUTH) and path.with_name(path.stem + TRUTH).is_file())
    with TemporaryDirectory() as scratch, ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        kept = cache or Path(scratch)
        kept.mkdir(parents=True, exist_ok=True)
        return [sample for found in pool.map(partial(samples_of, kept), names) for sample in found]


def _report(calibration: Calibration, found: Sequence[Sample]) -> None:
    print("sort                      fields  wrong  calibration error")
    for looked in (False, True):
        for sort in Sort:
            part = [each for each in found if (each.sort, each.looked) == (sort, looked)]
            name = f"{sort} after a second look" if looked else str(sort)
            print(f"{name:25} {len(part):6} {sum(not each.right for each in part):6}  {calibration_error(calibration, part):.4f}")
    for target in TARGETS:
        least = calibration.threshold(target)
        count, wrong = accepted(calibration, found, least)
        share = wrong / max(1, count)
        print(f"target error {target:g}: from {least:.4f} {count} of {len(found)} accepted, {wrong} wrong ({share:.5f})")


if __name__ == "__main__":
    main()
