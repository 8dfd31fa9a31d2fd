# expect: sandbox_violation
"""Opens a socket of the datagrams family."""

import socket

socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
