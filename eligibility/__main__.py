"""``python -m eligibility``."""

from __future__ import annotations

from eligibility.cli import main

if __name__ == "__main__":
    main()
