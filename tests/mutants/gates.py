"""Mistakes at the gates: signatures, addresses, words, rights, and what Discord may see twice."""

from tests.mutants.mutant import Mutant

_SIGNING = "unit/web/test_signing.py"
_SUBMITTING = "service/test_submitting.py"

MUTANTS = (
    Mutant(
        "a callback is believed whatever its signature",
        "bot/web/signing.py",
        "        return any(matches)\n",
        "        return bool(matches)\n",
        (f"{_SIGNING}::test_a_guessed_signature_is_refused",),
    ),
    Mutant(
        "a signature is good for every task",
        "bot/web/signing.py",
        '    digest = hmac.digest(key, task_id.encode(errors="surrogatepass"), hashlib.sha256)\n',
        '    digest = hmac.digest(key, b"", hashlib.sha256)\n',
        (f"{_SIGNING}::test_a_signature_is_good_for_its_own_task_alone",),
    ),
    Mutant(
        "pictures are fetched from private addresses",
        "bot/images/guard.py",
        "    return not any(parsed in block for block in _SPECIAL "
        "if block.version == parsed.version)\n",
        "    return True\n",
        ("unit/images/test_guard.py::test_everything_else_may_not",),
    ),
    Mutant(
        "forbidden words are painted",
        "bot/service/asking/requests.py",
        "            await require_allowed_words(tx, place.guild_id, request.prompt)\n",
        "",
        (
            "service/test_restrictions.py::test_a_forbidden_word_is_refused_by_name_and_costs_nothing",
        ),
    ),
    Mutant(
        "members block members",
        "bot/chat/moderators/moderation.py",
        "        guild_id = await self._moderators.require(interaction)\n"
        "        end = await self.endings.read(guild_id, until)\n",
        "        guild_id = GuildId(interaction.guild_id or 0)\n"
        "        end = await self.endings.read(guild_id, until)\n",
        ("e2e/test_permissions.py::test_members_are_refused_what_is_not_theirs",),
    ),
    Mutant(
        "another server's request is asked for again",
        "bot/chat/actions.py",
        "        if not _is_of(request.place, self._answers.place(interaction)):\n",
        "        if request is None:\n",
        ("e2e/test_permissions.py::test_who_manages_another_server_reaches_nothing_of_this_one",),
    ),
    Mutant(
        "a message is posted under a new nonce each time",
        "bot/chat/delivery/sending.py",
        "        nonce = nonce_of(card.job_id)\n",
        "        nonce = str(hash(object()))[-25:]\n",
        (
            "integration/chat/test_postman_unlucky.py::test_a_post_whose_answer_was_lost_is_one_message_by_its_nonce",
        ),
    ),
    Mutant(
        "a POST is sent before its intent is committed",
        "bot/service/work/submitting.py",
        "            await self._begin(tx, task.id, job.id, claim, now)\n",
        "            pass\n",
        (f"{_SUBMITTING}::test_a_task_on_its_way_is_never_given_to_a_second_worker",),
    ),
    Mutant(
        "a task of unknown fate keeps its hold",
        "bot/service/work/tracking.py",
        "        for task in lost:\n"
        "            await self.give_up(task.id, TaskOutcome.UNKNOWN, Failure.LOST)\n",
        "",
        (
            "service/test_main_job.py::test_a_lost_submit_ends_as_unknown_and_a_late_picture_is_free",
        ),
    ),
    Mutant(
        "a restored copy sends again what waited in it",
        "bot/service/operator/restoring.py",
        "            if await state.read(tx, Fact.RESTORED) is None:\n",
        "            if await state.read(tx, Fact.RESTORED) is not None:\n",
        ("storage/test_backup.py::test_the_first_start_on_a_copy_repeats_no_request",),
    ),
)
