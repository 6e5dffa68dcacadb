"""Text -> trial, criterion, rule: bullets, lines and sentences, read with the grammars in ``grammars/``."""
