"""`python -m huiyin.ops`: the command line where the script `huiyin` is not on the path."""

from huiyin.ops.cli import main

main()
