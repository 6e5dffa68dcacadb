"""Texts, the rules that they mean, and the verdicts on patients: tests/cases/*.yaml. Adding a case needs no Python.

A case has a ``text`` (``kind``: inclusion, unless it says exclusion; ``studied``, ``record``, ``arms``), the ``rule``
that it is read as, without what is left at its default, and under ``met``, ``unmet`` and ``unknown`` the profiles for
which it is that. A profile may have ``on``, the screening date, else 2026-11-01, which is its ``as_of`` as well unless
it says otherwise. ``xfail`` lists what is not right yet: ``why``, and again ``rule``, ``met``, ``unmet``, ``unknown``;
it is strict.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from eligibility import PatientProfile, evaluate, read_criterion
from eligibility.rules import Criterion, TrialRecord

ON = date(2026, 11, 1)
FILES = sorted((Path(__file__).parent / "cases").glob("*.yaml"))
STATUSES = ("met", "unmet", "unknown")
FIELDS = {"name", "text", "kind", "studied", "record", "arms", "rule", "unread", "open", "xfail", *STATUSES}


def groups() -> Iterator[tuple[str, dict[str, Any]]]:
    for path in FILES:
        for group in yaml.safe_load(path.read_text(encoding="utf-8")):
            if isinstance(group, dict) and "text" in group and set(group) <= FIELDS:
                yield path.stem, group


def read(group: dict[str, Any]) -> Criterion:
    more = {"record": TrialRecord.model_validate(group["record"])} if "record" in group else {}
    return read_criterion(
        group["text"],
        kind=group.get("kind", "inclusion"),
        studied=group.get("studied", ()),
        arms=group.get("arms", ()),
        **more,
    )


def day(profile: dict[Any, Any]) -> date:
    found = profile.get("on", profile.get(True, ON))  # to YAML, on is true
    assert isinstance(found, date)
    return found


def verdicts() -> Iterator[Any]:
    for file, group in groups():
        for block in ({key: value for key, value in group.items() if key != "xfail"}, *group.get("xfail", ())):
            marks = [pytest.mark.xfail(reason=block["why"], strict=True)] if "why" in block else []
            for status in STATUSES:
                for number, profile in enumerate(block.get(status, ()), 1):
                    name = f"{file}: {group['text'][:60]} {status} {number}"
                    yield pytest.param(group, profile, status, id=name, marks=marks)


def understood() -> Iterator[Any]:
    for file, group in groups():
        for block in ({key: value for key, value in group.items() if key != "xfail"}, *group.get("xfail", ())):
            if "rule" in block:
                marks = [pytest.mark.xfail(reason=block["why"], strict=True)] if "why" in block else []
                yield pytest.param(group, block["rule"], id=f"{file}: {group['text'][:60]}", marks=marks)


def slim(rule: Any) -> Any:
    """Without what is at its default, but with the kinds."""
    data = {"kind": rule.kind, **rule.model_dump(mode="json", exclude_defaults=True)}
    for name in {"parts", "readings", "exceptions"} & set(data):
        data[name] = [slim(part) for part in getattr(rule, name)]
    for name in {"part", "when", "then", "otherwise"} & set(data):
        data[name] = slim(getattr(rule, name))
    return data


@pytest.mark.parametrize(("group", "rule"), list(understood()))
def test_rule(group: dict[str, Any], rule: dict[str, Any]) -> None:
    assert slim(read(group).rule) == rule


@pytest.mark.parametrize(("group", "profile", "status"), list(verdicts()))
def test_verdict(group: dict[str, Any], profile: dict[str, Any], status: str) -> None:
    criterion = read(group)
    facts = {"as_of": ON, **{key: value for key, value in profile.items() if key not in ("on", True)}}
    verdict = evaluate(criterion, PatientProfile.model_validate(facts), day(profile))
    assert verdict.status == status, f"{verdict.reason}\n{criterion.rule!r}"
    assert verdict.reason


def test_no_case_is_left_out() -> None:
    for path in FILES:
        for group in yaml.safe_load(path.read_text(encoding="utf-8")):
            if path.stem != "reading-quantities":  # which has a test of its own
                assert "text" in group, path.name
                assert not set(group) - FIELDS, f"{path.name}: {sorted(set(group) - FIELDS)}"
