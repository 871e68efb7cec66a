"""Airflow operators for data-processing-assistant."""

from dpa_airflow.bash import quality_command
from dpa_airflow.operators import DpaAnalysisOperator, DpaQualityOperator
from dpa_airflow.triggers import DpaRunTrigger

__all__ = ["DpaAnalysisOperator", "DpaQualityOperator", "DpaRunTrigger", "quality_command"]
