"""The vocabulary every other package speaks: standard library and pydantic only."""
