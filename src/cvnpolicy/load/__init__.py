"""YAML to located nodes to validated models. Every trouble becomes a Problem with its place, never an exception."""
