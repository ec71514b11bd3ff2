"""The way in: `kpicalc` and `python -m kpicalc`."""

import sys

from kpicalc import __version__


def main() -> None:
    """Answer `--version` at once, before anything heavy is imported; leave the rest to the command line."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        print(f"kpicalc {__version__}")  # noqa: T201
        return
    for stream in (sys.stdout, sys.stderr):
        # A console of another encoding (Windows, cron with LANG=C) must not crash on Russian words.
        if hasattr(stream, "reconfigure"):
            encoding = (stream.encoding or "").lower().replace("-", "")
            stream.reconfigure(encoding="utf-8" if encoding in ("ascii", "ansix3.41968") else None, errors="replace")
    from kpicalc.cli import app

    app()


if __name__ == "__main__":
    main()
