"""`python -m cowork` is the command line."""

from cowork.serve.cli.commands import main

if __name__ == "__main__":
    main()
