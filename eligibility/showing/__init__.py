"""Presentation: what was read and what was decided, as a table, a page or JSON; all three from one report."""
