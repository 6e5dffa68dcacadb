"""The page: a report as one HTML file that needs nothing else, to be read, kept and printed."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from eligibility.showing.report import Report
from eligibility.showing.signs import harmless

__all__ = ["SIGNS", "page", "template"]

SIGNS: Final = {"passes": "✓", "excludes": "✗", "open": "?"}


def page(report: Report) -> str:
    """The report as HTML. Without scripts, and without anything that would be fetched."""
    return template("screening").render(report=report, screening=report.screening, signs=SIGNS)


@cache
def template(name: str) -> Template:
    """One of the templates; what it is filled with stays text."""
    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: harmless(value) if isinstance(value, str) and not hasattr(value, "__html__") else value,
    )
    return made.get_template(f"{name}.html")
