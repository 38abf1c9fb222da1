"""`python -m bargaining` is `bargain`."""

from bargaining.cli import main

if __name__ == "__main__":  # processes that help to ask import it, too
    main()
