"""Mistakes in the ledger, the purses, the settlement and the caps."""

from tests.mutants.mutant import Mutant

_LEDGER = "bot/storage/money/ledger.py"
_FUNDS = "bot/service/money/funds.py"
_ENDING = "bot/service/work/ending.py"
_REQUESTS = "bot/service/asking/requests.py"

MUTANTS = (
    Mutant(
        "a transfer is made again under a key that was used",
        _LEDGER,
        "    if done == 0:\n",
        "    if done < 0:\n",
        ("service/test_recording.py::test_a_late_failure_books_its_cost_once",),
    ),
    Mutant(
        "a balance may fall below zero",
        _LEDGER,
        '    .where(sa.or_(_a.c.balance + given("amount") >= 0, '
        "_a.c.kind == AccountKind.ISSUED.value))\n",
        "",
        ("storage/test_ledger.py::test_an_overdrawn_account_takes_the_whole_transfer_back",),
    ),
    Mutant(
        "a transfer may make credits out of nothing",
        _LEDGER,
        "    if sum(lines.values()) != 0:\n",
        "    if not lines:\n",
        ("storage/test_ledger.py::test_a_transfer_that_makes_credits_is_refused",),
    ),
    Mutant(
        "extra credits are spent before the allowance",
        _FUNDS,
        "from_allowance = min(allowance, price)",
        "from_allowance = max(0, price - purse.extra)",
        ("service/test_allowances.py::test_the_allowance_is_spent_before_extra_credits",),
    ),
    Mutant(
        "a release turns an allowance into extra credits",
        _FUNDS,
        "        if account_id == extra.id:\n",
        "        if account_id:\n",
        ("service/test_allowances.py::test_what_is_released_into_an_ended_period_expires",),
    ),
    Mutant(
        "a release goes back into an allowance that has ended",
        _FUNDS,
        "alive = ends is not None and ends > now",
        "alive = ends is not None",
        ("service/test_allowances.py::test_what_comes_back_after_the_rest_expired_expires_too",),
    ),
    Mutant(
        "a task is settled twice",
        _ENDING,
        "    await funds.settle(tx, held_for(task, job), charged, lost, now)\n",
        "    await funds.settle(tx, held_for(task, job), charged, lost, now)\n" * 2,
        ("service/test_main_job.py::test_a_declined_task_gives_the_whole_hold_back",),
    ),
    Mutant(
        "a member pays more than was held",
        _ENDING,
        "charged, lost = int(min(due, task.price)), max(0, due - task.price)",
        "charged, lost = int(due), 0",
        ("service/test_recording.py::test_what_was_consumed_is_charged_up_to_the_hold",),
    ),
    Mutant(
        "a member pays for a task that brought no picture",
        _ENDING,
        "charged, lost = 0, consumed or 0",
        "charged, lost = int(min(consumed or 0, task.price)), 0",
        (
            (
                "service/test_contention.py::"
                "test_asking_settling_and_cancelling_at_once_never_wait_in_a_circle"
            ),
        ),
    ),
    Mutant(
        "what was consumed beyond the hold is nobody's loss",
        _FUNDS,
        "    if lost:\n        await book_loss",
        "    if lost < 0:\n        await book_loss",
        ("service/test_recording.py::test_what_was_consumed_is_charged_up_to_the_hold",),
    ),
    Mutant(
        "a late loss counts for another day than its task",
        _ENDING,
        "day=task.day,",
        'day="2026-01-01",',
        ("service/test_recording.py::test_a_loss_of_another_day_counts_for_the_day_of_its_task",),
    ),
    Mutant(
        "a request that nobody saw keeps its hold",
        _REQUESTS,
        "await funds.settle(tx, held_for(task, job), 0, 0, now)",
        "held_for(task, job)",
        ("service/test_main_job.py::test_a_discarded_request_leaves_no_trace_in_the_balance",),
    ),
    Mutant(
        "a cancelled task keeps its hold",
        _ENDING,
        "        await finish_task(tx, task, job, TaskOutcome.CANCELLED, now)\n",
        "        await tasks.finish(\n"
        "            tx, task.id, TaskOutcome.CANCELLED, failure=None, reason=None,\n"
        "            charged=0, lost=0, now=now,\n"
        "        )\n"
        "        await close_if_complete(tx, job, now)\n",
        ("service/test_cancelling.py::test_nothing_begun_costs_nothing",),
    ),
    Mutant(
        "what is released still counts against the server's cap",
        _FUNDS,
        "await ledger.commit_more(tx, scope, held.month, released, other=ALL_SERVERS)",
        "await ledger.commit_more(tx, ALL_SERVERS, held.month, released)",
        ("service/test_cancelling.py::test_nothing_begun_costs_nothing",),
    ),
    Mutant(
        "the operator's loss does not count against the account's cap",
        _FUNDS,
        "    if booked:\n",
        "    if not booked:\n",
        (
            (
                "service/test_allowances.py::"
                "test_the_accounts_cap_counts_every_server_and_the_operators_loss"
            ),
        ),
    ),
    Mutant(
        "only the first picture of a request must be affordable",
        _FUNDS,
        "    if total > purse.balance:\n",
        "    if price > purse.balance:\n",
        ("service/test_requests.py::test_a_refused_request_keeps_nothing_not_even_its_key",),
    ),
    Mutant(
        "a grant whose command is delivered twice is given twice",
        "bot/service/money/wallet.py",
        "            if not await events.first_time(tx, key, now):\n",
        "            if not key:\n",
        ("service/test_allowances.py::test_extra_credits_are_granted_and_taken_back_once",),
    ),
)
