"""`python -m hospital_ops …`: what `./hospital` runs in its own environment."""

from hospital_ops.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
