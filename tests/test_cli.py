"""The command line, as a user meets it: exit codes, one clear line, and no traceback."""

from __future__ import annotations

import gzip
import io
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

import eligibility
from eligibility import cli

EXAMPLES = Path(eligibility.__file__).parent / "examples"
TRIAL, PATIENT = str(EXAMPLES / "trial.txt"), str(EXAMPLES / "patient.yaml")


@dataclass
class Ran:
    code: int
    out: str
    err: str


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    def _run(*arguments: object, stdin: bytes = b"") -> Ran:
        monkeypatch.setattr(sys, "argv", ["eligibility", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return Ran(ended.value.code or 0, out, err)  # type: ignore[arg-type]

    return _run


def spawned(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "eligibility", *arguments],
        capture_output=True,
        env={**os.environ, **environment},
        check=False,
    )


def refused(ran: Ran, *words: str) -> None:
    """Exit 2, nothing on standard output, one line on standard error (and at most the two that draw the place)."""
    assert ran.code == 2, ran
    assert not ran.out
    lines = ran.err.splitlines()
    assert lines[0].startswith("eligibility: ")
    assert len(lines) in (1, 3), ran.err
    if len(lines) == 3:
        assert lines[2].strip() == "^"
    for word in words:
        assert word in lines[0], ran.err


# ---------------------------------------------------------------------------------------------------------------------
# Screening


def test_first_the_status_then_what_is_unknown_then_the_rest(run: Callable[..., Ran]) -> None:
    ran = run("screen", TRIAL, PATIENT)
    assert ran.code == 0
    places = [
        ran.out.index(words)
        for words in (
            "Ineligible for now",
            "What decides it",
            "What is unknown",
            "Inclusion criter",
            "Exclusion criter",
        )
    ]
    assert places == sorted(places)
    assert not ran.err


def test_json_says_what_the_table_says(run: Callable[..., Ran]) -> None:
    said = json.loads(run("screen", TRIAL, PATIENT, "--format", "json").out)
    assert said["status"] == "ineligible"
    assert said["lasting"] is False
    by_id = {one["id"]: one for one in said["criteria"]}
    assert [by_id[name]["effect"] for name in said["deciding"]] == ["excludes"]
    assert [one["text"] for one in said["criteria"]][:2] == [
        "Histologically confirmed melanoma, stage III or IV",
        "Age 18 to 75 years",
    ]
    assert set(said["open"]) <= {"caller", "chart", "site", "investigator", "text"}
    for questions in said["open"].values():
        for question in questions:
            assert all(by_id[name]["status"] == "unknown" for name in question["criteria"])


def test_the_screening_date_is_taken(run: Callable[..., Ran]) -> None:
    assert json.loads(run("screen", TRIAL, PATIENT, "--on", "2026-11-20", "-f", "json").out)["status"] == "undetermined"
    refused(run("screen", TRIAL, PATIENT, "--on", "20th of May"), "--on", "2026-11-01")
    refused(run("screen", TRIAL, PATIENT, "--on", "2026-02-30"), "--on")


def test_standard_input_is_a_trial_or_a_patient_but_not_both(run: Callable[..., Ran]) -> None:
    trial, patient = Path(TRIAL).read_bytes(), Path(PATIENT).read_bytes()
    expected = run("screen", TRIAL, PATIENT, "-f", "json").out
    assert run("screen", "-", PATIENT, "-f", "json", stdin=trial).out == expected
    assert run("screen", TRIAL, "-", "-f", "json", stdin=patient).out == expected
    refused(run("screen", "-", "-", stdin=trial), "TRIAL and PATIENT", "standard input")


def test_the_output_is_a_file_of_the_kind_that_its_ending_says(run: Callable[..., Ran], tmp_path: Path) -> None:
    for name, begins in (("a.html", "<!DOCTYPE html>"), ("a.json", "{"), ("a.txt", "✗ Ineligible")):
        ran = run("screen", TRIAL, PATIENT, "--output", tmp_path / name)
        assert (ran.code, ran.out) == (0, "")
        assert (tmp_path / name).read_text("utf-8").startswith(begins)
    refused(run("screen", TRIAL, PATIENT, "--output", tmp_path / "no" / "a.html"), "a.html")
    refused(run("screen", TRIAL, PATIENT, "--output", tmp_path), str(tmp_path))


# ---------------------------------------------------------------------------------------------------------------------
# Corrected by a person


def test_what_was_read_is_a_trial_again(run: Callable[..., Ran], tmp_path: Path) -> None:
    place = tmp_path / "trial.json"
    assert run("read", TRIAL, "--format", "json", "--output", place).code == 0
    assert eligibility.read_trial(place) == eligibility.read_trial(Path(TRIAL))
    first, second = (json.loads(run("screen", name, PATIENT, "-f", "json").out) for name in (TRIAL, place))
    assert first == second


def test_a_corrected_rule_decides(run: Callable[..., Ran], tmp_path: Path) -> None:
    trial = json.loads(run("read", TRIAL, "--format", "json").out)
    ages = next(one for one in trial["criteria"] if one["text"].startswith("Age"))
    ages["rule"] = {"kind": "age", "limit": {"low": 70, "unit": "years"}}
    place = tmp_path / "edited.json"
    place.write_text(json.dumps(trial))
    said = json.loads(run("screen", place, PATIENT, "-f", "json").out)
    assert next(one for one in said["criteria"] if one["id"] == ages["id"])["status"] == "unmet"


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ('{"kind": "measurment", "analyte": {"name": "ECOG performance status"}, "limit": {"high": 1}}', "measurement"),
        ('{"kind": "age", "limit": {"lo": 18, "unit": "years"}}', "'low'"),
        ('{"kind": "age", "limit": {"low": "adult", "unit": "years"}}', "number"),
        ('{"kind": "age", "limit": {"low": 70, "high": 18, "unit": "years"}}', "low"),
        ('{"kind": "age"}', "'limit'"),
        ('{"kind": "all", "parts": []}', "parts"),
        ('{"kind": "at_least", "count": 3, "parts": [{"kind": "sex", "sex": "male"}]}', "count"),
        ('{"kind": "sex", "sex": "mail"}', "male"),
        ('{"kind": "measurement", "analyte": {"name": "platlet count"}, "limit": {"low": 1}}', "platelet count"),
        ('{"kind": "measurement", "analyte": {"name": "platelet count"}, "limit": {"low": 1, "unit": "kg"}}', "unit"),
        ("7", "rule"),
    ],
)
def test_a_broken_rule_is_refused_at_its_place(run: Callable[..., Ran], tmp_path: Path, rule: str, words: str) -> None:
    place = tmp_path / "edited.json"
    place.write_text('{"criteria": [\n  {"id": "1", "kind": "inclusion", "text": "x",\n   "rule": ' + rule + "}\n]}\n")
    ran = run("read", place)
    refused(ran, words, f"{place}:3:")


def test_broken_json_of_a_trial_is_refused_at_its_place(run: Callable[..., Ran], tmp_path: Path) -> None:
    place = tmp_path / "edited.json"
    place.write_text('{"criteria": [\n  {"id": "I-1",, "kind": "inclusion"}\n]}\n')
    refused(run("read", place), f"{place}:2:")


def test_overrides_settle_single_criteria_as_that_persons_verdict(run: Callable[..., Ran], tmp_path: Path) -> None:
    said = json.loads(run("screen", TRIAL, PATIENT, "-f", "json").out)
    name = said["deciding"][0]
    place = tmp_path / "settled.yaml"
    place.write_text(yaml.safe_dump({name: {"status": "unmet", "by": "Dr. Ortiz", "why": "palliative, one fraction"}}))
    after = json.loads(run("screen", TRIAL, PATIENT, "-f", "json", "--overrides", place).out)
    assert after["status"] == "undetermined"
    one = next(one for one in after["criteria"] if one["id"] == name)
    assert (one["status"], one["settled"]) == ("unmet", {"by": "Dr. Ortiz", "why": "palliative, one fraction"})
    for form in ("table", "html"):
        shown = " ".join(run("screen", TRIAL, PATIENT, "-f", form, "--overrides", place).out.split())
        assert "Dr. Ortiz" in shown


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("I-0000000000: {status: met, by: me}", ["no criterion", "I-0000000000"]),
        ("{id}: {{status: maybe, by: me}}", ["met, unmet or unknown"]),
        ("{id}: {{status: met}}", ["by"]),
        ("{id}: {{status: met, by: me, reason: x}}", ["reason"]),
        ("{id}: met", ["status, by, why"]),
        ("- met", ["expected overrides"]),
        ("{id}: {{status: met", ["settled.yaml:"]),
    ],
)
def test_broken_overrides(run: Callable[..., Ran], tmp_path: Path, text: str, words: list[str]) -> None:
    name = eligibility.read_trial(Path(TRIAL)).criteria[0].id
    place = tmp_path / "settled.yaml"
    place.write_text(text.replace("{id}", name).replace("{{", "{").replace("}}", "}"))
    refused(run("screen", TRIAL, PATIENT, "--overrides", place), *words)


# ---------------------------------------------------------------------------------------------------------------------
# Reading, the example, help


def test_the_tree_shows_how_much_was_read(run: Callable[..., Ran]) -> None:
    out = " ".join(run("read", TRIAL).out.split())
    assert "platelet count >= 100 10*9/L" in out
    assert re.search(r"\d+ of \d+ criteria were read in full; \d+% of \d+ words", out)


def test_words_that_were_not_understood_stand_in_brackets(run: Callable[..., Ran]) -> None:
    out = run("read", "-", stdin=b"Inclusion Criteria:\n* Zork the glimmering quux by blorting it 7 sideways\n").out
    assert re.search(r"\[[^\]]*sideways", out)


def test_the_example_is_written_and_can_be_screened(run: Callable[..., Ran], tmp_path: Path) -> None:
    place = tmp_path / "new" / "example"
    ran = run("example", place)
    assert ran.code == 0
    command = ran.out.strip().splitlines()[-1].split()
    assert run(*command[1:]).code == 0
    assert run("example", place).code == 0
    (place / "patient.yaml").write_text("id: mine\n")
    refused(run("example", place), "another file")
    assert (place / "patient.yaml").read_text() == "id: mine\n"


def test_help_teaches_with_examples(run: Callable[..., Ran]) -> None:
    assert "eligibility screen example/trial.txt" in run("--help").out
    assert run().out == run("--help").out
    assert "--overrides settled.yaml" in run("screen", "--help").out
    assert re.fullmatch(r"eligibility \d+\.\d+\.\d+\S*(?:, compiled)?\n", run("--version").out)


@pytest.mark.parametrize(
    "arguments", [["frobnicate"], ["screen"], ["screen", TRIAL], ["read", TRIAL, "--format", "xml"], ["--nonsense"]]
)
def test_misuse_is_one_line(run: Callable[..., Ran], arguments: list[str]) -> None:
    refused(run(*arguments), "--help")


def test_a_fault_of_the_program_quotes_nothing_of_the_patient(
    run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("EXAMPLE-1 has melanoma")

    monkeypatch.setattr("eligibility.showing.report.report_of", fails)
    ran = run("screen", TRIAL, PATIENT)
    assert ran.code == 1
    assert "RuntimeError" in ran.err
    assert "melanoma" not in ran.err


# ---------------------------------------------------------------------------------------------------------------------
# A report of many trials


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ELIGIBILITY_CACHE", str(tmp_path / "cache"))
    lines = [
        json.dumps(
            {"nct_id": f"NCT0000000{number}", "criteria": f"Inclusion Criteria:\n* Age {18 + number} years or older\n"}
        )
        for number in range(3)
    ]
    lines.append(
        json.dumps({"nct_id": "NCT00000009", "criteria": "Inclusion Criteria:\n* Zork the quux by blorting 7 sideways"})
    )
    place = tmp_path / "trials.jsonl.gz"
    place.write_bytes(gzip.compress("\n".join([*lines, '{"nct_id": ']).encode()))
    return place


def test_a_report_says_what_was_read_and_what_was_not(run: Callable[..., Ran], corpus: Path) -> None:
    ran = run("read", "--report", corpus)
    assert (ran.code, ran.err) == (0, "")
    said = " ".join(ran.out.split())
    for words in ("75.0% of 4 criteria", "4 trials of trials.jsonl.gz", "sideways", "NCT00000009", "line 5"):
        assert words in said
    again = run("read", "--report", corpus)
    assert again.out == ran.out
    assert "has read 4 of the trials" in again.err
    assert not run("read", "--report", corpus, "--anew").err


def test_a_report_is_of_the_kind_that_its_ending_says(run: Callable[..., Ran], corpus: Path) -> None:
    for name, begins in (("a.html", "<!DOCTYPE html>"), ("a.json", "{"), ("a.txt", "75.0% of 4")):
        place = corpus.with_name(name)
        ran = run("read", corpus, "--report", "--output", place)
        assert (ran.code, ran.out) == (0, "")
        assert place.read_text("utf-8").startswith(begins)
    assert corpus.with_name("a.state").exists()
    said = json.loads(run("read", "-", "--report", "-f", "json", stdin=corpus.read_bytes()).out)
    assert said == json.loads(corpus.with_name("a.json").read_text()) | {"corpus": "standard input"}
    assert len(json.loads(run("read", "--report", corpus, "-f", "json", "--top", 1).out)["words"]) <= 1


def test_what_a_report_writes_is_no_trial_of_its_corpus(run: Callable[..., Ran], tmp_path: Path) -> None:
    folder = tmp_path / "trials"
    folder.mkdir()
    (folder / "1.txt").write_text("Inclusion Criteria:\n* Gout\n")
    for _ in range(2):
        ran = run("read", "--report", folder, "--output", folder / "report.json")
        assert ran.code == 0
        assert json.loads((folder / "report.json").read_text())["trials"] == {"read": 1, "in_full": 1, "broken": 0}
    assert "going on" in ran.err


def test_an_interrupted_report_says_how_to_go_on(
    run: Callable[..., Ran], corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("eligibility.surveying.survey.run", interrupted)
    ran = run("read", "--report", corpus, "-o", corpus.with_name("a.html"))
    assert ran.code == 130
    assert "interrupted; 0 trials are in" in ran.err
    assert "a.state: the same command goes on" in " ".join(ran.err.split())
    assert not corpus.with_name("a.html").exists()


def test_misuse_of_a_report_is_one_line(run: Callable[..., Ran], corpus: Path, tmp_path: Path) -> None:
    refused(run("read", "--report", tmp_path / "none"), "no such file or folder", "JSON lines")
    refused(run("read", "--report", corpus, "--format", "tree"), "table, as json or as html")
    refused(run("read", "--report", corpus, "-o", tmp_path / "no" / "a.html"), "a.html", "folder")
    refused(run("read", "--report", corpus, "-o", corpus), "corpus itself")
    refused(run("read", "--report", corpus, "--workers", "0"), "--workers")
    refused(run("read", "--report", "-", stdin=b" \n"), "no trial in it")
    refused(run("read", TRIAL, "--top", "3"), "--top", "--report")
    refused(run("read", TRIAL, "--format", "html"), "tree or as json")
    (tmp_path / "empty").mkdir()
    refused(run("read", "--report", tmp_path / "empty"), "no trial in it", "empty")


def test_a_trial_that_is_read_says_what_blocks_it(run: Callable[..., Ran]) -> None:
    text = b"Inclusion Criteria:\n* Age 18 years or older\n* Zork the quux by blorting 7 sideways\n"
    out = " ".join(run("read", "-", stdin=text).out.split())
    assert "7 of 7 words not understood" in out
    assert re.search(r"What was not understood - .*sideways \(in 1 criterion; 1 would be read in full", out)


# ---------------------------------------------------------------------------------------------------------------------
# Bad input

_BOMB = "a0: &a0 [x, x]\n" + "".join(f"a{i + 1}: &a{i + 1} [{', '.join([f'*a{i}'] * 9)}]\n" for i in range(12))
_NOISE = bytes((i * 7919 + i // 251) % 256 for i in range(65536)) * 160


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"", "empty"),
        (b" \n\t\n", "empty"),
        (b"Flour, water and salt.\nKnead for ten minutes, then rest.\nBake until golden.\n", "no eligibility criteria"),
        (b"<html><body><p>Not found</p></body></html>", "HTML"),
        (b"{", "JSON"),
        (b'{"name": "x"}', "no trial"),
        (b"[" * 100_000, "nested"),
        (b'{"criteria":' * 50_000, "nested"),
        (b"\x00\x01\x02\x03" * 1000, "not"),
        (b"%PDF-1.7\n%\xe2\xe3", "PDF"),
        (_NOISE, ""),
        (b"<a>" * 20_000, "XML"),
        (b'<!DOCTYPE l [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><clinical_study>&b;</clinical_study>', "entities"),
    ],
    ids=[
        "empty",
        "blank",
        "recipe",
        "html",
        "cut",
        "other",
        "brackets",
        "nested",
        "control",
        "pdf",
        "noise",
        "xml",
        "bomb",
    ],
)
def test_what_is_no_trial(run: Callable[..., Ran], text: bytes, words: str) -> None:
    began = time.monotonic()
    refused(run("read", "-", stdin=text), "<stdin>", words)
    assert time.monotonic() - began < 20


def test_a_trial_that_is_not_there(run: Callable[..., Ran], tmp_path: Path) -> None:
    refused(run("read", tmp_path / "none.txt"), "no such file", "none.txt")
    refused(run("read", tmp_path), "folder")
    refused(run("screen", TRIAL, tmp_path / "none.yaml"), "no such file")
    refused(run("screen", TRIAL, tmp_path), "folder")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ["empty"]),
        ("sex: female\nconditions: [{name: x\n", ["p.yaml:"]),
        ('{"sex": "female",}', ["p.yaml:1:"]),
        ("sex: female\nobservatons: []\n", ["p.yaml:2:1", "'observations'"]),
        ("age: 430\n", ["p.yaml:1:6", "130"]),
        ("observations:\n  - {name: ECOG, value: .nan}\n", ["p.yaml:2:25", "finite"]),
        ("observations:\n  - {name: platelets, value: 90, unit: kg}\n", ["p.yaml:2:", "unit"]),
        ("treatments:\n  - {name: x, start: 2026-05-01, end: 2026-04-01}\n", ["p.yaml:2:", "before the start"]),
        ("sex: [female\x07]\n", ["control character"]),
        (_BOMB, ["values"]),
        ("[" * 5000, ["nested"]),
        ("- just\n- a list\n", ["fields"]),
        ("x" * 6_000_000, ["MB"]),
    ],
    ids=[
        "empty",
        "yaml",
        "json",
        "misspelt",
        "age",
        "nan",
        "unit",
        "dates",
        "control",
        "aliases",
        "nested",
        "list",
        "large",
    ],
)
def test_what_is_no_patient(run: Callable[..., Ran], tmp_path: Path, text: str, words: list[str]) -> None:
    place = tmp_path / "p.yaml"
    place.write_bytes(text.encode())
    refused(run("screen", TRIAL, place), *words)


def test_a_patient_that_is_not_utf_8(run: Callable[..., Ran], tmp_path: Path) -> None:
    place = tmp_path / "p.yaml"
    place.write_bytes("note: Überweisung\n".encode("latin-1"))
    refused(run("screen", TRIAL, place), "UTF-8")


def test_a_trial_that_is_not_utf_8_is_read(run: Callable[..., Ran]) -> None:
    ran = run("read", "-", stdin="Inclusion Criteria:\n* Sjögren's syndrome\n".encode("cp1252"))
    assert ran.code == 0
    assert "Sjögren" in ran.out


# ---------------------------------------------------------------------------------------------------------------------
# Terminals and start-up


@pytest.mark.parametrize("width", ["20", "40", "80", "200"])
def test_any_terminal(width: str) -> None:
    done = spawned(
        "screen", TRIAL, PATIENT, NO_COLOR="1", TERM="dumb", PYTHONIOENCODING="ascii", PYTHONUTF8="0", COLUMNS=width
    )
    assert done.returncode == 0, done.stderr
    text = done.stdout.decode("ascii")
    assert "\x1b" not in text
    assert text.startswith("x Ineligible")
    assert max(map(len, text.splitlines())) <= int(width)
    assert "10^9/L" in "".join(text.split())


def test_nothing_in_a_text_steers_the_terminal(run: Callable[..., Ran]) -> None:
    text = "Inclusion Criteria:\n* Diabetes \x1b[31mmellitus\x9b2J [bold]type 2[/bold] \u202eevil\n".encode()
    out = run("read", "-", stdin=text).out
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", out)
    assert "[bold]" in out.replace(" ", "")


def test_help_imports_nothing_heavy() -> None:
    heavy = ("lark", "pint", "pydantic", "yaml", "jinja2", "eligibility.knowledge", "eligibility.rules")
    done = spawned("--help", PYTHONPROFILEIMPORTTIME="1")
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.decode().splitlines() if "|" in line}
    assert "eligibility.cli" in loaded
    assert not loaded & set(heavy)


# ---------------------------------------------------------------------------------------------------------------------
# A call


def said(out: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in out.splitlines()]


def test_a_call_is_led_line_by_line(run: Callable[..., Ran]) -> None:
    answers = b'{"answer": "yes, now"}\n{"answer": "perhaps"}\n{"undo": true}\nnonsense\n{"answer": "never"}\n'
    ran = run("call", TRIAL, "--script", "--on", "2026-11-01", stdin=answers)
    assert ran.code == 0
    lines = said(ran.out)
    kinds = [next(iter(line)) for line in lines]
    assert kinds[:3] == ["call", "question", "question"]
    assert kinds.count("error") == 2
    assert lines[1] == lines[kinds.index("error") + 2]  # taken back, it comes again
    assert kinds[-1] == "outcome"
    outcome = lines[-1]["outcome"]
    assert isinstance(outcome, dict)
    assert [one["words"] for one in outcome["answers"]] == ["never"]
    assert outcome["trials"][0]["status"] == "ineligible"


def test_a_call_on_the_terminal(run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch) -> None:
    typed = iter(["1", "w", "b", "b", "nobody", "3"])
    monkeypatch.setattr("builtins.input", lambda prompt: next(typed))
    ran = run("call", TRIAL, "--on", "2026-11-01")
    assert ran.code == 0
    for words in (
        "1. Have you ever had melanoma (a dark skin cancer)?",
        "Asked because it bears on",
        "This is the first question.",
        "expected yes, now, in the past, never or not sure, not 'nobody'",
        "1 question; nothing is left to ask",
        "Ineligible",
    ):
        assert words in ran.out, words


def test_a_call_that_the_coordinator_stops(run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch) -> None:
    typed = iter(["", "s"])
    monkeypatch.setattr("builtins.input", lambda prompt: next(typed))
    assert "1 question; stopped before its end" in run("call", TRIAL, PATIENT.replace("patient.yaml", "trial.txt")).out


def test_a_call_takes_no_file_from_standard_input(run: Callable[..., Ran]) -> None:
    refused(run("call", "-"), "standard input is the caller's")
