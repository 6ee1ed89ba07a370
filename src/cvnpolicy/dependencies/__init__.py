"""What Python files import, what requirement files declare, and what is missing. Nothing is imported or installed."""
