"""Page breaks put into a drawn form."""


def cells_of(line: str) -> list[str]:
    """The cells of one drawn row."""
    return [cell.strip() for cell in line.split("|")]


def table_rows(drawing: str) -> tuple[list[str], list[list[str]]]:
    """Loose lines and rows of a drawing that has one table."""
    lines = [line for line in drawing.strip("\n").split("\n") if line.strip()]
    return [line for line in lines if line[0] == "#"], [cells_of(line) for line in lines if line[0] != "#"]


def drawn(loose: list[str], rows: list[list[str]]) -> str:
    """The inverse of `table_rows`."""
    return "\n".join([*loose, *(" | ".join(row) for row in rows)])


def cut_between(drawing: str, row: int, top_line: bool) -> tuple[str, str]:
    """Two pages with a break above ``row``, as browsers print it.

    Cells that go on are open; the others have a line at the foot of the first page, and one at the head of the second with ``top_line``.
    """
    loose, rows = table_rows(drawing)
    upper, lower = [list(cells) for cells in rows[:row]], [list(cells) for cells in rows[row:]]
    for column, cell in enumerate(lower[0]):
        if cell == "^":
            owner = max(r for r in range(row) if upper[r][column] != "^")
            upper[owner][column] += "↓"
            lower[0][column] = "↑"
        elif cell != "<" and not top_line:
            lower[0][column] = "↑" + cell
    return drawn(loose, upper), drawn([], lower)


def cut_between_closed(drawing: str, row: int) -> tuple[str, str]:
    """The same as word processors print it: a line on both sides of the break, and nothing in the rest of a cell that goes on."""
    loose, rows = table_rows(drawing)
    lower = [["" if cell == "^" else cell for cell in rows[row]], *rows[row + 1 :]]
    return drawn(loose, rows[:row]), drawn([], lower)


def cut_within(drawing: str, row: int) -> tuple[str, str]:
    """Two pages with a break within ``row``: text of several lines goes on, the rest of the other cells is blank."""
    loose, rows = table_rows(drawing)
    upper, lower = [list(cells) for cells in rows[: row + 1]], [list(cells) for cells in rows[row:]]
    for column, cell in enumerate(rows[row]):
        if cell == "<":
            continue
        owner = max(r for r in range(row + 1) if upper[r][column] != "^")
        first, _, rest = upper[owner][column].partition("⏎") if owner == row else (upper[owner][column], "", "")
        upper[owner][column] = first + "↓"
        lower[0][column] = "↑" + rest
    return drawn(loose, upper), drawn([], lower)
