"""The id of a task's run in Temporal: the same for every try of the task, so that a retry finds what is there."""

from __future__ import annotations

import hashlib
import re

MAX_CHARACTERS = 200
"""As `dpa` takes them."""


def run_id(dag_id: str, dag_run_id: str, task_id: str, map_index: int = -1) -> str:
    """`airflow-<dag>-<run>-<task>`, and the index of a mapped task; a digest tells apart what had to be rewritten or cut."""
    mapped = "" if map_index < 0 else f"-{map_index}"
    wanted = f"airflow-{dag_id}-{dag_run_id}-{task_id}{mapped}"
    # What every scheduled run has is rewritten alike, to keep ids readable.
    usual = wanted.replace("+00:00", "Z")
    plain = re.sub(r"[^A-Za-z0-9._:-]|\.\.", "-", usual)
    if plain == usual and len(plain) <= MAX_CHARACTERS:
        return plain
    digest = hashlib.sha256(wanted.encode()).hexdigest()[:10]
    return f"{plain[: MAX_CHARACTERS - 11]}-{digest}"
