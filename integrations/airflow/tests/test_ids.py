from dpa_airflow.ids import MAX_CHARACTERS, run_id


def test_scheduled_runs_have_readable_ids():
    assert run_id("shop", "scheduled__2026-11-24T02:00:00+00:00", "check") == "airflow-shop-scheduled__2026-11-24T02:00:00Z-check"
    assert run_id("shop", "manual", "check", 3) == "airflow-shop-manual-check-3"


def test_what_has_to_be_rewritten_or_cut_stays_apart():
    ids = [run_id("shop", name, "check") for name in ("a b", "a/b", "a..b", "a" * 300, "a" * 299 + "b", "ä")]
    assert len(set(ids)) == len(ids)
    assert all(len(one) <= MAX_CHARACTERS and ".." not in one and " " not in one and "/" not in one for one in ids)
    assert run_id("shop", "a b", "check") == ids[0]
