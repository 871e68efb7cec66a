import shlex
import subprocess
from types import SimpleNamespace

import jinja2
import pytest

from dpa_airflow import quality_command


def text_of(command, **fields):
    ti = {"dag_id": "shop", "run_id": "scheduled__2026-11-24T02:00:00+00:00", "task_id": "check", "map_index": -1, **fields}
    task = SimpleNamespace(retries=2)
    return jinja2.Template(command).render(ti=SimpleNamespace(**ti), task=task, ds="2026-11-24")


def rendered(command, **fields):
    return shlex.split(text_of(command, **fields).removeprefix("document=$(").split(");")[0])


def test_the_document_is_the_last_line_and_the_exit_code_stays(tmp_path):
    program = tmp_path / "dpa"
    program.write_text("#!/bin/sh\necho '{}'\nsleep 0.1\necho progress >&2\nexit 3\n")
    program.chmod(0o755)
    command = text_of(quality_command("c", program=str(program)), try_number=1, max_tries=2)
    ran = subprocess.run(["bash", "-c", command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (3, "progress\n{}\n")


COMMAND = quality_command("my contracts", ["orders=exports/{{ ds }}/o.csv"], arguments=["--interval", "{{ ds }}"])


def test_words_stay_words():
    assert rendered(COMMAND, try_number=1, max_tries=2) == [
        *["dpa", "quality", "run", "my contracts", "--data", "orders=exports/2026-11-24/o.csv", "--interval", "2026-11-24"],
        *["--id", "airflow-shop-scheduled__2026-11-24T02:00:00Z-check", "--skipped-exit-code", "99", "--json"],
    ]
    assert "airflow-shop-scheduled__2026-11-24T02:00:00Z-check-7" in rendered(COMMAND, try_number=1, max_tries=2, map_index=7)


@pytest.mark.parametrize(("try_number", "max_tries", "again"), [(1, 2, False), (2, 2, False), (3, 4, True), (4, 4, False)])
def test_only_the_first_try_after_the_task_was_cleared_checks_anew(try_number, max_tries, again):
    assert ("--again" in rendered(COMMAND, try_number=try_number, max_tries=max_tries)) is again
