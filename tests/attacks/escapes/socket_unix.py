# expect: sandbox_violation
"""Opens a socket of the unix family."""

import socket

socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
