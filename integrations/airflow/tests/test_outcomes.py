import json

import pytest

from dpa_airflow.outcomes import MAX_SHOWN, ending_of


def ended(code, rows=1, **document):
    outcome = {"exitCode": code, "rows": rows, "headline": "shop: told", "result": json.dumps({"schema": "dpa.quality/1", **document})}
    return {"kind": "ended", "outcome": outcome}


@pytest.mark.parametrize(
    ("code", "kind"),
    [(0, "success"), (1, "failed"), (2, "failed"), (3, "retry"), (4, "failed"), (5, "failed"), (6, "failed"), (7, "failed")],
)
def test_each_exit_code_has_its_ending(code, kind):
    assert ending_of(ended(code)).kind == kind
    assert ending_of(ended(code), allowed=(0, code)).kind == "success"


def test_nothing_to_look_at_is_skipped_with_its_document():
    ending = ending_of(ended(0, rows=0, verdict="passed"))
    assert ending.kind == "skipped"
    assert ending.document == {"schema": "dpa.quality/1", "verdict": "passed", "exitCode": 0}
    assert ending_of(ended(1, rows=0)).kind == "failed"


def test_broken_checks_are_a_table_in_the_message():
    checks = [{"verdict": "failed", "model": "orders", "field": "id", "name": f"check {n}", "reason": "1 row\nof 3"} for n in range(25)]
    passed = {"verdict": "passed", "model": "orders", "field": None, "name": "fine", "reason": ""}
    lines = ending_of(ended(1, checks=[passed, *checks])).message.split("\n")
    assert lines[0] == "shop: told (1: a check failed)"
    assert lines[1] == "failed  orders.id  check 0   1 row of 3"
    assert lines[-1] == f"and {25 - MAX_SHOWN} more"


@pytest.mark.parametrize(
    ("type_", "kind"),
    [("Config.Invalid", "failed"), ("Cancelled", "failed"), ("Terminated", "failed"), ("Tool.Unavailable", "retry"), ("NotFound", "retry")],
)
def test_a_run_without_an_end_is_tried_again_unless_that_is_no_use(type_, kind):
    ending = ending_of({"kind": "failed", "type": type_, "message": "so"})
    assert (ending.kind, ending.document) == (kind, None)
    assert type_ in ending.message


def test_an_analysis_gives_its_document_or_says_where_it_is():
    small = {"exitCode": 0, "headline": "h", "result": "0" * 64, "document": '{"schema": "dpa.analysis/1"}'}
    assert ending_of({"kind": "ended", "outcome": small}).document == {"schema": "dpa.analysis/1", "exitCode": 0}
    large = {"exitCode": 0, "headline": "h", "result": "0" * 64, "report": {"markdown": "/r.md"}}
    assert ending_of({"kind": "ended", "outcome": large}).document == large
