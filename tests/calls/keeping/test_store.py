from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

from eligibility import PatientProfile, read_trial
from eligibility.calls.events import Noted, Stopped
from eligibility.calls.keeping import Store, database
from eligibility.calls.keeping.tables import LATEST, metadata
from eligibility.errors import EligibilityError

ON = date(2026, 11, 1)
ASTHMA = read_trial(
    "Inclusion Criteria:\n\n* Age 18 to 65 years\n* Asthma\n* Able to swallow tablets\n\n"
    "Exclusion Criteria:\n\n* Myocardial infarction within 6 months\n* Pregnancy\n* Prior pembrolizumab\n"
)
GOUT = read_trial("Inclusion Criteria:\n\n* Gout\n\nExclusion Criteria:\n\n* Stroke\n* Prior pembrolizumab\n")
KNOWN = PatientProfile.model_validate(
    {
        "id": "P-7",
        "age": 44,
        "as_of": "2026-10-30",
        "observations": [{"name": "HIV viral load", "value": "<20", "unit": "copies/mL", "date": "2026-03"}],
        "treatments": [
            {"name": "prednisone", "dose": 20, "unit": "mg/day", "start": {"from": "2026-01-01", "to": "2026-02-03"}}
        ],
        "answers": {"able to swallow tablets": "unknown"},
    }
)
ONE_AFTER_THE_OTHER = """
import sys
from eligibility import read_trial
from eligibility.calls.keeping import Store

diseases = "asthma gout stroke psoriasis hypertension epilepsy migraine lupus obesity pneumonia".split()
text = "Exclusion Criteria:\\n\\n" + "\\n".join(f"* Current use of {d}" for d in "warfarin aspirin metformin insulin "
    "ibuprofen digoxin lithium atorvastatin omeprazole prednisone".split())
text += "\\n" + "\\n".join(f"* Active {d}" for d in diseases)
name, call = Store(sys.argv[1]).begin(read_trial(text), by=sys.argv[2])
print(name, flush=True)
while (asked := call.next_question()) is not None:
    call.answer("not sure", asked.question)
    print(asked.question.about, flush=True)
print("end", flush=True)
sys.stdin.read()
"""


def led(where: str, by: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", ONE_AFTER_THE_OTHER, where, by]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def asked_about(where: str, name: str) -> list[str]:
    with Store(where) as store:
        return [one.question.about for one in store.read(name).answers]


def test_a_call_is_kept_as_it_was(where: str) -> None:
    before = datetime.now(UTC)
    with Store(where) as store:
        name, call = store.begin([ASTHMA, GOUT], KNOWN, by="Ana", on=ON, ask_labs=True)
        found = call.next_question()
        assert found is not None
        call.answer("no", found.question)
        call.note("sounds tired – ☕", found.question)
        call.answer("not sure")
        call.undo()
        outcome = call.stop()
    with Store(where) as store:
        kept = store.read(name)
    assert kept.trials == call.trials
    assert kept.before == call.before
    assert kept.profile == call.profile
    assert kept.answers == call.answers
    assert (kept.begun_by, kept.on, kept.ask_labs) == ("Ana", ON, True)
    assert [type(one.event).__name__ for one in kept.moments] == [
        "Answered",
        "Noted",
        "Answered",
        "TakenBack",
        "Stopped",
    ]
    assert kept.events[1] == Noted("sounds tired – ☕", found.question)
    assert kept.end == Stopped(outcome.complete, tuple(one.headline for one in outcome.trials))
    times = [kept.begun_at, *(one.at for one in kept.moments)]
    assert times == sorted(times)
    assert before <= times[0] <= times[-1] <= datetime.now(UTC)


def test_another_one_goes_on_where_it_was_left(where: str) -> None:
    with Store(where) as store:
        name, call = store.begin(ASTHMA, KNOWN, by="Ana", on=ON)
        call.answer("not sure")
        call.note("calls back at noon")
    with Store(where) as store:
        assert store.read(name).end is None
        full, again = store.resume(name[:5], by="Bo")
        assert full == name
        assert again.next_question() == call.next_question()
        assert again.notes == call.notes
        again.undo()
        assert again.profile == again.before
        again.answer("not sure")
        moments = store.read(name).moments
    assert [(one.number, one.by) for one in moments] == [(1, "Ana"), (2, "Ana"), (3, "Bo"), (4, "Bo")]


def test_two_who_go_on_with_one_call_do_not_mix(where: str) -> None:
    with Store(where) as store:
        name, one = store.begin(ASTHMA, by="Ana", on=ON)
        _, other = store.resume(name, by="Bo")
        one.answer("not sure")
        profile, asked = other.profile, other.next_question()
        with pytest.raises(EligibilityError, match=f"call {name} was gone on with, or deleted, elsewhere"):
            other.answer("not sure")
        assert (other.profile, other.next_question()) == (profile, asked), "what was not kept does not count"
        one.answer("not sure")
        assert len(store.read(name).answers) == 2


def test_two_coordinators_do_not_disturb_each_other(where: str) -> None:
    calls = [led(where, by) for by in ("Ana", "Bo")]
    said = [call.communicate("")[0].split("\n") for call in calls]
    for name, *about, end, _ in said:
        assert end == "end"
        assert len(about) > 10
        assert asked_about(where, name) == about


@pytest.mark.parametrize("answers", [0, 1, 7])
def test_what_was_answered_outlasts_a_kill(where: str, answers: int) -> None:
    call = led(where, "Ana")
    assert call.stdout is not None
    name = call.stdout.readline().strip()
    about = [call.stdout.readline().strip() for _ in range(answers)]
    call.send_signal(signal.SIGKILL)
    call.communicate()
    assert asked_about(where, name)[:answers] == about
    with Store(where) as store:
        _, again = store.resume(name, by="Bo")
        again.answer("not sure")
        assert len(store.read(name).answers) > answers


def test_the_list_tells_the_latest_first(where: str) -> None:
    with Store(where) as store:
        assert store.entries() == ()
        first, call = store.begin([ASTHMA, GOUT], by="Ana", on=ON)
        call.answer("not sure")
        call.answer("not sure")
        call.undo()
        second, other = store.begin(GOUT, by="Bo", on=ON)
        other.stop()
        latest, earlier = store.entries()
    assert (latest.id, latest.begun_by, latest.answers, len(latest.trials)) == (second, "Bo", 0, 1)
    assert latest.end == Stopped(False, ("undetermined",))
    assert (earlier.id, earlier.begun_by, earlier.answers, len(earlier.trials)) == (first, "Ana", 1, 2)
    assert earlier.end is None


def test_a_deleted_call_is_gone(where: str) -> None:
    with Store(where) as store:
        name, call = store.begin([ASTHMA, GOUT], KNOWN, by="Ana", on=ON)
        call.note("Xylophone-word")
        call.stop()
        other, _ = store.begin(GOUT, by="Bo", on=ON)
        assert store.delete(name) == (name, True)
        with pytest.raises(EligibilityError, match=f"there is no call '{name}'"):
            store.read(name)
        assert [one.id for one in store.entries()] == [other]
        assert store.read(other).trials == (GOUT,), "a text that another call is about stays"
        if "://" not in where:
            files = {path.name: path.read_bytes() for path in Path(where).parent.iterdir()}
            assert "calls.sqlite" in files
            for said in (b"Xylophone", b"P-7", b"Age 18 to 65", name.encode()):
                assert not [file for file, content in files.items() if said in content]
        with pytest.raises(EligibilityError, match="gone on with, or deleted, elsewhere"):
            call.note("too late")


def test_what_others_still_read_is_overwritten_later(tmp_path: Path) -> None:
    where = tmp_path / "calls.sqlite"
    with Store(where) as store:
        name, call = store.begin(GOUT, by="Ana", on=ON)
        call.note("Xylophone-word")
        reader = sqlite3.connect(where, isolation_level=None)
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM events").fetchall()
        store._database.wait = 0.1
        assert store.delete(name) == (name, False)
        reader.close()
        assert store._database.forget()
    assert not [path for path in tmp_path.iterdir() if b"Xylophone" in path.read_bytes()]


def test_only_its_owner_reads_a_file_of_calls(tmp_path: Path) -> None:
    where = tmp_path / "new" / "calls.sqlite"
    with Store(where) as store:
        store.begin(GOUT, by="Ana", on=ON)[1].note("x")
        assert {path.name: oct(path.stat().st_mode & 0o777) for path in where.parent.iterdir()} == {
            "calls.sqlite": "0o600",
            "calls.sqlite-wal": "0o600",
            "calls.sqlite-shm": "0o600",
        }
    assert oct(where.parent.stat().st_mode & 0o777) == "0o700"


def test_many_may_open_a_new_place_at_once(where: str) -> None:
    def opened(_: int) -> int:
        with Store(where) as store:
            store.begin(GOUT, by="Ana", on=ON)
            return len(store.entries())

    with ThreadPoolExecutor(6) as pool:
        assert max(pool.map(opened, range(6))) == 6


def test_the_migrations_make_the_tables(where: str) -> None:
    Store(where).close()
    engine = create_engine(
        where.replace("postgresql:", "postgresql+psycopg:") if "://" in where else f"sqlite:///{where}"
    )
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    settings = Config()
    settings.set_main_option("script_location", str(Path(database.__file__).with_name("migrations")))
    assert ScriptDirectory.from_config(settings).get_heads() == [LATEST]
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(EligibilityError, match="were kept by a newer eligibility"):
        Store(where)


def test_a_place_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    strange = tmp_path / "strange"
    strange.write_text("this is not a database, and is longer than its header " * 9, encoding="utf-8")
    other = tmp_path / "other.sqlite"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE mine (a)")
    for where, said in {
        str(strange): "file is not a database",
        str(other): "is a database of something else",
        str(tmp_path): "Is a directory",
        "mysql://a/b": "expected the path of a file for the calls, or postgresql://",
        "postgresql://nobody:secret@127.0.0.1:1/x": "cannot be read or written",
    }.items():
        with pytest.raises(EligibilityError, match=said) as found:
            Store(where)
        assert "\n" not in str(found.value)
        assert "secret" not in str(found.value)


def test_a_call_is_named_by_the_beginning_of_its_id(where: str) -> None:
    with Store(where) as store:
        names = [store.begin(GOUT, by="Ana", on=ON)[0] for _ in range(17)]  # of sixteen digits, one is there twice
        twice = next(name[0] for place, name in enumerate(names) if name[0] in {one[0] for one in names[:place]})
        for name in ("", "zz", "%"):
            with pytest.raises(EligibilityError, match="there is no call"):
                store.read(name)
        with pytest.raises(EligibilityError, match="more than one call begins with"):
            store.read(twice)
        assert store.read(names[3].upper()).id == names[3]


def test_nothing_of_a_patient_is_in_an_error(where: str) -> None:
    with Store(where) as store:
        _, call = store.begin(GOUT, by="Ana", on=ON)
        with store._database.transaction() as connection:
            connection.execute(text("DROP TABLE events"))
        with pytest.raises(EligibilityError) as found:
            call.note("Xylophone-word")
        shown: BaseException | None = found.value
        while shown is not None:
            assert "Xylophone" not in f"{shown} {shown.args}"
            shown = shown.__cause__ if shown.__suppress_context__ or shown.__cause__ else shown.__context__
