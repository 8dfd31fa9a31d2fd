# expect: sandbox_violation|runtime_error
"""Sends to sockets that have a name, by one of a pair that was made for something else."""

import socket

ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
for name in ("/dev/log", "/run/systemd/notify", "\0anybody"):
    ours.sendto(b"READY=1", name)


def add(a, b):
    return a + b
