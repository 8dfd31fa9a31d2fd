# expect: sandbox_violation
"""Opens a pair of sockets of a family that has no need for pairs."""

import socket

socket.socketpair(socket.AF_INET)
