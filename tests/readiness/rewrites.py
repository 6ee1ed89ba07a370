"""Rewrites of ``passing.md`` that mean the same: the verdict of every rule stays, only lines move."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

Change = Callable[[str], str]
Row = list[str]


class Rewrite(NamedTuple):
    """One way to write the same file."""

    name: str
    apply: Change


def _rewrite(change: Change) -> Rewrite:
    """Name a change after its function, and make sure that it changes something."""

    def apply(text: str) -> str:
        changed = change(text)
        assert changed != text, f"{change.__name__} changes nothing"
        return changed

    return Rewrite(change.__name__, apply)


def _sub(pattern: str, new: str, text: str) -> str:
    """Replace a pattern, line by line, which must be there."""
    changed, count = re.subn(pattern, new, text, flags=re.MULTILINE)
    assert count, f"{pattern!r} is not in the text"
    return changed


def _put(old: str, new: str, text: str) -> str:
    """Replace one text, which must be there once."""
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the text"
    return text.replace(old, new)


def _cells(line: str) -> Row:
    """Return the cells of a table row."""
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def _line(cells: Row) -> str:
    return f"| {' | '.join(cells)} |"


def _tables(text: str, change: Callable[[list[Row]], list[Row]], header: str = "|") -> str:
    """Change every table whose header row starts with a text; rows are: header, alignment, data."""

    def changed(match: re.Match[str]) -> str:
        rows = [_cells(line) for line in match[0].splitlines()]
        return "".join(f"{_line(row)}\n" for row in change(rows))

    result, count = re.subn(rf"(?m)^{re.escape(header)}.*\n(?:\|.*\n)+", changed, text)
    assert count, f"no table starts with {header!r}"
    return result


def _outside_tables(text: str, change: Change) -> str:
    """Change every line that is not part of a table."""
    return "\n".join(line if line.startswith("|") else change(line) for line in text.split("\n"))


# --- tables -----------------------------------------------------------------------------------------------------------


@_rewrite
def alert_columns_reordered(text: str) -> str:
    return _tables(text, lambda rows: [[row[3], row[0], row[4], row[2], row[1]] for row in rows], "| Alert |")


@_rewrite
def columns_reversed_in_every_table(text: str) -> str:
    return _tables(text, lambda rows: [row[::-1] for row in rows])


@_rewrite
def status_column_last(text: str) -> str:
    return _tables(text, lambda rows: [[*row[1:], row[0]] for row in rows], "| Status |")


@_rewrite
def extra_column_at_the_end(text: str) -> str:
    def wider(rows: list[Row]) -> list[Row]:
        return [[*row, cell] for row, cell in zip(rows, ["Remark", "---", *["as agreed"] * len(rows)], strict=False)]

    return _tables(text, wider)


@_rewrite
def extra_column_at_the_start(text: str) -> str:
    def wider(rows: list[Row]) -> list[Row]:
        head = ["No.", "---", *(str(number) for number in range(1, len(rows)))]
        return [[cell, *row] for cell, row in zip(head, rows, strict=False)]

    return _tables(text, wider)


@_rewrite
def tables_without_outer_pipes(text: str) -> str:
    return _sub(r"^\| (.*) \|$", r"\1", _sub(r"^\|(-.*-)\|$", r"\1", text))


@_rewrite
def cells_padded(text: str) -> str:
    def padded(rows: list[Row]) -> list[Row]:
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        rule = ["-" * width for width in widths]
        body = [[cell.ljust(width) for cell, width in zip(row, widths, strict=True)] for row in rows]
        return [body[0], rule, *body[2:]]

    return _tables(text, padded)


@_rewrite
def cells_without_spaces(text: str) -> str:
    return _sub(r" ?\| ?", "|", text)


@_rewrite
def columns_aligned(text: str) -> str:
    marks = [":---", ":---:", "---:"]

    def aligned(rows: list[Row]) -> list[Row]:
        return [rows[0], [marks[number % 3] for number in range(len(rows[0]))], *rows[2:]]

    return _tables(text, aligned)


@_rewrite
def rows_in_another_order(text: str) -> str:
    return _tables(text, lambda rows: [*rows[:2], *rows[:1:-1]], "| Alert |")


@_rewrite
def extra_rows(text: str) -> str:
    text = _put(
        "\n**Required minima covered**",
        "| ✅ LIVE | `book_depth_ratio` (existing) | gauge | Prometheus "
        "| [Grafana, books](https://grafana.example.com/d/books) | warn < 0.3, crit < 0.1 | `@mlops-anna` |\n"
        "\n**Required minima covered**",
        text,
    )
    text = _put(
        "\nNothing is retrained",
        "| Feature distribution | KS test per feature, logged as `event=feature_ks_computed` | rolling 7 d "
        "| p < 0.05 (warn), p < 0.01 (crit) "
        "| tell the operator, entry in `documentation/runbooks/model_quality.md#symptom-model_drift_high` |\n"
        "\nNothing is retrained",
        text,
    )
    return _put(
        "\n- Exact setting",
        "| Artefact pin (secondary) | the feature artefact of the run before is pinned again | < 5 min |\n"
        "\n- Exact setting",
        text,
    )


@_rewrite
def escaped_pipe_in_cells(text: str) -> str:
    text = _put("any P1 or P2 alert", "any alert of `P1\\|P2`", text)
    return _put("`event=spread_gate_applied`", "`event=spread_gate_applied side=buy\\|sell`", text)


@_rewrite
def tables_indented(text: str) -> str:
    return _sub(r"^\|", "  |", text)


@_rewrite
def names_of_columns_that_mean_the_same(text: str) -> str:
    text = _put(
        "| Method | Window | Threshold | Action |",
        "| Detection method | Window | Threshold | Action on trigger |",
        text,
    )
    return _put("| Revert SLA |", "| Reversal latency |", text)


@_rewrite
def same_runbook(text: str) -> str:
    rows = r"(^\| `(?:inference_failures_high|model_drift_high|spread_gate_shut)` \| .*? \| )`documentation.*?`"
    return _sub(rows, r"\1same runbook", text)


@_rewrite
def type_same_as_above(text: str) -> str:
    return _put("| gauge | Prometheus, fed from", "| same | Prometheus, fed from", text)


# --- lists ------------------------------------------------------------------------------------------------------------


@_rewrite
def star_bullets(text: str) -> str:
    return _sub(r"^- ", "* ", text)


@_rewrite
def plus_bullets(text: str) -> str:
    return _sub(r"^- ", "+ ", text)


@_rewrite
def lists_indented(text: str) -> str:
    return _sub(r"^- ", "  - ", text)


@_rewrite
def wide_bullets(text: str) -> str:
    return _sub(r"^- (?!\[)", "-   ", text)


@_rewrite
def lists_loose(text: str) -> str:
    return _sub(r"^(- .*)\n(?=- )", r"\1\n\n", text)


@_rewrite
def lists_right_below_their_lead(text: str) -> str:
    return _sub(r"^(\*\*.*\*\*:)\n\n(?=- )", r"\1\n", text)


@_rewrite
def bullets_below_bullets(text: str) -> str:
    text = _put("counted for each symbol\n", "counted for each symbol\n  - one panel per symbol\n", text)
    return _put("came back at once.\n", "came back at once.\n  - both pods took part\n    - each of them twice\n", text)


@_rewrite
def ticks_before_items(text: str) -> str:
    return _sub(r"^- (?=\w+(?:-rate)? metric|Canary|Going|Full|Exact|The primary)", "- ✅ ", text)


@_rewrite
def signs_before_the_bullets_of_the_owner(text: str) -> str:
    text = _sub(r"^- (?=DRI|Backup|Decision)", "- ✅ ", text)
    return _put("- Sunset", "- ⏸️ Sunset", text)


@_rewrite
def ticks_in_the_checklist(text: str) -> str:
    return _sub(r"^- \[x\] ", "- [x] ✅ ", text)


@_rewrite
def capital_ticks(text: str) -> str:
    return _sub(r"^- \[x\]", "- [X]", text)


# --- words and signs --------------------------------------------------------------------------------------------------


@_rewrite
def french_colons(text: str) -> str:
    return _outside_tables(
        text, lambda line: re.sub(r"(?<=[\w*`]): |(?<=[\w*`]):$", lambda colon: f" {colon[0]}", line)
    )


@_rewrite
def french_colons_not_breaking(text: str) -> str:
    return _outside_tables(
        text, lambda line: re.sub(r"(?<=[\w*`]): |(?<=[\w*`]):$", lambda colon: f"\N{NO-BREAK SPACE}{colon[0]}", line)
    )


@_rewrite
def per_cent_without_space(text: str) -> str:
    return _sub(r"(\d) %", r"\1%", text)


@_rewrite
def per_cent_with_narrow_space(text: str) -> str:
    return _sub(r"(\d) %", "\\1\N{NARROW NO-BREAK SPACE}%", text)


@_rewrite
def spaces_that_do_not_break(text: str) -> str:
    return _sub(r"(?<=[\d≥]) (?=d\b|h\b|min\b|days\b|%|\d)", "\N{NO-BREAK SPACE}", text)


@_rewrite
def at_least_in_ascii(text: str) -> str:
    return _sub("≥", ">=", text)


@_rewrite
def at_least_as_entity(text: str) -> str:
    return _sub("≥ ", "&ge; ", text)


@_rewrite
def days_close_up(text: str) -> str:
    return _sub(r"(\d) d\b", r"\1d", text)


@_rewrite
def days_in_words(text: str) -> str:
    return _sub(r"(\d) d\b", r"\1 days", text)


@_rewrite
def days_as_hours(text: str) -> str:
    text = _put("| ≥ 7 d |", "| 168 h |", text)
    return _put("| 10 days |", "| 240 hours |", text)


@_rewrite
def at_least_without_space(text: str) -> str:
    return _put("| ≥ 7 d |", "| ≥7d |", text)


@_rewrite
def below_as_entity(text: str) -> str:
    return _put("| < 1 min |", "| &lt; 1 min |", text)


@_rewrite
def words_in_bold_and_italics(text: str) -> str:
    text = _sub(r"\| (P\d|Shadow|Canary|Full) \|", r"| **\1** |", text)
    text = _sub(r"\| (gauge|counter) \|", r"| *\1* |", text)
    text = _sub(r"\| (Data|Concept) drift \|", r"| __\1 drift__ |", text)
    text = _sub(r"^- (DRI|Backup DRI|Decision authority|Sunset date):", r"- **\1**:", text)
    return _put("was exercised in shadow", "was *exercised* in **shadow**", text)


@_rewrite
def header_cells_in_bold(text: str) -> str:
    return _tables(text, lambda rows: [[f"**{cell}**" for cell in rows[0]], *rows[1:]])


@_rewrite
def handles_without_code(text: str) -> str:
    return _sub(r"`(@[\w-]+)`", r"\1", text)


@_rewrite
def symbol_without_code(text: str) -> str:
    return _put("`ETHUSDC`", "ETHUSDC", text)


@_rewrite
def backup_in_short(text: str) -> str:
    return _put("- Backup DRI:", "- Backup:", text)


# --- links ------------------------------------------------------------------------------------------------------------


@_rewrite
def reference_links(text: str) -> str:
    links = re.findall(r"\[(Grafana, \w+)\]\((\S+?)\)", text)
    assert links
    changed = _sub(r"\[(Grafana, \w+)\]\(\S+?\)", r"[\1]", text)
    return changed + "\n" + "".join(f"[{name}]: {target}\n" for name, target in links)


@_rewrite
def autolinks(text: str) -> str:
    return _sub(r"\[(Grafana, \w+)\]\((\S+?)\)", r"\1 <\2>", text)


@_rewrite
def bare_addresses(text: str) -> str:
    return _sub(r"\[(Grafana, \w+)\]\((\S+?)\)", r"\1 \2", text)


@_rewrite
def runbooks_as_links(text: str) -> str:
    return _sub(r"`(documentation/runbooks/[\w./#-]+)`", r"[`\1`](\1)", text)


# --- headings and sections --------------------------------------------------------------------------------------------


@_rewrite
def setext_headings(text: str) -> str:
    """Underline headings; a number that starts one is escaped, or it would start a list."""
    text = _sub(r"^# (.*)$", r"\1\n===", text)
    text = _sub(r"^## (\d)\. (.*)$", r"\1\\. \2\n---", text)
    return _sub(r"^## (.*)$", r"\1\n---", text)


@_rewrite
def closed_headings(text: str) -> str:
    return _sub(r"^(#+) (.*)$", r"\1 \2 \1", text)


@_rewrite
def wide_headings(text: str) -> str:
    return _sub(r"^(##) ", r" \1   ", text)


@_rewrite
def headings_without_must(text: str) -> str:
    return _sub(r"^(## .*) \(MUST\)$", r"\1", text)


@_rewrite
def extra_section_between(text: str) -> str:
    return _put("## 3. Drift", "## Background\n\nThin books cost more than they bring.\n\n## 3. Drift", text)


@_rewrite
def extra_sections_at_the_end(text: str) -> str:
    return _put(
        "## Sign-off",
        "## 6.bis Calendar\n\n| Week | Meeting |\n|---|---|\n| 1 | desk |\n\n"
        "## 7. Outlook\n\nMore venues.\n\n## Sign-off",
        text,
    )


@_rewrite
def extra_section_after_the_checklist(text: str) -> str:
    return f"{text}\n## Sources\n\n- notes of the desk\n- a paper on thin books\n"


@_rewrite
def subsections(text: str) -> str:
    text = _put("**Required minima covered**:", "### Minima\n\n**Required minima covered**:", text)
    return _put("- Exact setting", "### Details\n\n- Exact setting", text)


@_rewrite
def another_table_in_a_section(text: str) -> str:
    return _put(
        "## 5. Rollback",
        "| Symbol | Spread |\n|---|---|\n| widest | 4 bp |\n| narrowest | 1 bp |\n\n## 5. Rollback",
        text,
    )


@_rewrite
def rules_between_sections(text: str) -> str:
    return _sub(r"^(?=## )", "***\n\n", text)


# --- comments, code and quotations ------------------------------------------------------------------------------------


@_rewrite
def comments_before_sections(text: str) -> str:
    return _sub(r"^(?=## )", "<!-- the next part -->\n\n", text)


@_rewrite
def comments_of_many_lines(text: str) -> str:
    comment = "<!--\nThe desk wrote this.\n\n- [ ] ask again\n\n## 9. Not a section\n\n| A |\n|---|\n| 1 |\n-->\n\n"
    text = _put("The numbers below", f"{comment}The numbers below", text)
    text = _put("| Alert |", f"{comment}| Alert |", text)
    return _put("- [x] §1", f"{comment}- [x] §1", text)


@_rewrite
def comments_in_lines(text: str) -> str:
    text = _put("(wp#318), GitHub", "(wp#318), <!-- moved in May --> GitHub", text)
    text = _put("| Canary |", "| Canary <!-- one only --> |", text)
    return _put("- DRI: ", "- DRI: <!-- a person --> ", text)


@_rewrite
def a_block_of_code(text: str) -> str:
    block = "```yaml\n# ## 8. not a section\n- [ ] open\nsession: <id>\ndate: YYYY-MM-DD\nissue: '#TBD'\n```\n\n"
    return _put("## 6. Owner", f"{block}## 6. Owner", text)


# --- lines ------------------------------------------------------------------------------------------------------------


@_rewrite
def crlf(text: str) -> str:
    return text.replace("\n", "\r\n")


@_rewrite
def byte_order_mark(text: str) -> str:
    return f"\N{ZERO WIDTH NO-BREAK SPACE}{text}"


@_rewrite
def trailing_spaces(text: str) -> str:
    return _sub(r"$", "   ", text)


@_rewrite
def trailing_tabs_on_rows(text: str) -> str:
    return _sub(r"\|$", "|\t", text)


@_rewrite
def blank_lines_doubled(text: str) -> str:
    return text.replace("\n\n", "\n\n\n")


@_rewrite
def blank_lines_at_both_ends(text: str) -> str:
    return f"\n\n{text}\n\n\n"


@_rewrite
def no_newline_at_the_end(text: str) -> str:
    return text.rstrip("\n")


@_rewrite
def hard_wrapped(text: str) -> str:
    """Break paragraphs and items after each fourth word."""

    def wrapped(line: str) -> str:
        if line.startswith(("#", "|")):
            return line
        words = line.split(" ")
        step = 4
        parts = [" ".join(words[start : start + step]) for start in range(0, len(words), step)]
        return ("\n  " if line.startswith("- ") else "\n").join(parts)

    return "\n".join(wrapped(line) for line in text.split("\n"))


@_rewrite
def lazy_continuation(text: str) -> str:
    return _sub(r"^(- (?:The primary|Going|Backup).*?,|- Going to full) ", r"\1\n", text)


@_rewrite
def header_fields_in_one_paragraph(text: str) -> str:
    return _sub(r"^(\*\*(?:Story|Owner|Filled on)\*\*.*)\n\n", r"\1  \n", text)


@_rewrite
def header_values_in_bullets(text: str) -> str:
    return _sub(r"^(\*\*(?:Story|Owner|Filled on)\*\*:) (.*)$", r"\1\n\n- \2", text)


@_rewrite
def story_in_two_bullets(text: str) -> str:
    return _put("**Story**: CVN-N002-EE-S21 (wp#318), ", "**Story** :\n\n- CVN-N002-EE-S21 (wp#318)\n- ", text)


REWRITES: tuple[Rewrite, ...] = tuple(value for value in list(globals().values()) if isinstance(value, Rewrite))
"""All of the above, in their order."""
