"""Where calls may be kept: a file, and a PostgreSQL server that is started for the tests and stopped behind them."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from pwd import getpwnam

import psycopg
import pytest

NUMBERS = count(1)


def program(name: str) -> str:
    """Where a program of PostgreSQL is: Debian keeps the servers' off the path."""
    found = shutil.which(name) or next(map(str, sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))), None)
    if found is None:
        missing = f"PostgreSQL's {name} is not on this machine; on Debian: apt install postgresql"
        pytest.fail(missing) if os.environ.get("ELIGIBILITY_TESTS_NEED_POSTGRESQL") else pytest.skip(missing)
    return found


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The URL of a server on the loopback, without the name of a database."""
    initdb, pg_ctl = program("initdb"), program("pg_ctl")
    user = "postgres" if os.geteuid() == 0 else None  # the server refuses to run as root
    with tempfile.TemporaryDirectory(prefix="pg") as folder, socket.socket() as free:
        if user:
            os.chown(folder, getpwnam(user).pw_uid, getpwnam(user).pw_gid)
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()

        def run(*command: str) -> None:
            subprocess.run(command, user=user, cwd="/", check=True, stdout=subprocess.DEVNULL)

        run(initdb, "--pgdata", f"{folder}/data", "--auth=trust", "--username=coordinator", "--no-sync")
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        run(pg_ctl, "start", "--wait", "--pgdata", f"{folder}/data", "--log", f"{folder}/log", "--options", options)
        try:
            yield f"postgresql://coordinator@127.0.0.1:{port}"
        finally:
            run(pg_ctl, "stop", "--mode=immediate", "--pgdata", f"{folder}/data")


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A place for calls in which there are none yet."""
    if request.param == "sqlite":
        return str(tmp_path / "kept" / "calls.sqlite")
    server: str = request.getfixturevalue("server")
    name = f"calls_{next(NUMBERS)}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{server}/{name}"
