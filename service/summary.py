"""``summary.json`` (schema ``formtally/summary/1``): what a run read, could not read and passed over."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from models.errors import ExitCode
from service.document_shape import ProblemJson
from service.inputs import Ignored
from service.outcome import Outcome, State, total
from service.wording import storable


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TallyJson(_Record):
    """Counts; see `service.outcome.Tally`."""

    pages: int
    forms: int
    clear: int
    needs_review: int
    doubtful: int
    errors: int
    warnings: int
    problems: int


class SecondLookJson(_Record):
    """Lines that left a doubt and were looked at again, and the seconds this took."""

    lines: int
    seconds: float


class InputJson(_Record):
    """One input: where it lay, where its document JSON lies below the output folder, what came of it."""

    input: str
    output: str
    sha256: str
    status: State
    unchanged: bool
    counts: TallyJson
    problems: tuple[ProblemJson, ...]
    seconds: float
    second_look: SecondLookJson


class IgnoredJson(_Record):
    """A name that was passed over, and why."""

    path: str
    reason: str


class VersionsJson(_Record):
    """Of the program, and of the reader (part of the identity of a result)."""

    formtally: str
    reader: str


class SummaryJson(_Record):
    """A whole run. ``finished`` is false where it was interrupted: then inputs are missing."""

    schema_name: Annotated[Literal["formtally/summary/1"], Field(alias="schema")] = "formtally/summary/1"
    version: VersionsJson
    exit_code: int
    finished: bool
    seconds: float
    totals: TallyJson
    inputs: tuple[InputJson, ...]
    ignored: tuple[IgnoredJson, ...]

    def to_json(self) -> bytes:
        """UTF-8."""
        return self.model_dump_json(indent=1, by_alias=True).encode() + b"\n"

    def same_results(self, other: "SummaryJson") -> bool:
        """Whether both tell of the same results, however long each took and whoever did the work."""
        return self._results() == other._results()

    def _results(self) -> object:
        inputs = [entry.model_copy(update={"seconds": 0, "unchanged": True, "second_look": None}) for entry in self.inputs]
        return self.version, self.exit_code, self.finished, inputs, self.ignored


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run ended.

    Attributes:
        exit_code: of the process.
        finished: every input was come to.
        seconds: it took.
    """

    exit_code: ExitCode
    finished: bool
    seconds: float


def summarize(outcomes: Sequence[Outcome], ignored: Sequence[Ignored], versions: VersionsJson, ending: Ending) -> SummaryJson:
    """The summary of a run; ``outcomes`` in the order of the inputs."""
    return SummaryJson(
        version=versions,
        exit_code=ending.exit_code,
        finished=ending.finished,
        seconds=round(ending.seconds, 2),
        totals=TallyJson(**asdict(total(outcomes))),
        inputs=tuple(_input(outcome) for outcome in outcomes),
        ignored=tuple(IgnoredJson(path=storable(entry.path), reason=entry.reason) for entry in ignored),
    )


def parse_summary(data: bytes) -> SummaryJson | None:
    """The record behind what `SummaryJson.to_json` wrote; None where ``data`` is something else."""
    try:
        return SummaryJson.model_validate_json(data)
    except ValidationError:
        return None


def _input(outcome: Outcome) -> InputJson:
    return InputJson(
        input=storable(outcome.file.given),
        output=storable(outcome.output),
        sha256=outcome.sha256,
        status=outcome.state,
        unchanged=outcome.unchanged,
        counts=TallyJson(**asdict(outcome.tally)),
        problems=outcome.problems,
        seconds=round(outcome.seconds, 2),
        second_look=SecondLookJson(lines=outcome.second_look.lines, seconds=round(outcome.second_look.seconds, 2)),
    )
