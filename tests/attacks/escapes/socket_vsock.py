# expect: sandbox_violation
"""Opens a socket of the virtual machines family."""

import socket

socket.socket(40, socket.SOCK_STREAM)
