"""Every night: wait for no slot, check the contracts, and have a failure looked into."""

from datetime import datetime

from airflow.sdk import DAG

from dpa_airflow import DpaAnalysisOperator, DpaQualityOperator

with DAG("dpa_nightly", schedule="0 2 * * *", start_date=datetime(2026, 1, 1), catchup=False, max_active_runs=1):
    check = DpaQualityOperator(
        task_id="check",
        suite="suites/nightly.yaml",
        data="exports/{date}",
        folder="/srv/shop",
        retries=2,
        when_killed="stop",
    )
    why = DpaAnalysisOperator(
        task_id="why",
        question="The contracts of the shop are broken by the exports of {{ ds }}. Which rows are wrong, and since when?",
        data="/srv/shop/exports",
        trigger_rule="one_failed",
    )
    check >> why
