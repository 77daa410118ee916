"""A page's content as bytes, there and back."""

from dataclasses import replace

import numpy as np

from models.content import PageContent
from models.geometry import Box, Size, Straightening
from models.reading import Reading, certain
from service.content_file import decode, encode


def test_what_was_read_from_a_text_layer_and_what_it_disputes_comes_back() -> None:
    told = Reading(Box(1, 2, 3, 4), "1,250.00", (1.0,) * 8, certain("1,250.00"))
    content = PageContent(2, Straightening(Size(40, 60), Size(40, 60)), (), (told, replace(told, disputed=True)), from_text=True)
    again = decode(encode(content))
    assert again == content
    assert (again.from_text, [reading.disputed for reading in again.loose]) == (True, [False, True])
    assert np.array_equal(again.loose[0].lattice.codes, told.lattice.codes)
