"""The committed samples are small, complete and still what the generator knows how to draw."""

import json
from pathlib import Path

import pytest

from tests.forms.demo import SAMPLES, Sample

FOLDER = Path(__file__).parents[2] / "samples"
KILOBYTES = 1024


def test_samples_stay_small() -> None:
    sizes = [path.stat().st_size for path in FOLDER.iterdir()]
    assert max(sizes) <= 400 * KILOBYTES
    assert sum(sizes) <= 1200 * KILOBYTES


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_every_sample_has_its_truth(sample: Sample) -> None:
    record = json.loads((FOLDER / f"{sample.name}.truth.json").read_text(encoding="utf-8"))
    assert (FOLDER / f"{sample.name}{sample.job.suffix}").stat().st_size > 0
    assert record["kind"] == sample.job.kind
    assert [len(form["indicators"]) for form in record["forms"]] == list(sample.rows)
    assert any(form.get("planted") for form in record["forms"]) == sample.wrong
