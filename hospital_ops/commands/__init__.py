"""One module per command of `./hospital`. Each offers `add_arguments(parser)` and `run(args) -> exit code`.

At their top they import the standard library and our own light modules only: `./hospital up --help` must answer
before anything is installed (a test runs it with a bare Python).
"""
