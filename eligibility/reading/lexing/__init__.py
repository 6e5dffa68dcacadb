"""The parts of the lexer, in the order in which a text goes through them.

:mod:`.scanning` goes through the characters: :mod:`.words` are looked up in the :mod:`.automaton` of names, which holds
the vocabulary and the :mod:`.function_words`, and :mod:`.naming` takes the longest name; :mod:`.numerals`,
:mod:`.units` and :mod:`.signs` are read as they are spelt; :mod:`.shapes` and :mod:`.citations` are known by their
form. What only the neighbours of a token tell, :mod:`.mending` puts right.
"""
