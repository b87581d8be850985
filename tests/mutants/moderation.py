"""Mistakes in blocks, forbidden words and reports."""

from tests.mutants.mutant import Mutant

_CASEWORK = "bot/service/moderators/casework.py"
_FUNDS = "bot/service/money/funds.py"
_REPORTING = "bot/service/moderators/reporting.py"
_REQUESTS = "bot/service/asking/requests.py"
_REPORTS = "service/test_reports.py"
_RESTRICTIONS = "service/test_restrictions.py"

MUTANTS = (
    Mutant(
        "a blocked member's request is accepted",
        _REQUESTS,
        "            await refuse_blocked(tx, place.guild_id, place.user_id, now)\n",
        "",
        (f"{_RESTRICTIONS}::test_a_block_ends_by_itself",),
    ),
    Mutant(
        "a block leaves a request whose answer is on its way",
        _REQUESTS,
        "                await self._stop_if_blocked(tx, job, now)\n",
        "",
        (f"{_RESTRICTIONS}::test_a_request_whose_answer_was_on_its_way_is_cancelled_too",),
    ),
    Mutant(
        "another server's moderators decide about a case",
        _CASEWORK,
        "    if case is None or case.guild_id != guild_id:\n"
        "        raise JobGoneError\n    if case.closed_by",
        "    if case is None:\n        raise JobGoneError\n    if case.closed_by",
        (f"{_REPORTS}::test_another_servers_case_is_out_of_reach",),
    ),
    Mutant(
        "two moderators both decide",
        _CASEWORK,
        "    if case.closed_by is not None and not also:\n",
        "    if case.closed_by is not None and also:\n",
        (f"{_REPORTS}::test_of_two_moderators_at_once_one_acts_and_the_other_is_told",),
    ),
    Mutant(
        "a refund stays with the operator",
        _FUNDS,
        "            ledger.extra(held.guild_id, held.user_id): charged,\n",
        "            ledger.issued(held.guild_id): charged,\n",
        (f"{_REPORTS}::test_refund_gives_back_what_was_charged_once",),
    ),
    Mutant(
        "a member may report without end",
        _REPORTING,
        "    if await reports.open_by(reader, guild_id, reporter_id) >= OPEN_LIMIT:\n",
        "    if await reports.open_by(reader, guild_id, reporter_id) > 10 * OPEN_LIMIT:\n",
        (f"{_REPORTS}::test_nobody_floods_the_moderators",),
    ),
)
