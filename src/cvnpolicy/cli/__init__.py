"""The command line: options in, exit code out. One module a command, imported when it is called."""
