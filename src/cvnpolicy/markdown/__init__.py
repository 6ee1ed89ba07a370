"""Markdown to headings and links with their lines. The parser is imported when the first text is parsed."""
