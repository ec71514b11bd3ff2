"""Write all generated pages and the picture anew: `python docs/renew.py`."""

import runpy
from pathlib import Path

if __name__ == "__main__":
    for maker in sorted(Path(__file__).parent.glob("make_*.py")):
        runpy.run_path(str(maker), run_name="__main__")
