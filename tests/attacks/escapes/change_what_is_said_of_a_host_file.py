# expect: wrong_answer
"""Changes the mode, the owner, the times and the attributes of a file of the host's, by name and when it is open."""

import os


def tried(action, *arguments):
    try:
        action(*arguments)
    except OSError:
        pass


named = ["@CANARY@", os.path.dirname("@CANARY@"), os.__file__]
for what in [
    *named,
    os.open("@CANARY@", os.O_PATH) if os.path.exists("@CANARY@") else ".",
    os.open(os.__file__, 0),
]:
    tried(os.chmod, what, 0o4777)
    tried(os.chown, what, os.getuid(), os.getgid())
    tried(os.utime, what, (1, 1))
    tried(os.setxattr, what, "user.mark", b"was here")
    tried(os.removexattr, what, "user.kept")
tried(os.unlink, "@CANARY@")
tried(os.link, "@CANARY@", "linked")
tried(os.rename, "@CANARY@", "moved")
tried(os.symlink, "/etc/passwd", os.path.join(os.path.dirname("@CANARY@"), "link"))


def add(a, b):
    return 0
