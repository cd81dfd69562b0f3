"""SCP03, host side (GlobalPlatform Card Specification 2.3, Amendment D v1.2)."""

from cardservice.channel.scp03.keys import StaticKeys, derive, diversify, key_check_value
from cardservice.channel.scp03.opening import open_session
from cardservice.channel.scp03.put_key import check_put_key_answer, put_key, put_key_command
from cardservice.channel.scp03.secrets_coding import secret_value
from cardservice.channel.scp03.session import InitializeUpdateAnswer, Scp03Session, SecurityLevel

__all__ = [
    "InitializeUpdateAnswer",
    "Scp03Session",
    "SecurityLevel",
    "StaticKeys",
    "check_put_key_answer",
    "derive",
    "diversify",
    "key_check_value",
    "open_session",
    "put_key",
    "put_key_command",
    "secret_value",
]
