"""The linter: what is legal and hardly meant."""
