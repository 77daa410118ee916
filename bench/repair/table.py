"""The table that is printed, as Markdown."""

from collections.abc import Mapping

from bench.repair.tally import Counts, clear, exact, verdict

HEAD = (
    "| noise | level | reader | exact % | clear % | clear, wrong | accepted | wrong | repaired | wrong | wrong papers reported"
    " | changed | false alarms | goals |\n|" + "---|" * 14
)


def rows(noise: str, level: float, counts: Mapping[str, Counts]) -> str:
    """One row for each reader; those of joint decoding say whether the goals are met."""
    judged = {reader: verdict(counts["plain"], counts[reader]) for reader in ("joint", "second look")}
    written = (_row(f"{noise} | {level:g} | {reader}", count, judged.get(reader, "")) for reader, count in counts.items())
    return "\n".join(written)


def _row(name: str, count: Counts, judged: str) -> str:
    return (
        f"| {name} | {exact(count):.2f} | {clear(count):.1f} | {count['clear_wrong']} | {count['accepted']} | {count['accepted_wrong']}"
        f" | {count['repaired']} | {count['repaired_wrong']} | {count['reported']} of {count['planted']} | {count['planted_changed']}"
        f" | {count['false_alarms']} | {judged} |"
    )
