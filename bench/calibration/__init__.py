"""How far the confidences can be trusted, counted on drawn scans with known text; and the calibration fitted to that.

    python -m tests.forms SCANS --count 120 --seed 11 --planted 0.15
    python -m bench.calibration SCANS [--fit postprocess/calibration.json] [--plot docs/images/reliability.svg] [--cache DIR]

Every field of every form is compared with its truth, before any rule is asked and again after the second look. Printed for each sort
of text: how many fields, how many wrong, the expected calibration error (Guo et al., 2017, "On calibration of modern neural networks": the
mean difference of the probability told and the share that was right, over ten bins of equal count), and what is accepted at each error.
``--fit`` writes the calibration of these scans; test it on others.
"""
