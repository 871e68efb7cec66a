import pytest

from dpa_airflow import DpaAnalysisOperator, DpaQualityOperator, DpaRunTrigger


def test_a_quality_run_is_what_the_workflow_takes():
    operator = DpaQualityOperator(task_id="check", suite="contracts", data=["exports/{date}"], folder="/shop", warnings_as_errors=True)
    assert operator.run_input({"ds": "2026-11-24"}) == {
        "suite": {"files": ["contracts"], "data": ["exports/{date}"], "folder": "/shop"},
        "interval": "2026-11-24",
        "warningsAsErrors": True,
        "alert": True,
        "inlineResult": True,
    }
    assert "interval" not in operator.run_input({})
    assert "interval" not in DpaQualityOperator(task_id="t", suite="c", interval="").run_input({"ds": "2026-11-24"})


def test_an_analysis_is_what_the_workflow_takes():
    operator = DpaAnalysisOperator(task_id="ask", question="Why?", data="a.csv", budget_usd=1.5, timeout_seconds=60)
    assert operator.run_input({}) == {
        "task": "Why?",
        "data": ["a.csv"],
        "model": "auto",
        "maxSteps": 100,
        "limits": {"usd": 1.5, "timeoutMs": 60000},
        "approvals": {"unattended": True},
        "searchAttributes": False,
    }


def test_a_trigger_is_made_again_from_what_it_serialises():
    trigger = DpaRunTrigger("id", "run", {"address": None, "namespace": None, "profile": None}, "stop", {"dag_id": "d"})
    path, arguments = trigger.serialize()
    assert path == f"{DpaRunTrigger.__module__}.{DpaRunTrigger.__qualname__}"
    assert DpaRunTrigger(**arguments).serialize() == (path, arguments)


def test_what_to_do_when_killed_is_one_of_three_words():
    with pytest.raises(ValueError, match="leave, stop or cancel"):
        DpaQualityOperator(task_id="t", suite="c", when_killed="pause")  # type: ignore[arg-type]
