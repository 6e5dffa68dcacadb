"""A hook of hatchling: what can be worked out once, when the package is built or installed, and not at every start.

The package is compiled, where there is a C compiler (``compile.py``), and the tables that a start needs are made. Both
are written beside the package, are part of the wheel, and serve an editable install as well. Both know what they were
made of, so that none is used when ``rules/``, ``grammars/`` or the code have changed since.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_WORK_OUT = """
from pathlib import Path
from eligibility import PatientProfile, read_trial, screen
from eligibility.knowledge import qualifiers, tables, verbs, vocabulary
from eligibility.reading.lexing.function_words import function_words

for ready in (tables.diseases, tables.karnofsky_of_ecog, tables.results, tables.routes, tables.sites):
    ready()
qualifiers.qualifiers()
vocabulary.vocabulary()
function_words()
function_words(together=True)
verbs.tells_what_is_done("scheduled")
examples = Path("eligibility", "examples")
screen(read_trial(examples / "trial.txt"), PatientProfile.load(examples / "patient.yaml"))
"""


class Prepared(BuildHookInterface[Any]):
    """Fills the folder from which the package reads what it brings."""

    def initialize(self, _version: str, build_data: dict[str, Any]) -> None:
        """Before the files of the wheel are gathered."""
        if self._compiled():
            build_data["pure_python"], build_data["infer_tag"] = False, True
        self._work_out_tables()

    def _compiled(self) -> bool:
        """Compile the package. Without a compiler it serves as well, more slowly."""
        if not os.environ.get("ELIGIBILITY_INTERPRETED"):
            script = Path(self.root, ".ci", "compile.py")
            ran = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False)
            if ran.returncode == 0:
                return True
            why = "".join((ran.stderr or ran.stdout).strip().splitlines()[-1:])
            self.app.display_warning(f"eligibility was not compiled, and runs as Python, more slowly: {why}")
        shutil.rmtree(Path(self.root, "eligibility", "_data", "compiled"), ignore_errors=True)
        return False

    def _work_out_tables(self) -> None:
        folder = Path(self.root, "eligibility", "_data", "tables")
        environment = {**os.environ, "ELIGIBILITY_CACHE": str(folder), "PYTHONHASHSEED": "0"}
        subprocess.run([sys.executable, "-c", _WORK_OUT], cwd=self.root, env=environment, check=True)
        folder.chmod(0o755)
        for table in folder.iterdir():
            table.chmod(0o644)

    def clean(self, _versions: list[str]) -> None:
        """Take away what an earlier build left."""
        shutil.rmtree(Path(self.root, "eligibility", "_data"), ignore_errors=True)
