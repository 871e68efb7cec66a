"""The same by the command line: a `bash_command` for Airflow's BashOperator."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

SKIPPED = 99
"""What a BashOperator takes for skipped."""


def quality_command(
    suite: str | Sequence[str],
    data: str | Sequence[str] = (),
    *,
    arguments: Sequence[str] = (),
    program: str = "dpa",
) -> str:
    """`dpa quality run` under the task's own id, so that a retry attaches; once the task was cleared, it checks anew.

    Words may hold templates (`{{ ds }}`). The last line of its output, which becomes the XCom, is the result document.
    """
    words = [suite] if isinstance(suite, str) else list(suite)
    paths = [data] if isinstance(data, str) else list(data)
    fixed = [program, "quality", "run", *words, *(word for path in paths for word in ("--data", path)), *arguments]
    # Single quotes are the shell's.
    run = (
        'airflow-{{ ti.dag_id }}-{{ ti.run_id | replace("+00:00", "Z") }}-{{ ti.task_id }}'
        '{{ "" if ti.map_index < 0 else "-%d" % ti.map_index }}'
    )
    first_after_clearing = "ti.try_number > 1 and ti.try_number == ti.max_tries - (task.retries or 0) + 1"
    again = f'{{{{ "--again" if {first_after_clearing} else "" }}}}'
    dpa = f"{shlex.join(fixed)} --id {shlex.quote(run)} {again} --skipped-exit-code {SKIPPED} --json"
    # What it says of its progress would be the last line else.
    return f'document=$({dpa}); code=$?; echo "$document"; exit $code'
