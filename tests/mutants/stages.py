"""Mistakes in the changes of stage, in the claims, and in whose turn it is."""

from tests.mutants.mutant import Mutant

_JOBS = "bot/storage/work/jobs.py"
_TASKS = "bot/storage/work/tasks.py"
_LINE = "bot/storage/work/line.py"
_MESSAGES = "bot/storage/work/messages.py"
_RECORDING = "bot/service/work/recording.py"
_SUBMITTING = "bot/service/work/submitting.py"

MUTANTS = (
    Mutant(
        "a replayed interaction is taken for a new one",
        "bot/storage/work/events.py",
        "return await tx.run(_SEE, key=key, at=now) == 1",
        "return await tx.run(_SEE, key=key, at=now) >= 0",
        ("service/test_main_job.py::test_a_replayed_interaction_is_silent_and_charges_nothing",),
    ),
    Mutant(
        "a job is sent before its member has seen the answer",
        _LINE,
        "_answered = _line(JobStage.QUEUED, JobStage.RUNNING)",
        "_answered = _line(JobStage.ACCEPTED, JobStage.QUEUED, JobStage.RUNNING)",
        ("service/test_main_job.py::test_nothing_is_sent_before_the_answer_is_confirmed",),
    ),
    Mutant(
        "a discarded job can be confirmed",
        _JOBS,
        "    .where(_THIS, _t.c.stage == JobStage.ACCEPTED.value)\n"
        "    .values(\n        stage=JobStage.QUEUED.value,\n        **values_of(",
        "    .where(_THIS)\n"
        "    .values(\n        stage=JobStage.QUEUED.value,\n        **values_of(",
        (
            "service/test_requests.py::test_a_discarded_job_is_neither_confirmed_nor_asked_for_again",
        ),
    ),
    Mutant(
        "a job that has ended is ended again",
        _JOBS,
        "    .where(_THIS, _t.c.stage.in_([JobStage.QUEUED.value, JobStage.RUNNING.value]))\n"
        "    .values(\n        stage=JobStage.DELIVERING.value,",
        "    .where(_THIS)\n    .values(\n        stage=JobStage.DELIVERING.value,",
        ("storage/test_stage_changes.py::test_close_does_not_reopen_and_reopen_does_not_close",),
    ),
    Mutant(
        "a job that is still running is delivered again",
        _MESSAGES,
        "    .where(_THIS, _t.c.stage.in_([JobStage.DELIVERING.value, JobStage.DONE.value]))\n",
        "    .where(_THIS)\n",
        ("storage/test_stage_changes.py::test_close_does_not_reopen_and_reopen_does_not_close",),
    ),
    Mutant(
        "a job ends with the first of its tasks",
        "bot/service/work/ending.py",
        "if any(task.stage is not TaskStage.FINISHED for task in all_tasks):",
        "if all(task.stage is not TaskStage.FINISHED for task in all_tasks):",
        ("service/test_recording.py::test_the_last_of_two_tasks_ends_the_job",),
    ),
    Mutant(
        "a worker ends a job that was taken away from it",
        _MESSAGES,
        "    .where(_MINE, _t.c.stage == JobStage.DELIVERING.value)\n",
        "    .where(_THIS)\n",
        ("storage/test_stage_changes.py::test_without_the_claim_a_workers_change_is_refused",),
    ),
    Mutant(
        "a job is done although its message shows another end",
        _MESSAGES,
        '    .where(_t.c.outcome == given("outcome", _t.c.outcome))\n',
        "",
        (
            "service/test_cancelling.py::test_post_anyway_while_the_end_is_shown_waits_for_that_change",
        ),
    ),
    Mutant(
        "a worker begins with a task after its claim was lost",
        _TASKS,
        "    .where(_MINE, _t.c.stage == TaskStage.QUEUED.value)\n",
        "    .where(_THIS)\n",
        ("service/test_submitting.py::test_a_worker_that_slept_through_its_lease_cannot_write",),
    ),
    Mutant(
        "a task whose references are being renewed is given to a second worker",
        _LINE,
        '    .where(_answered.c.lease_until < given("now"))\n',
        "",
        ("service/test_submitting.py::test_a_worker_that_slept_through_its_lease_cannot_write",),
    ),
    Mutant(
        "the answer to a POST undoes what a callback has done",
        _TASKS,
        "    .where(_MINE, _t.c.stage == TaskStage.SUBMITTING.value)\n    .values(\n",
        "    .where(_THIS)\n    .values(\n",
        (
            (
                "service/test_recording.py::"
                "test_a_callback_before_the_answer_ends_the_task_and_the_answer_is_no_orphan"
            ),
        ),
    ),
    Mutant(
        "a running task is put back in line",
        _TASKS,
        "    .where(_MINE, _t.c.stage.in_([TaskStage.SUBMITTING.value, TaskStage.QUEUED.value]))\n",
        "    .where(_THIS)\n",
        (
            "service/test_recording.py::test_a_task_known_to_run_is_asked_though_its_answer_was_lost",
        ),
    ),
    Mutant(
        "a task that nobody sent, or that is finished, is painted",
        _TASKS,
        "    .where(_THIS, _t.c.stage.in_(AT_THE_API))\n"
        "    .values(\n        stage=TaskStage.FETCHING.value,",
        "    .where(_THIS)\n    .values(\n        stage=TaskStage.FETCHING.value,",
        ("storage/test_stage_changes.py::test_a_task_reaches_a_stage_only_from_where_it_may",),
    ),
    Mutant(
        "a finished task is finished again",
        _TASKS,
        "    .where(_THIS, _t.c.stage != TaskStage.FINISHED.value)\n",
        "    .where(_THIS)\n",
        ("storage/test_stage_changes.py::test_a_task_reaches_a_stage_only_from_where_it_may",),
    ),
    Mutant(
        "a picture is brought home by a worker that lost it",
        "bot/storage/work/pictures.py",
        "    .where(_MINE, _t.c.stage == PictureStage.PENDING.value)\n"
        "    .values(\n        stage=PictureStage.KEPT.value,",
        "    .where(_THIS)\n    .values(\n        stage=PictureStage.KEPT.value,",
        ("storage/test_stage_changes.py::test_without_the_claim_a_workers_change_is_refused",),
    ),
    Mutant(
        "a POST whose answer was lost is repeated",
        _SUBMITTING,
        "await tasks.unsure(tx, submission.task_id, submission.claim)",
        "await tasks.requeue(\n"
        "                tx, submission.task_id, submission.claim,\n"
        "                due_at=self._clock(), attempts=submission.attempts,\n"
        "            )",
        (
            "service/test_main_job.py::test_a_lost_submit_ends_as_unknown_and_a_late_picture_is_free",
        ),
    ),
    Mutant(
        "a callback that is repeated while its picture is fetched counts again",
        _RECORDING,
        "        if task.stage is TaskStage.FETCHING:\n",
        "        if task.stage is TaskStage.QUEUED:\n",
        ("service/test_recording.py::test_repetitions_change_nothing",),
    ),
    Mutant(
        "a task that was settled is ended again",
        _RECORDING,
        "        if task.stage is TaskStage.FINISHED:\n",
        "        if task.stage is TaskStage.QUEUED:\n",
        ("service/test_recording.py::test_repetitions_change_nothing",),
    ),
    Mutant(
        "a late picture is kept once more with each repetition",
        _RECORDING,
        "if not given_up or await pictures.stages(tx, task.id):",
        "if not given_up:",
        ("service/test_recording.py::test_a_late_picture_is_kept_free_and_its_loss_booked_once",),
    ),
    Mutant(
        "a task is ended by the report of another task",
        _RECORDING,
        "        elif task.provider_id != provider_id:\n",
        "        elif not provider_id:\n",
        ("service/test_recording.py::test_strangers_are_refused",),
    ),
    Mutant(
        "a task that was never sent takes on an id of the API",
        _RECORDING,
        "if owner is not None or never_sent or not await",
        "if owner is not None or not await",
        ("service/test_recording.py::test_a_cancelled_task_that_was_never_sent_adopts_nothing",),
    ),
    Mutant(
        "a picture that is painted after Cancel is posted",
        "bot/service/work/ending.py",
        "    await tasks.discard(tx, job.id)\n",
        "",
        ("service/test_cancelling.py::test_a_task_on_its_way_runs_to_its_end_and_is_paid",),
    ),
    Mutant(
        "who came first is served to the end before others",
        _LINE,
        "return (line.c.turn, line.c.served_at, line.c.id)",
        "return (line.c.id,)",
        ("service/test_submitting.py::test_everyones_first_comes_before_anyones_second",),
    ),
    Mutant(
        "a member runs more at once than the server allows",
        _SUBMITTING,
        "        return self._members[member] > 0 and self._servers[turn.guild_id] > 0\n",
        "        return self._servers[turn.guild_id] > 0\n",
        ("service/test_submitting.py::test_a_member_runs_as_many_as_the_server_allows",),
    ),
    Mutant(
        "a server runs more at once than it may",
        _SUBMITTING,
        "        self._servers[turn.guild_id] -= 1\n",
        "",
        (
            (
                "service/test_submitting.py::"
                "test_a_server_runs_no_more_than_it_may_and_holds_nobody_else_up"
            ),
        ),
    ),
    Mutant(
        "more run at once than the account may have",
        _SUBMITTING,
        "room = self._policy.max_in_flight - sum(member.running for member in at_work)",
        "room = self._policy.max_in_flight",
        ("service/test_submitting.py::test_no_more_run_than_the_account_may_have",),
    ),
    Mutant(
        "queries are sent without the account's distance",
        "bot/service/work/tracking.py",
        "            if now < free_at:\n",
        "            if now < 0:\n",
        (
            (
                "service/test_tracking.py::"
                "test_the_accounts_budget_is_kept_by_processes_that_ask_at_once"
            ),
        ),
    ),
)
