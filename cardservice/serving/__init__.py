"""Where the commands, the home and the web services are joined: the desk, and the office."""

from cardservice.serving.desk_command import serve_command

__all__ = ["serve_command"]
