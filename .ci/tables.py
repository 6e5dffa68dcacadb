"""A hook of hatchling: the tables that a start needs, worked out when the package is built or installed.

They are written beside the package, are part of the wheel, and serve an editable install as well. Each knows what it
was made of, so that none is used when ``rules/``, ``grammars/`` or the code that reads them have changed since.
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
from eligibility import read_trial
from eligibility.knowledge import qualifiers, tables, vocabulary
from eligibility.reading import lexer

for ready in (tables.diseases, tables.karnofsky_of_ecog, tables.results, tables.routes, qualifiers.qualifiers):
    ready()
vocabulary.vocabulary()
lexer.function_words()
lexer.function_words(together=True)
read_trial(Path("eligibility", "examples", "trial.txt"))
"""


class Tables(BuildHookInterface[Any]):
    """Fills the folder from which the package reads what it brings."""

    def initialize(self, _version: str, _build_data: dict[str, Any]) -> None:
        """Before the files of the wheel are gathered."""
        folder = Path(self.root, "eligibility", "_data", "tables")
        environment = {**os.environ, "ELIGIBILITY_CACHE": str(folder), "PYTHONHASHSEED": "0"}
        subprocess.run([sys.executable, "-c", _WORK_OUT], cwd=self.root, env=environment, check=True)
        folder.chmod(0o755)
        for table in folder.iterdir():
            table.chmod(0o644)

    def clean(self, _versions: list[str]) -> None:
        """Take away what an earlier build left."""
        shutil.rmtree(Path(self.root, "eligibility", "_data"), ignore_errors=True)
