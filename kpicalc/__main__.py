"""The way in: `kpicalc` and `python -m kpicalc`."""

import codecs
import gc
import os
import sys

from kpicalc import __version__

_SPELT_OUT = {
    "\N{MINUS SIGN}": "-", "→": "->", "×": "x", "≥": ">=", "≤": "<=", "≠": "<>", "—": "-", "–": "-", "…": "...",
    "«": '"', "»": '"', "“": '"', "”": '"', "›": ">", "\N{NO-BREAK SPACE}": " ", "─": "-", "₽": "RUB",
}  # fmt: skip


def main() -> None:
    """Answer `--version` at once, before anything heavy is imported; leave the rest to the command line."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        print(f"kpicalc {__version__}")  # noqa: T201
        return
    import signal

    _speak_any_encoding()
    for name in ("SIGTERM", "SIGHUP"):
        # A run that is asked to stop cleans up behind itself, as one that fails does.
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _stop)
    # Nobody's plug-ins check a scheme; to look for them reads what every installed package says of itself.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    # A run makes millions of cells and no circles that matter: looking for them is a fifth of the time.
    gc.disable()
    from kpicalc.cli import answer

    try:
        answer()
    finally:
        # Nor are they looked for at the end: the process leaves its memory as it is.
        gc.freeze()


def _speak_any_encoding() -> None:
    """Let no console lose a sign: where an encoding has no minus, a hyphen stands for it, never a question mark."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            # It was closed before the start: what is said there is said to nobody, and the payroll stands all the same.
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115 - the start is light
    codecs.register_error("spelt_out", _spelt_out)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            encoding = (stream.encoding or "").lower().replace("-", "")
            # With LANG=C, as in cron, Python knows ASCII only; whoever reads the mail knows UTF-8.
            stream.reconfigure(encoding="utf-8" if encoding in ("ascii", "ansix3.41968") else None, errors="spelt_out")


def _spelt_out(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(_SPELT_OUT.get(sign, "?") for sign in error.object[error.start : error.end]), error.end


def _stop(number: int, frame: object) -> None:
    del frame
    raise SystemExit(128 + number)


if __name__ == "__main__":
    main()
