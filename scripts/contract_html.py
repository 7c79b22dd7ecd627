"""What contract-diff found, as one page for a browser that needs nothing else."""

from __future__ import annotations

from html import escape

from contract_change import COMPATIBLE, SOURCE, WIRE
from contract_report import CLASSES, columns_text, group_name, grouped, touched

WHOM = {
    WIRE: "Programs as they run today: the service may refuse them, or they misread a reply.",
    SOURCE: "Programs that are built anew: they do not compile, or mean something else.",
    COMPATIBLE: "Nobody, before somebody uses it.",
}
STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; margin: 2em auto; max-width: 75em; padding: 0 1em; }
table { border-collapse: collapse; width: 100%; margin: .6em 0 1.6em; }
th, td { border: 1px solid #bbb; padding: .35em .6em; text-align: left; vertical-align: top; }
th { background: #f2f2f2; }
code { font-size: 92%; overflow-wrap: anywhere; }
.wire-breaking th:first-child { border-left: 6px solid #b00020; }
.source-breaking th:first-child { border-left: 6px solid #b36b00; }
.compatible th:first-child { border-left: 6px solid #2e7d32; }
.small { color: #555; font-size: 90%; }
@media (prefers-color-scheme: dark) {
  body { background: #1b1b1b; color: #ddd; } th { background: #2a2a2a; } .small { color: #aaa; }
}
"""


def codes(names):
    return ", ".join(f"<code>{escape(name)}</code>" for name in names)


def lines(*texts):
    return "<br/>".join(text for text in texts if text)


def table(head, rows, css=""):
    cells = "".join(f"<th>{escape(name)}</th>" for name in head)
    body = "\n".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    head = f"<thead><tr>{cells}</tr></thead>"
    return f'<table class="{css}">{head}\n<tbody>\n{body}\n</tbody></table>'


def overview(report):
    before, after = report.old.counts(), report.new.counts()
    sources = [
        [escape(side), f"<code>{escape(contract.location)}</code>", *(str(n) for n in numbers)]
        for side, contract, numbers in (
            ("old", report.old, before.values()),
            ("new", report.new, after.values()),
        )
    ]
    return table(["", "contract", *before], sources)


def whom(report):
    """Who has to do something, and with what."""
    rows = []
    for name in CLASSES:
        found = [change for change in report.changes if change.classification == name]
        operations = sorted({each for change in found for each in report.operations_of(change)})
        rows.append([f"{len(found)} {escape(name)}", escape(WHOM[name]), codes(operations)])
    breaking = [change for change in report.changes if change.classification != COMPATIBLE]
    columns = columns_text([report.columns_of(change) for change in breaking])
    functions = touched(report.changes, report.users)
    wrapper = codes(functions) or "not touched"
    if report.problem is not None:
        wrapper = "not examined: " + escape(report.problem)
    rows.append(["libbacm's wrapper", "Functions behind breaking changes.", wrapper])
    rows.append(
        [
            "users of bacm",
            "Columns and keys that breaking changes are behind.",
            escape(columns) or "not touched",
        ]
    )
    return table(["what", "whom it breaks", "where"], rows)


def what(group):
    first = group[0]
    text = f"{first.kind} <code>{escape(group_name(group))}</code> {first.action}"
    if first.aspect:
        text += f": {escape(first.aspect)}"
    also = ' <span class="small">(also source-breaking)</span>'
    return text + (also if first.wire and first.source else "")


def from_to(change):
    if change.aspect == "order" or change.kind == "namespace" or not (change.old or change.new):
        return f"<code>{escape(change.old or '')}</code>" if change.kind == "namespace" else ""
    values = [f"<code>{escape(value)}</code>" for value in (change.old, change.new) if value]
    return " → ".join(values)


def over_rest(report, group):
    effect = report.effects.get(group[0])
    return f"JSON: {effect}" if effect else ""


def beside(report):
    """What REST has and the WSDL does not say."""
    items = "".join(f"<li>{escape(line)}</li>" for line in report.drift)
    return f"<h2>REST beside the WSDL</h2>\n<ul>{items}</ul>" if items else ""


def section(report, name):
    found = [change for change in report.changes if change.classification == name]
    rows = []
    for group in grouped(found):
        operations = sorted({each for change in group for each in report.operations_of(change)})
        functions = sorted({each for change in group for each in report.users(change)})
        columns = columns_text([report.columns_of(change) for change in group])
        rows.append(
            [
                what(group),
                from_to(group[0]),
                lines(escape(group[0].meaning), escape(over_rest(report, group))),
                codes(operations),
                lines(codes(functions), escape(columns)),
            ]
        )
    if not rows:
        return ""
    head = ["change", "from, to", "what it means", "operations", "of bacm"]
    return f"<h2>{escape(name)}</h2>\n{table(head, rows, name)}"


def as_html(report):
    title = escape(f"{report.new.service}: what changed")
    sections = "\n".join(section(report, name) for name in CLASSES)
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<title>{title}</title>
<style>{STYLE}</style>
</head>
<body>
<h1>{title}</h1>
{overview(report)}
{whom(report)}
{sections}
{beside(report)}
</body>
</html>
"""
