"""What a user can do to a session from inside of it, to have something of it outlive its end or take what is bounded."""

import base64
import contextlib
import os
import pathlib
import platform
import shutil
import tempfile
import textwrap

import pytest

from machine import lacks
from test_workplace_host import UID_SETTING, processes
from workplace_host import Host, Terminal
from world import BINARY, wait_until

HERE = pathlib.Path(__file__).parent
UNIT = HERE.parents[1] / "packaging" / "sallyport-workplace.service"
HOST_UID = 70499
UNSEEN = 256 * 1024     # limits::kWorkplaceUnseenBytes

# Has the first process of the sandbox, which is the user's own, call prctl(PR_SET_PDEATHSIG, 0): it then no longer dies
# with bwrap outside. The system call is made where the process waits in one (x86-64: the two bytes before rip).
FREE_THE_FIRST = """
import ctypes, os, signal
libc = ctypes.CDLL(None, use_errno=True)
ATTACH, DETACH, STEP, GETREGS, SETREGS = 16, 17, 9, 12, 13
RAX, RDX, RSI, RDI, ORIG, RIP = 10, 12, 13, 14, 15, 16
def ptrace(request, data=None):
    if libc.ptrace(request, 1, None, data) != 0:
        raise OSError(ctypes.get_errno(), 'ptrace')
ptrace(ATTACH)
os.waitpid(1, 0x40000000)
regs = (ctypes.c_ulong * 27)()
ptrace(GETREGS, regs)
call = (ctypes.c_ulong * 27)(*regs)
call[RAX], call[ORIG], call[RDI], call[RSI], call[RIP] = 157, 2**64 - 1, 1, 0, regs[RIP] - 2
ptrace(SETREGS, call)
ptrace(STEP)
os.waitpid(1, 0x40000000)
after = (ctypes.c_ulong * 27)()
ptrace(GETREGS, after)
ptrace(SETREGS, regs)
ptrace(DETACH)
print('freed' if after[RAX] == 0 else 'refused')
"""

LEND = """
import array, socket
to = socket.socket(socket.AF_UNIX)
to.connect('\\0workplace-lent')
to.sendmsg([b'x'], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', [0]))])
print('lent')
"""

BORROW = """
import os, socket, time
door = socket.socket(socket.AF_UNIX)
door.bind('\\0workplace-lent')
door.listen()
print('waits', flush=True)
peer, _ = door.accept()
_, held, _, _ = socket.recv_fds(peer, 1, 1)
time.sleep(600)
"""


def python(terminal: Terminal, program: str, then: str = "") -> str:
    coded = base64.b64encode(textwrap.dedent(program).encode()).decode()
    return terminal.run(f"echo {coded} | base64 -d > ~/program.py; python3 ~/program.py {then}")


@pytest.fixture(scope="module")
def host(tmp_path_factory):
    if os.geteuid() != 0:
        lacks("not root: sessions get no user of their own here")
    with contextlib.closing(Host(tmp_path_factory.mktemp("host"), UID_SETTING)) as running:
        yield running.start()
        assert running.stop() == 0, running.said()[-4000:]


def test_the_first_process_cannot_take_itself_out_of_the_sessions_end(host):
    if platform.machine() != "x86_64":
        lacks("not x86-64: the registers of a system call are others")
    terminal = host.terminal("mallory")
    said = python(terminal, FREE_THE_FIRST)
    if "Operation not permitted" in said:
        lacks("the kernel lets nobody trace its first process here")
    assert "freed" in said, said
    terminal.run("trap '' HUP TERM; setsid sleep 4242 & true")
    terminal.socket.socket.close()
    wait_until(lambda: not processes(), what="the end of every process")
    wait_until(lambda: host.running() == 0, what="the end of the session")


def test_a_terminal_lent_to_another_session_does_not_keep_the_first_alive(host):
    with host.terminal("ann") as ann, host.terminal("bob") as bob:
        python(bob, BORROW, "& sleep 1")
        bob.wait(lambda: "waits" in bob.output)
        assert "lent" in python(ann, LEND)
        ann.type("exit\r")
        assert ann.ended()["reason"] == "exit"
        wait_until(lambda: host.running() == 1, what="the end of the one session")
        assert bob.run("echo on").strip() == "on"


def test_output_waits_for_a_browser_that_has_not_shown_it(host):
    with host.terminal("ann") as terminal:
        terminal.type("yes\r")
        with pytest.raises(TimeoutError):
            while terminal.receive(1, says_so=False):
                assert terminal.taken < 2 * UNSEEN
        assert terminal.taken >= UNSEEN
        before = terminal.taken
        terminal.socket.send('{"type":"seen","bytes":%d}' % terminal.taken)
        assert terminal.receive(10) and terminal.taken > before
        terminal.type("\x03")
        assert terminal.run("echo on").strip() == "on"


def test_it_works_as_the_packaged_unit_has_it_run():
    if platform.machine() != "x86_64":
        lacks("not x86-64: system calls have other numbers")
    if os.geteuid() != 0:
        lacks("not root: it cannot become the unit's user")
    with tempfile.TemporaryDirectory() as name:     # where that user can read: pytest's own folder is closed to it
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        with contextlib.closing(Host(folder / "host", UID_SETTING)) as host:
            host.binary = shutil.copy(BINARY, folder / "sallyport")
            for path in (folder / "host").iterdir():
                os.chown(path, HOST_UID, HOST_UID)
            wrapper = [shutil.copy(HERE / "under_unit.py", folder), shutil.copy(UNIT, folder), str(HOST_UID)]
            host.start("/usr/bin/python3", *wrapper)
            assert f"\nUid:\t{HOST_UID}\t" in pathlib.Path(f"/proc/{host.process.pid}/status").read_text()
            with host.terminal("ann") as terminal:
                assert terminal.run("hostname; id -u").split() == ["workplace", "1000"]
                assert processes()
            wait_until(lambda: not processes(), what="the end of every process")
            assert host.stop() == 0, host.said()[-4000:]
