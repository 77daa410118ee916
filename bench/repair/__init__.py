"""Numbers read under noise by plain best reading, grammar decoding alone, joint decoding, and joint decoding with a second look.

    python -m bench.repair [--forms 500] [--noise NAME[:LEVEL,LEVEL...] ...] [--cache DIR] [--plot SVG] [--workers 1]

Self-evaluations are generated (`tests.forms.contents`), 15 % of them wrong on paper; every level of noise sees the same forms. The layout
is held fixed and the words are sure: what is measured is the reading of numbers.

- `blur`, `resolution`, `seal`: pixels. The numbers are drawn into the cells of a sheet (`bench.repair.sheet`), scanned and spoilt
  (`bench.repair.scan`), cleaned, cut into lines and recognized by the project's own stages (`bench.repair.recognized`).
- `lattice`: no pixels. Each number becomes a lattice as a recognizer would give it (`bench.repair.lattices`).

The readers decode the same lattices (`bench.repair.readers`); only the last one may read lines again. Printed for each level: share of
numbers whose value is that on paper; share of forms clear; numbers accepted wrong and repaired wrong; papers that are wrong, reported, and
changed; then whether the goals are met. Every wrong repair is told on stderr. With ``--cache`` what the recognizer says is kept, by the
pixels of each line, so that any change but that of the network is measured again without reading again what looks the same.

Needs Debian's fonts-noto-cjk, fonts-arphic-uming, fonts-arphic-ukai and fonts-wqy-zenhei; for the plot, the extra ``bench``.
"""
