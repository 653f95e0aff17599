"""``python -m etk_geo``."""

import sys

from etk_geo.cli import main

if __name__ == "__main__":
    sys.exit(main())
