# expect: sandbox_violation
"""Opens a socket of the netlink family."""

import socket

socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)
