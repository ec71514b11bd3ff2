"""`python -m tests.kills [--count 200] [--seed N]`: runs that are killed, find no room, or meet another run.

A month that is paid already is paid otherwise, with a registry for the bank and a file for 1C, and the run is killed
at every step that it makes in its folder and at random moments besides. What stands then under a visible name must be
whole, the old file or the new one, and the next run must leave just what an undisturbed run leaves, and nothing hidden.
"""

import argparse
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "samples" / "salary-project"
EXPORTS = ("1c-salary-xml", "1c-client-bank", "1c-csv")
Files = Mapping[str, bytes]
"""What a folder shows, by name."""

# Counts what the program does to files of one folder, and dies before the N-th; with N = 0 it prints the number.
STEPS = """
import atexit, os, sys
folder, last, steps = sys.argv[1], int(sys.argv[2]), [0]
sys.argv[1:3] = []
WATCHED = {"open", "os.rename", "os.remove", "os.link", "os.mkdir", "os.rmdir", "os.chmod", "shutil.rmtree"}
def watch(event, args):
    paths = (os.fspath(one) for one in args if isinstance(one, (str, os.PathLike)))
    if event in WATCHED and any(path.startswith(folder) for path in paths):
        steps[0] += 1
        if steps[0] == last:
            os.kill(os.getpid(), 9)
sys.addaudithook(watch)
if not last:
    atexit.register(lambda: sys.stderr.write(f"steps {steps[0]}\\n"))
sys.argv[0] = "kpicalc"
from kpicalc.__main__ import main
sys.exit(main())
"""


class Month:
    """Two ways to pay one month: the old, and the new with another rate."""

    def __init__(self, folder: Path) -> None:
        self.inputs = folder / "inputs"
        shutil.copytree(SAMPLE, self.inputs)
        text = (self.inputs / "scheme.yaml").read_text(encoding="utf-8")
        other = text.replace("rate: 10%", "rate: 11%").split("    examples:")[0]
        (self.inputs / "new.yaml").write_text(other, encoding="utf-8")
        self.old = self.made(folder / "old", "scheme.yaml")
        self.new = self.made(folder / "new", "scheme.yaml", "new.yaml")
        self.alone = self.made(folder / "alone", "new.yaml")
        self.swapped = self.made(folder / "swapped", "new.yaml", "scheme.yaml")

    def made(self, folder: Path, *schemes: str) -> Files:
        """Return what runs by these schemes, one after another, leave in a folder."""
        for scheme in schemes:
            subprocess.run(self.command(folder, scheme), cwd=ROOT, capture_output=True, check=True)
        return shown(folder)

    def command(self, out: Path, scheme: str, *before: str) -> list[str]:
        """Return the command that pays the month into a folder; `before` stands in the place of `-m kpicalc`."""
        exports = [word for name in EXPORTS for word in ("--export", name)]
        paths = [str(self.inputs / "2026-10.xlsx"), "--scheme", str(self.inputs / scheme), "--out", str(out)]
        return [sys.executable, *(before or ("-m", "kpicalc")), "run", *paths, *exports, "--replace", "--quiet"]


def shown(folder: Path) -> Files:
    """Return the visible files of a folder."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if not path.name.startswith(".")}


def laid(folder: Path, files: Files) -> Path:
    """Make a folder hold these files and nothing else."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder


def faults_after_kill(month: Month, folder: Path) -> list[str]:
    """Return what is wrong in the folder of a killed run, then after the run that follows it."""
    faults = [
        f"{name} is neither the old file nor the new one"
        for name, data in shown(folder).items()
        if data not in (month.old.get(name), month.new.get(name))
    ]
    after = subprocess.run(month.command(folder, "new.yaml"), cwd=ROOT, capture_output=True, text=True, check=False)
    if after.returncode not in (0, 3):
        faults.append(f"the next run ended with {after.returncode}: {after.stderr[:300]}")
    return faults + faults_of(folder, month.new)


def faults_of(folder: Path, *right: Files) -> list[str]:
    """Return what a folder shows or hides that it must not."""
    faults = [f"{path.name} stays hidden" for path in folder.iterdir() if path.name.startswith(".")]
    found = shown(folder)
    if found not in right:
        wrong = {name for name in {*found, *right[0]} if found.get(name) != right[0].get(name)}
        faults.append(f"not what an undisturbed run leaves: {', '.join(sorted(wrong))}")
    return faults


def steps(month: Month, folder: Path) -> int:
    """Return how many steps an undisturbed run makes in its folder."""
    laid(folder, month.old)
    command = month.command(folder, "new.yaml", "-c", STEPS, str(folder), "0")
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return int(done.stderr.rsplit("steps ", 1)[1])


def kill_at_step(month: Month, folder: Path, step: int) -> list[str]:
    """Kill a run before one step of its."""
    laid(folder, month.old)
    command = month.command(folder, "new.yaml", "-c", STEPS, str(folder), str(step))
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    if done.returncode != -signal.SIGKILL:
        return [f"was not killed but ended with {done.returncode}"]
    return faults_after_kill(month, folder)


def kill_at_moment(month: Month, folder: Path, seconds: float) -> list[str]:
    """Kill a run after some time; it may have ended before."""
    laid(folder, month.old)
    with subprocess.Popen(month.command(folder, "new.yaml"), cwd=ROOT, stderr=subprocess.DEVNULL) as process:
        time.sleep(seconds)
        process.kill()
    return faults_after_kill(month, folder)


def no_room(month: Month, folder: Path, size: int) -> list[str]:
    """Let no file grow beyond a size, as a quota does: the run is refused and the old files stand."""
    laid(folder, month.old)

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return _refused(month, folder, limit)


def full_disk(month: Month, folder: Path, size: int) -> list[str]:
    """Pay on a disk that has this many bytes left beside the old files."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    page = os.sysconf("SC_PAGE_SIZE")
    taken = sum(-(-len(data) // page) * page for data in month.old.values())
    mount = ["mount", "-t", "tmpfs", "-o", f"size={taken + size}", "none", str(folder)]
    subprocess.run(mount, check=True)
    try:
        for name, data in month.old.items():
            (folder / name).write_bytes(data)
        return _refused(month, folder, None)
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def _refused(month: Month, folder: Path, limit: Callable[[], None] | None) -> list[str]:
    command = month.command(folder, "new.yaml")
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, preexec_fn=limit)
    faults = [] if done.returncode == 1 else [f"ended with {done.returncode}"]
    if "Traceback" in done.stderr:
        faults.append("a traceback")
    return faults + faults_of(folder, month.old)


def two_at_once(month: Month, folder: Path, seconds: float) -> list[str]:
    """Start two runs that pay otherwise, the second a little later.

    Either each leaves what it leaves after the other, or one is refused and the other leaves what it leaves alone.
    """
    laid(folder, {})
    with subprocess.Popen(month.command(folder, "scheme.yaml"), cwd=ROOT, stderr=subprocess.PIPE, text=True) as first:
        time.sleep(seconds)
        done = subprocess.run(month.command(folder, "new.yaml"), cwd=ROOT, capture_output=True, text=True, check=False)
        told = first.communicate()[1]
    ends = (first.returncode, done.returncode)
    if ends == (0, 0):
        return faults_of(folder, month.new, month.swapped)
    if sorted(ends) != [0, 1]:
        return [f"they ended with {ends}: {told[:300]} {done.stderr[:300]}"]
    faults = [] if "written_meanwhile" in told + done.stderr else ["refused without saying why"]
    return faults + faults_of(folder, month.old if done.returncode else month.alone)


def tried(count: int, seed: int, say: Callable[[str], None]) -> Counter[str]:
    """Try `count` kills, half of them at steps, and a fifth as many of each other mishap; count the wrong."""
    chance = random.Random(seed)
    wrong: Counter[str] = Counter()

    def record(kind: str, what: str, faults: list[str]) -> None:
        wrong[kind] += bool(faults)
        for fault in faults:
            say(f"{kind} {what}: {fault}")

    with tempfile.TemporaryDirectory() as scratch:
        month, folder = Month(Path(scratch)), Path(scratch) / "out"
        number = steps(month, folder)
        picked = range(1, number + 1)
        at_steps = picked if number <= count // 2 else sorted(chance.sample(picked, count // 2))
        for step in at_steps:
            record("kill at step", f"{step} of {number}", kill_at_step(month, folder, step))
        began = time.monotonic()
        subprocess.run(month.command(laid(folder, month.old), "new.yaml"), cwd=ROOT, capture_output=True, check=True)
        whole = time.monotonic() - began
        for _ in range(count - len(at_steps)):
            seconds = chance.uniform(0.5, 1.05) * whole
            record("kill at moment", f"{seconds:.3f} s", kill_at_moment(month, folder, seconds))
        largest = max(map(len, month.new.values()))
        for _ in range(-(-count // 5)):
            size = chance.randrange(largest)
            record("no room", f"{size} bytes a file", no_room(month, folder, size))
            record("two at once", "", two_at_once(month, folder, chance.uniform(0, whole / 2)))
            if os.geteuid() == 0:
                record("full disk", f"{size} bytes left", full_disk(month, folder, size))
        if os.geteuid():
            say("full disk was not tried: only root may mount a small one")
    return wrong


def say(text: str) -> None:
    """Print a line at once: the run is long."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main() -> int:
    """Try what the options say, and print what went wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.kills", description=__doc__)
    parser.add_argument("--count", type=int, default=200, help="how many kills")
    parser.add_argument("--seed", type=int, default=1, help="where chance begins")
    options = parser.parse_args()
    wrong = tried(options.count, options.seed, say)
    say(", ".join(f"{kind}: {number} wrong" for kind, number in wrong.items()))
    return 1 if wrong.total() else 0


if __name__ == "__main__":
    sys.exit(main())
