"""The metrics that dashboards rely on."""

from math import isnan

from prometheus_client.parser import text_string_to_metric_families

from bot.chat.delivery.sending import DeliveryObserver
from bot.chat.ports import Acknowledgements
from bot.domain.stages import TaskStage
from bot.ketchup.client import RequestObserver
from bot.metrics import Metrics
from bot.web.ports import CallbackObserver
from bot.workers.ports import Measurements


def figures(metrics: Metrics) -> dict[str, float]:
    """Every sample as Prometheus would read it, named ``name{label=value}``."""
    found = {}
    for family in text_string_to_metric_families(metrics.render().decode()):
        for sample in family.samples:
            labels = ",".join(f"{name}={value}" for name, value in sorted(sample.labels.items()))
            found[f"{sample.name}{{{labels}}}" if labels else sample.name] = sample.value
    return found


def test_it_is_what_each_part_reports_to() -> None:
    metrics = Metrics()
    measurements: Measurements = metrics
    requests: RequestObserver = metrics
    callbacks: CallbackObserver = metrics
    deliveries: DeliveryObserver = metrics
    acknowledgements: Acknowledgements = metrics
    assert {id(metrics)} == {
        id(part) for part in (measurements, requests, callbacks, deliveries, acknowledgements)
    }


def test_every_metric_of_the_contract_has_its_name_and_labels() -> None:
    metrics = Metrics()
    metrics.job_done("pictures", "google/gempix2")
    metrics.credits_consumed("google/gempix2", 500_000)
    metrics.api_request("submit", "200", 0.2)
    metrics.finished_to_posted("callback", 0.7)
    metrics.callback("recorded")
    metrics.delivery_attempt("token", "shown")
    metrics.interaction_ack(0.1)
    metrics.in_flight({TaskStage.RUNNING: 3})
    found = figures(metrics)
    assert found["ketchup_jobs_total{model=google/gempix2,outcome=pictures}"] == 1
    assert found["ketchup_credits_consumed_total{model=google/gempix2}"] == 0.5
    assert found["ketchup_api_requests_total{operation=submit,status=200}"] == 1
    assert found["ketchup_api_request_seconds_count"] == 1
    assert found["ketchup_finish_to_posted_seconds_count{source=callback}"] == 1
    assert found["ketchup_callbacks_total{outcome=recorded}"] == 1
    assert found["ketchup_delivery_attempts_total{outcome=shown,route=token}"] == 1
    assert found["ketchup_interaction_ack_seconds_count"] == 1
    assert found["ketchup_jobs_in_flight{stage=running}"] == 3


def test_what_is_in_flight_no_more_is_zero_and_not_gone() -> None:
    metrics = Metrics()
    metrics.in_flight({TaskStage.RUNNING: 3, TaskStage.FINISHED: 9})
    metrics.in_flight({TaskStage.QUEUED: 1})
    found = figures(metrics)
    assert found["ketchup_jobs_in_flight{stage=running}"] == 0
    assert found["ketchup_jobs_in_flight{stage=queued}"] == 1
    assert "ketchup_jobs_in_flight{stage=finished}" not in found


def test_failed_loops_and_audit_faults_are_counted() -> None:
    metrics = Metrics()
    metrics.loop_failed("track")
    metrics.loop_failed("track")
    metrics.audit_faults(2)
    found = figures(metrics)
    assert found["ketchup_loop_failures_total{loop=track}"] == 2
    assert found["ketchup_audit_faults"] == 2


def test_how_the_bot_is_has_a_figure_of_its_own_each() -> None:
    metrics = Metrics()
    assert isnan(figures(metrics)["ketchup_gateway_connected"])
    assert isnan(figures(metrics)["ketchup_disk_free_bytes"])
    metrics.loop_failing("track", True)
    metrics.gateway_connected(True)
    metrics.gateway_connects("resumed")
    metrics.gateway_disconnects()
    metrics.database_write(0.004)
    metrics.database_write(None)
    metrics.vitals(stuck=2, waiting_s=31.5, paused_s=7.0, free_bytes=1e9)
    found = figures(metrics)
    assert found["ketchup_loop_failing{loop=track}"] == 1
    assert found["ketchup_gateway_connected"] == 1
    assert found["ketchup_gateway_connects_total{how=resumed}"] == 1
    assert found["ketchup_gateway_connects_total{how=new}"] == 0
    assert found["ketchup_gateway_disconnects_total"] == 1
    assert found["ketchup_database_write_seconds_count"] == 1
    assert found["ketchup_database_write_failures_total"] == 1
    assert found["ketchup_jobs_stuck"] == 2
    assert found["ketchup_queue_wait_seconds"] == 31.5
    assert found["ketchup_submitting_paused_seconds"] == 7.0
    assert found["ketchup_disk_free_bytes"] == 1e9


def test_two_bots_in_one_process_count_apart() -> None:
    first, second = Metrics(), Metrics()
    first.callback("forged")
    assert "ketchup_callbacks_total{outcome=forged}" not in figures(second)
