"""The tables that a benchmark prints, and its JSON."""

import json
import os
import platform
import subprocess


def number(value):
    if value is None:
        return "-"
    if isinstance(value, str):
        return value
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def spread(value):
    """Median (least to most)."""
    return "-" if value is None else \
        f"{number(value.median)} ({number(value.least)} to {number(value.most)})"


def machine():
    compiler = subprocess.run(["cc", "-dumpfullversion"], capture_output=True, text=True,
                              check=False).stdout.strip()
    system = platform.freedesktop_os_release().get("PRETTY_NAME", platform.system())
    return {"cores": os.cpu_count(), "system": system, "compiler": f"gcc {compiler}",
            "load_before": os.getloadavg()[0]}


class Report:
    def __init__(self, quick):
        self.data = {"quick": quick, "machine": machine(), "sections": {}, "budgets": []}

    def section(self, key, title, columns, rows, notes=()):
        """rows: lists of cells; a cell is a text, a number or a Spread."""
        shown = [[spread(cell) if hasattr(cell, "median") else number(cell) for cell in row]
                 for row in rows]
        widths = [max(len(row[i]) for row in [columns, *shown]) for i in range(len(columns))]
        print(f"\n{title}")
        for row in [columns, *shown]:
            print("  " + "  ".join(
                text.ljust(width) if i == 0 else text.rjust(width)
                for i, (text, width) in enumerate(zip(row, widths))).rstrip())
        for note in notes:
            print(f"  {note}")
        self.data["sections"][key] = {
            "title": title, "columns": columns, "notes": list(notes),
            "rows": [[cell.as_dict() if hasattr(cell, "median") else cell for cell in row]
                     for row in rows]}

    def budget(self, what, value, limit, at_least=False):
        """A ratio and what design asks of it. value None: not measured."""
        held = None if value is None else value >= limit if at_least else value <= limit
        self.data["budgets"].append({"what": what, "value": value, "limit": limit,
                                     "at_least": at_least, "held": held})

    def budgets(self):
        if not self.data["budgets"]:
            return
        rows = [[each["what"], each["value"],
                 ("at least " if each["at_least"] else "at most ") + number(each["limit"]),
                 {True: "held", False: "not reached", None: "not measured"}[each["held"]]]
                for each in self.data["budgets"]]
        shown = [[number(cell) for cell in row] for row in rows]
        columns = ["Budget", "measured", "wanted", ""]
        widths = [max(len(row[i]) for row in [columns, *shown]) for i in range(4)]
        print("\nBudgets (ratios within this run; none is a test)")
        for row in [columns, *shown]:
            print("  " + "  ".join(text.ljust(width) if i in (0, 3) else text.rjust(width)
                                   for i, (text, width) in enumerate(zip(row, widths))).rstrip())

    def write(self, path):
        path.write_text(json.dumps(self.data, indent=1) + "\n", encoding="utf-8")
        print(f"\nAll figures: {path}")
