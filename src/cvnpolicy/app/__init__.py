"""Use cases: what the command line and the Python API do. Only :mod:`cvnpolicy.app.wiring` knows concrete sources."""
