"""How the audit log's actions and fields are called, wherever it is read."""

from typing import Protocol


class Words(Protocol):
    """Sentences in one language (``bot.chat.translate``)."""

    def gettext(self, message: str, /) -> str: ...


def action_name(action: str, words: Words) -> str:
    """What somebody did; one that has no name is shown as it is kept."""
    names = {
        "block": words.gettext("blocked"),
        "unblock": words.gettext("unblocked"),
        "word_add": words.gettext("phrase forbidden"),
        "word_remove": words.gettext("phrase allowed"),
        "delete_picture": words.gettext("picture deleted"),
        "refund": words.gettext("credits given back"),
        "report_dismiss": words.gettext("report dismissed"),
        "credits_grant": words.gettext("credits granted"),
        "credits_revoke": words.gettext("credits taken back"),
        "allowance": words.gettext("allowance changed"),
        "settings": words.gettext("settings changed"),
        "operator_cap": words.gettext("operator's limit changed"),
        "private_shown": words.gettext("private picture looked at"),
        "dashboard_sign_in": words.gettext("signed in to the dashboard"),
        "usage_export": words.gettext("exported data"),
    }
    return names.get(action, action)


def field_name(field: str, words: Words) -> str:
    """What was changed; a field that has no name is shown as it is kept."""
    names = {
        "language": words.gettext("Language"),
        "time_zone": words.gettext("Time zone"),
        "log_channel": words.gettext("Log channel"),
        "showcase_channel": words.gettext("Showcase channel"),
        "moderator_role": words.gettext("Moderator role"),
        "channels": words.gettext("Channels for pictures"),
        "roles": words.gettext("Roles that may make pictures"),
        "age_rule": words.gettext("Age restriction"),
        "allowance": words.gettext("Allowance"),
        "refill": words.gettext("Refill"),
        "cap": words.gettext("Server's monthly limit"),
        "running_in_server": words.gettext("At the same time in the server"),
        "running_per_member": words.gettext("At the same time per member"),
        "waiting_per_member": words.gettext("Waiting per member"),
        "mention_after_s": words.gettext("Mention when ready"),
        "failed_cards_vanish_after_s": words.gettext("Failed requests disappear"),
        "styles": words.gettext("Styles"),
        "reason": words.gettext("Reason"),
        "until": words.gettext("Until"),
        "what": words.gettext("Rows"),
        "period": words.gettext("Period"),
    }
    return names.get(field, field)
