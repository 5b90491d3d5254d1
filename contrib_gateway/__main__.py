"""`python -m contrib_gateway` is the `vigie` command."""

from contrib_gateway.cli import main

main(prog_name="vigie")
