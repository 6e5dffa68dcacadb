"""Compiles the package with mypyc, from where it stands: ``python .ci/compile.py``. Needs a C compiler.

The same files become extension modules in ``eligibility/_data/compiled``, and ``eligibility/compiled.py`` has them run
while they are of the sources beside them. What holds pydantic models stays as it is: their classes are made at a start.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import sysconfig
import tempfile
from importlib.metadata import version
from pathlib import Path

from mypyc.build import mypycify
from setuptools import Distribution
from setuptools.command.build_ext import build_ext

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from eligibility import compiled  # noqa: E402  (of this tree, which need not be installed)

UNLIKELY = Path(__file__).resolve().with_name("unlikely.h")
GROUPS = {  # each is one library; they are compiled side by side
    "knowledge": ("truth.py", "knowledge/*.py"),
    "reading": tuple(f"reading/{part}*.py" for part in ("", "lexing/", "rewriting/", "drafting/", "stating/")),
    "composing": ("reading/composing/*.py",),
    "deciding": ("patient/*.py", "deciding/*.py", "surveying/*.py"),
}
AS_THEY_ARE = {  # pydantic models, classes within functions, and what others refer to weakly
    "patient/profile.py",
    "patient/loading.py",
    "patient/dates.py",
}


def sources(patterns: tuple[str, ...]) -> list[str]:
    """The files of a group, by their names in the package."""
    package = ROOT / "eligibility"
    found = [str(path.relative_to(package)) for pattern in patterns for path in sorted(package.glob(pattern))]
    return [name for name in found if not name.endswith("__init__.py") and name not in AS_THEY_ARE]


def all_sources() -> list[str]:
    """The files of all groups."""
    return [name for patterns in GROUPS.values() for name in sources(patterns)]


def build(work: Path) -> Path:
    """Compile into a folder within ``work``."""
    groups = [([f"eligibility/{name}" for name in sources(p)], f"eligibility_{group}") for group, p in GROUPS.items()]
    extensions = mypycify(
        ["--config-file=", "--ignore-missing-imports", *(file for files, _ in groups for file in files)],
        target_dir=str(work / "c"),
        opt_level="1",  # as fast as 3, here, and made in half of the time
        multi_file=True,
        separate=groups,
    )
    for extension in extensions:
        extension.extra_compile_args += [
            "-g0",
            "-include",
            str(UNLIKELY),
            "-freorder-blocks-and-partition",  # what is seldom run, most of the code, out of the way of the rest
            "-freorder-blocks-algorithm=stc",
            "--param=builtin-expect-probability=100",
            "-fcommon",  # mypyc defines in a header what all files of a group share
            "-fno-semantic-interposition",
            "-fno-plt",
        ]
    command = build_ext(Distribution({"name": "eligibility", "ext_modules": extensions}))
    command.build_lib, command.build_temp = str(work / "lib"), str(work / "o")
    command.parallel = os.cpu_count() or 1
    command.ensure_finalized()
    command.run()
    return work / "lib"


def taken_over(built: Path, stamp: str) -> None:
    """Put the modules, made of the sources with this stamp, in the place of those that were there, with their list."""
    suffix = sysconfig.get_config_var("EXT_SUFFIX")
    names = all_sources()
    files = [path.relative_to(built).as_posix() for path in sorted(built.rglob(f"*{suffix}"))]
    modules = {file.removesuffix(suffix).replace("/", "."): file for file in files}
    if missing := [name for name in names if f"eligibility/{name.removesuffix('.py')}{suffix}" not in files]:
        raise SystemExit(f"not compiled: {', '.join(missing)}")
    listed = {"suffix": suffix, "stamp": stamp, "by": by(), "sources": names, "modules": modules}
    (built / compiled.LIST).write_text(json.dumps(listed, indent=1), encoding="utf-8")
    shutil.rmtree(compiled.FOLDER, ignore_errors=True)
    shutil.copytree(built, compiled.FOLDER)


def by() -> str:
    """What compiles: this file, what it has included, and the version of mypyc."""
    said = b"".join([file.read_bytes() for file in (Path(__file__), UNLIKELY)])
    return f"{hashlib.sha256(said).hexdigest()} {version('mypy')}"


def is_made() -> bool:
    """Whether all is there, of these sources."""
    try:
        listed = json.loads((compiled.FOLDER / compiled.LIST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return listed.get("by") == by() and compiled.Finder(compiled.FOLDER).any


def main() -> None:
    """Compile, and put in place, what is not there already."""
    os.chdir(ROOT)
    if is_made():
        return
    stamp = compiled.stamp([compiled.PACKAGE / name for name in all_sources()])  # now: some may be edited meanwhile
    with tempfile.TemporaryDirectory() as work:
        taken_over(build(Path(work)), stamp)


if __name__ == "__main__":
    sys.exit(main())
