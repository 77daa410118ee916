"""docs/audit.md tells every finding of the audit, as grave as it is, and no other."""

import re
from pathlib import Path

from service.audit.edges import Ground
from service.audit.finding import SEVERITIES, AuditRule
from service.audit.sentences import GROUNDS, RULES

DOC = (Path(__file__).parents[3] / "docs/audit.md").read_text("utf-8")


def test_every_finding_stands_in_the_table_with_its_name_and_severity_and_no_other() -> None:
    told = re.findall(r"^\| `(\w+)` (\S[^|]*) \| (\w+) \| [^|]+ \|$", DOC, re.MULTILINE)
    assert told == [(rule.value, RULES[rule], SEVERITIES[rule].value) for rule in AuditRule]


def test_every_ground_of_a_link_stands_in_the_table_and_no_other() -> None:
    told = re.findall(r"^\| `(\w+)` (\S[^|]*) \| [^|]+ \| (?:yes|no|with amounts) \|$", DOC, re.MULTILINE)
    assert told == [(ground.value, GROUNDS[ground]) for ground in Ground]
