"""The system calls that programs must do without, by their names, with their numbers on each processor.

A number stands here for x86-64 and for the generic table (AArch64, RISC-V); None where a table lacks the
call. ``tests/grading/inside/test_calls.py`` holds them against the kernel's own headers.
"""

Numbers = tuple[int | None, int | None]

ARCHITECTURES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1), "riscv64": (0xC00000F3, 1)}
"""Processor -> what the kernel calls it (AUDIT_ARCH_*), and its column in the tables."""

KILLED: dict[str, Numbers] = {
    "acct": (163, 89), "add_key": (248, 217), "bpf": (321, 280), "chroot": (161, 51),
    "clock_adjtime": (305, 266), "clock_settime": (227, 112), "delete_module": (176, 106),
    "fanotify_init": (300, 262), "finit_module": (313, 273), "fsconfig": (431, 431),
    "fsmount": (432, 432), "fsopen": (430, 430), "fspick": (433, 433), "init_module": (175, 105),
    "io_uring_enter": (426, 426), "io_uring_register": (427, 427), "io_uring_setup": (425, 425),
    "kcmp": (312, 272), "kexec_file_load": (320, 294), "kexec_load": (246, 104), "keyctl": (250, 219),
    "mount": (165, 40), "mount_setattr": (442, 442), "move_mount": (429, 429),
    "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265), "open_tree": (428, 428),
    "open_tree_attr": (467, 467), "quotactl_fd": (443, 443),
    "perf_event_open": (298, 241), "pidfd_getfd": (438, 438), "pivot_root": (155, 41),
    "process_madvise": (440, 440), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "ptrace": (101, 117), "quotactl": (179, 60), "reboot": (169, 142), "request_key": (249, 218),
    "setdomainname": (171, 162), "sethostname": (170, 161), "setns": (308, 268),
    "settimeofday": (164, 170), "swapoff": (168, 225), "swapon": (167, 224), "syslog": (103, 116),
    "umount2": (166, 39), "unshare": (272, 97), "userfaultfd": (323, 282), "vhangup": (153, 58),
}  # fmt: skip
"""Never honest in a graded program: the process is killed with SIGSYS."""

REFUSED: dict[str, Numbers] = {
    "accept": (43, 202), "bind": (49, 200), "connect": (42, 203), "listen": (50, 201),
    "memfd_create": (319, 279), "memfd_secret": (447, 447), "mq_open": (240, 180), "msgget": (68, 186),
    "semget": (64, 190), "shmget": (29, 194), "socket": (41, 198), "mknodat": (259, 33),
    "mknod": (133, None), "listmount": (458, 458), "statmount": (457, 457),
    "mq_unlink": (241, 181), "msgctl": (71, 187), "msgrcv": (70, 188), "msgsnd": (69, 189),
    "semctl": (66, 191), "semop": (65, 193), "semtimedop": (220, 192), "shmat": (30, 196),
    "shmctl": (31, 195), "process_mrelease": (448, 448),
}  # fmt: skip
"""Refused with EACCES, so that the traceback shows the line which tried."""

OF_THE_HOST: dict[str, Numbers] = {"flock": (73, 32), "sync": (162, 81), "syncfs": (306, 267)}
"""Answered with success, and not done: the locks of files that a program may read are everybody's, and so are
the disks. With its own files a program is alone.
"""
LOCKING = (6, 7, 37, 38)
"""The same of ``fcntl``: F_SETLK, F_SETLKW, F_OFD_SETLK, F_OFD_SETLKW."""

CLONE: Numbers = (56, 220)
CLONE3: Numbers = (435, 435)
SOCKETPAIR: Numbers = (53, 199)

# What a namespace would keep from a program's reach, and where there is none, only the filter can.

WATCHING: dict[str, Numbers] = {"inotify_init": (253, None), "inotify_init1": (294, 26)}
"""Refused with EACCES: a watch needs no right to open what is watched."""

OF_ANOTHER: dict[str, Numbers] = {
    "migrate_pages": (256, 238), "move_pages": (279, 239), "prlimit64": (302, 261),
    "sched_setaffinity": (203, 122), "sched_setattr": (314, 274), "sched_setparam": (142, 118),
    "sched_setscheduler": (144, 119),
}  # fmt: skip
"""Their first argument names a process: refused with EPERM unless it is 0, the caller itself."""

PRIORITIES: dict[str, Numbers] = {"setpriority": (141, 140), "ioprio_set": (251, 30)}
"""Their first two arguments name processes: refused with EPERM but for the caller itself."""

GROUPS: dict[str, Numbers] = {"setpgid": (109, 154), "setsid": (112, 157)}
"""Answered with success, and not done: all that a program starts stays in its process group, by which it is
ended.
"""

SIGNALS_OF_PROCESS: dict[str, Numbers] = {
    "rt_sigqueueinfo": (129, 138), "rt_tgsigqueueinfo": (297, 240), "tgkill": (234, 131), "tkill": (200, 130),
}  # fmt: skip
"""Their first argument names a process or thread. Where Landlock keeps no signals in, any but the sample's
own is refused with EPERM.
"""
KILL: Numbers = (62, 129)
PIDFD_SEND_SIGNAL: Numbers = (424, 424)

TIMES: dict[str, Numbers] = {
    "futimesat": (261, None), "utime": (132, None), "utimensat": (280, 88), "utimes": (235, None),
}  # fmt: skip
"""Answered with success, and not done: Landlock does not watch them, whoever may write a file may change its
times, and honest programs that copy files call them without need.
"""

MODES: dict[str, Numbers] = {
    "chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53), "fchmodat2": (452, 452),
}  # fmt: skip
"""Likewise, where programs belong to the user. Other users can change modes of nothing but their own."""

ATTRIBUTES: dict[str, Numbers] = {
    "chown": (92, None), "fchown": (93, 55), "fchownat": (260, 54), "file_setattr": (469, 469),
    "fremovexattr": (199, 16), "fsetxattr": (190, 7), "lchown": (94, None), "lremovexattr": (198, 15),
    "lsetxattr": (189, 6), "removexattr": (197, 14), "removexattrat": (466, 466), "setxattr": (188, 5),
    "setxattrat": (463, 463),
}  # fmt: skip
"""Refused with EPERM: Landlock does not watch them, and whoever may write a file may set attributes."""

FCNTL: Numbers = (72, 25)
IOCTL: Numbers = (16, 29)
OPEN: Numbers = (2, None)
OPENAT: Numbers = (257, 56)
OPENAT2: Numbers = (437, 437)
TRUNCATE: Numbers = (76, 45)
