"""Which addresses of chats a maintainer may add: services of their own protocol, and https everywhere else."""

from __future__ import annotations

import re

from watcher.core.errors import UserError

# As Apprise names them. Those with an `s` at the end are servers of one's own, asked over https.
SECURE = (
    *("tgram", "slack", "discord", "gchat", "zulip", "workflows"),
    *("matrixs", "ntfys", "mmosts", "rockets", "gotifys"),
)
_PLAIN = ("matrix", "ntfy", "mmost", "rocket", "gotify")
_ADDRESS = re.compile(r"([a-z]+)://[!-~]{1,1000}")
_UNCHECKED = re.compile(r"[?&;]verify=", re.IGNORECASE)  # would turn off the look at certificates


class ChatError(UserError):
    """An address that cannot be a chat; the message is a French line that does not repeat it."""


def chat_address(text: str, *, allow_private: bool) -> str:
    """The address without blanks around it. Raises `ChatError`.

    With `allow_private` also the plain http variants, which are good for one's own machine only.
    """
    found = _ADDRESS.fullmatch(text.strip())
    if not found:
        raise ChatError("l'adresse d'une messagerie a la forme tgram://jeton/salon, sans espace ni accent")
    if found[1] in _PLAIN and not allow_private:
        raise ChatError(f"{found[1]}:// n'est pas chiffré : employez {found[1]}s://")
    if found[1] not in (*SECURE, *_PLAIN):
        raise ChatError(f"{found[1]}:// n'est pas admis (au choix : {', '.join(SECURE)})")
    if _UNCHECKED.search(found[0]):
        raise ChatError("le certificat du serveur est toujours vérifié : retirez verify= de l'adresse")
    return found[0]
